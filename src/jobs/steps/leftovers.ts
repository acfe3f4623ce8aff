import { basename, join } from 'node:path';
import type { CancelTimer, Platform } from '../platform.ts';
import { ownFileMode } from '../ownFiles.ts';

/** A removal that was refused is tried again after so long each, and when a window starts. */
const retriesMs = [30_000, 5 * 60_000, 60 * 60_000];
const suffix = '.left';
/** What `placeFile` makes beside an image. */
const temporaryName = /^\.[\w-]+\.[\w-]+\.part$/;
const longestPath = 64 * 1024;

/**
 * Temporary files beside users' images that another program, such as a scanner, held for too long.
 * Each is noted by a file of its own in `folder`, and goes as soon as it can, by this window or the
 * next. No call throws.
 */
export function createLeftovers(folder: string, platform: Pick<Platform, 'files' | 'clock'>) {
  const { files, clock } = platform;
  let cancelRetry: CancelTimer | undefined;
  let isDisposed = false;

  async function note(path: string): Promise<void> {
    try {
      const file = await files.open(notePath(path), 'w', ownFileMode);
      try {
        await file.writeFile(Buffer.from(path));
      } finally {
        await file.close();
      }
    } catch {
      // It lies there then; its image is saved all the same.
    }
    if (cancelRetry === undefined) retry(0);
  }

  function notePath(path: string): string {
    return join(folder, `${basename(path).slice(1)}${suffix}`);
  }

  function retry(tries: number): void {
    const afterMs = retriesMs[tries];
    if (isDisposed || afterMs === undefined) cancelRetry = undefined;
    else
      cancelRetry = clock.after(afterMs, () => {
        void sweep().then((isDone) => retry(isDone ? retriesMs.length : tries + 1));
      });
  }

  /** Removes what is noted. @returns whether that was all */
  async function sweep(): Promise<boolean> {
    let isDone = true;
    for (const name of await files.readdir(folder).catch(() => []))
      if (name.endsWith(suffix) && !(await remove(join(folder, name)))) isDone = false;
    return isDone;
  }

  async function remove(noted: string): Promise<boolean> {
    try {
      const path = await read(noted);
      if (temporaryName.test(basename(path))) await files.rm(path, { force: true });
      await files.rm(noted, { force: true });
      return true;
    } catch {
      return false;
    }
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
    note,
    sweep,
    dispose(): void {
      isDisposed = true;
      cancelRetry?.();
    },
  };
}
