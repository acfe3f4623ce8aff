import { dirname, join } from 'node:path';
import { numberedName } from '../../images/fileName.ts';
import { sha256OfFile } from '../../images/sha256.ts';
import type { Files, Platform } from '../platform.ts';
import { copyDurably, makeFolder, syncFolder } from './durableFiles.ts';
import { codeOf, isHopeless, whileBusy } from './fileErrors.ts';
import type { TemporaryNotes } from './leftovers.ts';
import { moveToReservedName, removeReservation } from './reserveName.ts';

export interface FilePlacement {
  /** A whole, checked file; it stays where it is. */
  sourcePath: string;
  sha256: string;
  folderPath: string;
  /** Without extension. */
  name: string;
  /** With its dot. */
  extension: string;
  /** Unique for the job; names its temporary file. */
  jobId: string;
  /** The place chosen before a crash: the file may be there already. */
  earlierPath?: string;
  /**
   * Called with a place that is free, before the file appears there, so that a crash does not make
   * a second. @returns whether the file may go there: no other job has chosen that place.
   */
  choose: (path: string) => boolean;
  /** Told of every temporary file beside the image. */
  temporaries?: TemporaryNotes | undefined;
  /** Called before the folder is made or looked into, and again once it is there; throws to refuse it. */
  checkFolder?: () => Promise<void>;
}

export type Disk = Pick<Platform, 'files' | 'randomId' | 'clock' | 'rights'>;

/**
 * Puts a file under its final name: whole from its first moment there, over no other file, once
 * however often this is interrupted, and so that a power cut does not take it away again.
 * @returns its path.
 */
export async function placeFile(placement: FilePlacement, disk: Disk): Promise<string> {
  const { folderPath, jobId, temporaries } = placement;
  const { files, randomId } = disk;
  await placement.checkFolder?.();
  const found = await findPlaced(placement, disk);
  if (found !== undefined) return found;
  await makeFolder(files, folderPath);
  await placement.checkFolder?.();
  await removeTemps(placement, disk, folderPath);
  // Beside its final place, because a rename or link does not cross file systems.
  // A name of its own for each try: two windows must not write into one file.
  const tempPath = join(folderPath, `.${jobId}.${randomId()}.part`);
  await temporaries?.begin(tempPath);
  try {
    await copyForUser(placement.sourcePath, tempPath, disk);
    for (const path of possiblePaths(placement)) {
      if ((await isTaken(files, path)) || !placement.choose(path)) continue;
      if (!(await giveName(placement, disk, tempPath, path))) continue;
      await syncFolder(files, folderPath);
      return path;
    }
    throw new Error('There is always one more number');
  } finally {
    await discard(placement, disk, tempPath);
  }
}

/** A copy with the rights that a new file has there; the source is closed to others. */
async function copyForUser(from: string, to: string, { files, rights }: Disk): Promise<void> {
  await (await files.open(to, 'w')).close();
  const { mode } = (await rights?.lookAt(to)) ?? {};
  await copyDurably(files, from, to);
  // A drive that has no rights refuses, and the image is there all the same.
  if (mode !== undefined) await rights?.setMode(to, mode).catch(() => undefined);
}

/** Where an interrupted try has put the file already. */
async function findPlaced(placement: FilePlacement, disk: Disk): Promise<string | undefined> {
  const { earlierPath, jobId } = placement;
  if (earlierPath === undefined) return undefined;
  try {
    await removeReservation(earlierPath, jobId, disk);
    if (!(await holdsImage(placement, disk, earlierPath))) return undefined;
    await removeTemps(placement, disk, dirname(earlierPath));
    await syncFolder(disk.files, dirname(earlierPath));
    return earlierPath;
  } catch (thrown) {
    // A user who has named another folder must not be held up by the first.
    if (dirname(earlierPath) === placement.folderPath) throw thrown;
    return undefined;
  }
}

/**
 * The earlier place first: a window that was held up there finds this file when it goes on, and
 * makes no second.
 */
function* possiblePaths(placement: FilePlacement): Generator<string, void> {
  const { earlierPath, folderPath, extension } = placement;
  const isUsable =
    earlierPath !== undefined &&
    dirname(earlierPath) === folderPath &&
    earlierPath.endsWith(extension);
  if (isUsable) yield earlierPath;
  for (let attempt = 1; ; attempt += 1)
    yield join(folderPath, numberedName(placement.name, attempt) + extension);
}

/** Removes what earlier tries left when they were interrupted. */
async function removeTemps(
  placement: FilePlacement,
  disk: Disk,
  folderPath: string,
): Promise<void> {
  // A folder may be written to and not be listed.
  const names = await disk.files.readdir(folderPath).catch(() => []);
  for (const name of names)
    if (name.startsWith(`.${placement.jobId}.`) && name.endsWith('.part'))
      await discard(placement, disk, join(folderPath, name));
}

/** Whether this image stands under a path. Two jobs never choose one place, so it is this job's. */
async function holdsImage(
  { sourcePath, sha256 }: FilePlacement,
  { files, clock }: Disk,
  path: string,
): Promise<boolean> {
  try {
    return await whileBusy(clock, async () => {
      const facts = await files.stat(path);
      if (!facts.isFile() || facts.size !== (await files.stat(sourcePath)).size) return false;
      return (await sha256OfFile(path, files.open)) === sha256;
    });
  } catch (thrown) {
    if (isNowhere(thrown)) return false;
    throw thrown;
  }
}

function isNowhere(thrown: unknown): boolean {
  return codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR';
}

/** Whether the file now stands under `path`; false when the name was taken. */
async function giveName(
  placement: FilePlacement,
  disk: Disk,
  tempPath: string,
  path: string,
): Promise<boolean> {
  const isGiven = await linkOrMove(placement, disk, tempPath, path);
  // A network may lose the answer to the first call and refuse its repetition; or another window,
  // which had lost this job without knowing, was quicker.
  return isGiven || (await holdsImage(placement, disk, path));
}

async function linkOrMove(
  { jobId, temporaries }: FilePlacement,
  disk: Disk,
  tempPath: string,
  path: string,
): Promise<boolean> {
  try {
    await disk.files.link(tempPath, path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    if (isHopeless(thrown)) throw thrown;
  }
  return await moveToReservedName({ from: tempPath, to: path, jobId, temporaries }, disk);
}

/** Also an empty file is somebody's, perhaps of a window that is just putting its image there. */
async function isTaken(files: Files, path: string): Promise<boolean> {
  try {
    await files.stat(path);
    return true;
  } catch (thrown) {
    const code = codeOf(thrown);
    // A link that leads to itself is a name all the same.
    if (code === 'ENOENT' || code === 'ELOOP') return code === 'ELOOP';
    throw thrown;
  }
}

/** The image is in its place all the same when a temporary file cannot be removed. */
async function discard(
  { temporaries }: FilePlacement,
  { files, clock }: Disk,
  path: string,
): Promise<void> {
  const isGone = await whileBusy(clock, () => files.rm(path, { force: true })).then(
    () => true,
    () => false,
  );
  await temporaries?.end(path, isGone);
}
