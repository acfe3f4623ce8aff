import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { numberedName } from '../../images/fileName.ts';
import { sha256OfFile } from '../../images/sha256.ts';

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
export async function placeFile(placement: FilePlacement): Promise<string> {
  const { earlierPath, folderPath } = placement;
  if (await isPlaced(placement)) {
    await removeTemps(placement, dirname(earlierPath as string));
    return earlierPath as string;
  }
  await mkdir(folderPath, { recursive: true });
  await removeTemps(placement, folderPath);
  // Beside its final place, because a rename or link does not cross file systems.
  const tempPath = tempPathOf(placement);
  try {
    await copyDurably(placement.sourcePath, tempPath);
    for (let attempt = 1; ; attempt += 1) {
      const name = numberedName(placement.name, attempt) + placement.extension;
      const path = join(folderPath, name);
      if (await claimName(placement, tempPath, path)) return path;
      // Taken just now by another window, which had lost this job without knowing?
      if (path === earlierPath && (await isPlaced(placement))) return path;
    }
  } finally {
    await rm(tempPath, { force: true });
  }
}

/** A name of its own for each try: two windows must not write into one file. */
function tempPathOf({ folderPath, jobId }: FilePlacement): string {
  return join(folderPath, `.${jobId}.${randomUUID()}.part`);
}

/** Removes what earlier tries left when they were interrupted. */
async function removeTemps({ jobId }: FilePlacement, folderPath: string): Promise<void> {
  for (const name of await readdir(folderPath))
    if (name.startsWith(`.${jobId}.`) && name.endsWith('.part'))
      await rm(join(folderPath, name), { force: true });
}

/** Whether the file stands already where an interrupted try was to put it. */
async function isPlaced({ earlierPath, sha256 }: FilePlacement): Promise<boolean> {
  try {
    return earlierPath !== undefined && (await sha256OfFile(earlierPath)) === sha256;
  } catch {
    return false;
  }
}

async function copyDurably(from: string, to: string): Promise<void> {
  // A copy on write where the file system can: no byte is moved.
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Whether the file now stands under `path`; false when the name was taken. */
async function claimName(
  placement: FilePlacement,
  tempPath: string,
  path: string,
): Promise<boolean> {
  if (await isTaken(path, path === placement.earlierPath)) return false;
  placement.choose(path);
  try {
    await link(tempPath, path);
    return true;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'EEXIST' && path !== placement.earlierPath) return false;
    if (code !== 'EEXIST' && !cannotLink.has(code ?? '')) throw thrown;
    return await reserveAndRename(tempPath, path, code === 'EEXIST');
  }
}

/** An empty file under a place we had chosen is ours: the trace of a crash while reserving it. */
async function isTaken(path: string, isOurChoice: boolean): Promise<boolean> {
  try {
    const { size } = await stat(path);
    return !(isOurChoice && size === 0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw thrown;
  }
}

/** Without links: an empty file keeps the name ours, then the whole file takes its place. */
async function reserveAndRename(
  tempPath: string,
  path: string,
  isReserved: boolean,
): Promise<boolean> {
  if (!isReserved) {
    try {
      await (await open(path, 'wx')).close();
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw thrown;
    }
  }
  await rename(tempPath, path);
  return true;
}
