import { dirname, join } from 'node:path';
import { numberedName } from '../../images/fileName.ts';
import { sha256OfFile } from '../../images/sha256.ts';
import type { Files, Platform } from '../platform.ts';

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
  /** Called with the place before the file appears there, so that a crash does not make a second. */
  choose: (path: string) => void;
}

/** The file system cannot make a second name for a file (FAT, some network folders). */
const cannotLink = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'UNKNOWN']);

/**
 * Puts a file under its final name: whole from its first moment there, over no other file, and
 * only once however often this is interrupted. @returns its path.
 */
export async function placeFile(
  placement: FilePlacement,
  { files, randomId }: Pick<Platform, 'files' | 'randomId'>,
): Promise<string> {
  const { earlierPath, folderPath } = placement;
  if (await isPlaced(files, placement)) {
    await removeTemps(files, placement, dirname(earlierPath as string));
    return earlierPath as string;
  }
  await files.mkdir(folderPath, { recursive: true });
  await removeTemps(files, placement, folderPath);
  // Beside its final place, because a rename or link does not cross file systems.
  // A name of its own for each try: two windows must not write into one file.
  const tempPath = join(folderPath, `.${placement.jobId}.${randomId()}.part`);
  try {
    await copyDurably(files, placement.sourcePath, tempPath);
    for (let attempt = 1; ; attempt += 1) {
      const name = numberedName(placement.name, attempt) + placement.extension;
      const path = join(folderPath, name);
      if (await claimName(files, placement, tempPath, path)) return path;
      // Taken just now by another window, which had lost this job without knowing?
      if (path === earlierPath && (await isPlaced(files, placement))) return path;
    }
  } finally {
    await files.rm(tempPath, { force: true });
  }
}

/** Removes what earlier tries left when they were interrupted. */
async function removeTemps(
  files: Files,
  { jobId }: FilePlacement,
  folderPath: string,
): Promise<void> {
  for (const name of await files.readdir(folderPath))
    if (name.startsWith(`.${jobId}.`) && name.endsWith('.part'))
      await files.rm(join(folderPath, name), { force: true });
}

/** Whether the file stands already where an interrupted try was to put it. */
async function isPlaced(files: Files, { earlierPath, sha256 }: FilePlacement): Promise<boolean> {
  try {
    return earlierPath !== undefined && (await sha256OfFile(earlierPath, files.open)) === sha256;
  } catch {
    return false;
  }
}

async function copyDurably(files: Files, from: string, to: string): Promise<void> {
  await files.copyFile(from, to);
  const file = await files.open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether the file now stands under `path`; false when the name was taken. */
async function claimName(
  files: Files,
  placement: FilePlacement,
  tempPath: string,
  path: string,
): Promise<boolean> {
  if (await isTaken(files, path, path === placement.earlierPath)) return false;
  placement.choose(path);
  try {
    await files.link(tempPath, path);
    return true;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST' && path !== placement.earlierPath) return false;
    if (code !== 'EEXIST' && !cannotLink.has(code ?? '')) throw thrown;
    return await reserveAndRename(files, tempPath, path, code === 'EEXIST');
  }
}

/** An empty file under a place we had chosen is ours: the trace of a crash while reserving it. */
async function isTaken(files: Files, path: string, isOurChoice: boolean): Promise<boolean> {
  try {
    const { size } = await files.stat(path);
    return !(isOurChoice && size === 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw thrown;
  }
}

/** Without links: an empty file keeps the name ours, then the whole file takes its place. */
async function reserveAndRename(
  files: Files,
  tempPath: string,
  path: string,
  isReserved: boolean,
): Promise<boolean> {
  if (!isReserved) {
    try {
      await (await files.open(path, 'wx')).close();
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw thrown;
    }
  }
  await files.rename(tempPath, path);
  return true;
}
