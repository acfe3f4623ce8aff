import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Files, Platform } from '../platform.ts';
import { codeOf, whileBusy } from './fileErrors.ts';
import type { TemporaryNotes } from './leftovers.ts';

type Disk = Pick<Platform, 'files' | 'clock'>;

/**
 * Moves a file to a name that is free, where a file cannot have two names (FAT, Android, many
 * shares and mounts). No call of Node's moves a file without replacing what it meets. So an empty
 * file, made only where there is none, keeps the name, and the whole file replaces that: for this
 * moment the name is seen with 0 bytes. Nothing else is ever replaced.
 *
 * A note beside it, whose name tells the job and the place, is there before the empty file is: by
 * it the job removes that after a crash.
 * @returns whether the file stands there now; false when the name was taken.
 */
export async function moveToReservedName(
  move: { from: string; to: string; jobId: string; temporaries?: TemporaryNotes | undefined },
  disk: Disk,
): Promise<boolean> {
  const { from, to, jobId } = move;
  const { files, clock } = disk;
  await removeReservation(to, jobId, disk);
  await whileBusy(clock, async () => (await files.open(notePathOf(to, jobId), 'w')).close());
  const made: Made = { isMade: false, isTaken: false, isUnknown: false };
  let isMoved = false;
  try {
    isMoved = await whileBusy(clock, async () => {
      if (!made.isMade) await makeEmptyFile(files, to, made);
      if (made.isTaken) return false;
      made.inode ??= (await files.stat(to)).ino;
      made.isTaken = !(await isEmptyFile(files, to, made.inode));
      if (!made.isTaken) await files.rename(from, to);
      return !made.isTaken;
    });
    return isMoved;
  } finally {
    const isKnown = made.inode !== undefined || (made.isTaken && !made.isUnknown);
    const ending = isKnown
      ? removeOwn(to, jobId, made.inode, disk)
      : removeReservation(to, jobId, disk);
    // What stays behind is found by its note when the job comes again; or only the note stays.
    await ending.catch(async () => {
      if (isMoved) await move.temporaries?.end(notePathOf(to, jobId), false);
    });
  }
}

/** The empty file is made right after its note. What is older or younger is not the job's. */
const makingMs = 10_000;

/** Removes the empty file under a name if this job made it before it was interrupted. */
export async function removeReservation(path: string, jobId: string, disk: Disk): Promise<void> {
  const { files, clock } = disk;
  const inode = await whileBusy(clock, () => findNoted(files, path, jobId));
  // Another window may be about to put its file there. So long none takes.
  if (inode !== undefined) await new Promise<void>((resolve) => clock.after(makingMs, resolve));
  await removeOwn(path, jobId, inode, disk);
}

/** @returns the inode of an empty file that was made right after the job's note. */
async function findNoted(files: Files, path: string, jobId: string): Promise<number | undefined> {
  try {
    const noted = await files.stat(notePathOf(path, jobId));
    const found = await files.stat(path);
    const laterMs = found.mtimeMs - noted.mtimeMs;
    const isMade = laterMs >= 0 && laterMs <= makingMs;
    return isMade && found.isFile() && found.size === 0 ? found.ino : undefined;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Removes an empty file, known by its inode, and the note of it. */
async function removeOwn(
  path: string,
  jobId: string,
  inode: number | undefined,
  { files, clock }: Disk,
): Promise<void> {
  await whileBusy(clock, async () => {
    if (inode !== undefined && (await isEmptyFile(files, path, inode)))
      await files.rm(path, { force: true });
    await files.rm(notePathOf(path, jobId), { force: true });
  });
}

/** The empty file under a name. */
interface Made {
  isMade: boolean;
  inode?: number | undefined;
  /** Another's file is there. */
  isTaken: boolean;
  /** After a refusal it is not known whether it was made all the same, and is what is there then. */
  isUnknown: boolean;
}

async function makeEmptyFile(files: Files, path: string, made: Made): Promise<void> {
  try {
    await (await files.open(path, 'wx')).close();
    made.isMade = true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') {
      made.isTaken = true;
      return;
    }
    made.isUnknown = true;
    throw thrown;
  }
}

async function isEmptyFile(files: Files, path: string, inode: number): Promise<boolean> {
  try {
    const { size, ino } = await files.stat(path);
    return size === 0 && ino === inode;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}

/** No longer than other names, however long that of the place is. */
function notePathOf(path: string, jobId: string): string {
  const place = createHash('sha256').update(basename(path)).digest('hex').slice(0, 16);
  return join(dirname(path), `.${jobId}.${place}.reserved`);
}
