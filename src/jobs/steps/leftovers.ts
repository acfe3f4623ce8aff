import { basename, join } from 'node:path';
import type { CancelTimer, Platform } from '../platform.ts';
import { ownFileMode } from '../ownFiles.ts';

/** Keeps in mind what is made beside users' images, until it is gone. No call throws. */
export interface TemporaryNotes {
  /** Before a temporary file is made. */
  begin: (path: string) => Promise<void>;
  /** It is gone, or cannot be removed yet. */
  end: (path: string, isGone: boolean) => Promise<void>;
}

/** A removal that was refused is tried again after so long, the last again and again. */
const retriesMs = [30_000, 5 * 60_000, 60 * 60_000];
const suffix = '.left';
/** What `placeFile` makes beside an image, behind the id of its job. */
const temporaryName = /^\.([\w-]+)\.[\w-]+\.(part|reserved)$/;
const longestPath = 64 * 1024;

/**
 * Temporary files beside users' images that stayed there, because their window ended or another
 * program, such as a scanner, held them for too long. Each has a note of its own in `folder` from
 * before it is made, and goes as soon as it can, by this window or the next.
 * @param isAtWork whether a job may still need its file; may throw while that cannot be known
 */
export function createLeftovers(
  folder: string,
  { files, clock }: Pick<Platform, 'files' | 'clock'>,
  isAtWork: (jobId: string) => boolean,
) {
  /** Paths whose notes could not be written. */
  const unwritten = new Set<string>();
  let cancelRetry: CancelTimer | undefined;
  let isDisposed = false;

  async function begin(path: string): Promise<void> {
    try {
      const file = await files.open(notePath(path), 'w', ownFileMode);
      try {
        await file.writeFile(Buffer.from(path));
      } finally {
        await file.close();
      }
    } catch {
      unwritten.add(path);
    }
  }

  async function end(path: string, isGone: boolean): Promise<void> {
    if (!isGone) {
      await begin(path);
      retryLater();
      return;
    }
    unwritten.delete(path);
    // What stays of it is a note of nothing, which a sweep removes.
    await files.rm(notePath(path), { force: true }).catch(() => undefined);
  }

  function notePath(path: string): string {
    return join(folder, `${basename(path).slice(1)}${suffix}`);
  }

  function retryLater(): void {
    if (cancelRetry === undefined) retry(0);
  }

  function retry(tries: number): void {
    cancelRetry = undefined;
    if (isDisposed) return;
    const afterMs = retriesMs[Math.min(tries, retriesMs.length - 1)] ?? 0;
    cancelRetry = clock.after(afterMs, () => {
      void sweep().then((isDone) => {
        cancelRetry = undefined;
        if (!isDone) retry(tries + 1);
      });
    });
  }

  /** Removes what no job needs. @returns whether that was all */
  async function sweep(): Promise<boolean> {
    let isDone = true;
    for (const name of await files.readdir(folder).catch(() => []))
      if (name.endsWith(suffix) && !(await removeNoted(join(folder, name)))) isDone = false;
    for (const path of unwritten)
      if (await remove(path).catch(() => false)) unwritten.delete(path);
      else isDone = false;
    return isDone;
  }

  async function removeNoted(note: string): Promise<boolean> {
    try {
      if (!(await remove(await read(note)))) return false;
      await files.rm(note, { force: true });
      return true;
    } catch {
      return false;
    }
  }

  /** @returns false while its job may need it. Another file is never removed. */
  async function remove(path: string): Promise<boolean> {
    const jobId = temporaryName.exec(basename(path))?.[1];
    if (jobId === undefined) return true;
    if (isAtWork(jobId)) return false;
    await files.rm(path, { force: true });
    return true;
  }

  async function read(path: string): Promise<string> {
    const file = await files.open(path, 'r');
    try {
      const buffer = Buffer.alloc(longestPath);
      const { bytesRead } = await file.read(buffer, 0, longestPath, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  }

  return {
    notes: { begin, end },
    /** To be called when a window starts. */
    async start(): Promise<void> {
      if (!(await sweep())) retryLater();
    },
    dispose(): void {
      isDisposed = true;
      cancelRetry?.();
    },
  };
}
