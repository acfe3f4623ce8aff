import { join } from 'node:path';
import { wait } from './async/timing.ts';
import type { Files, Platform } from './platform.ts';

export interface SweepRule {
  folder: string;
  /** What is not used is removed when it is older. */
  keptMs: number;
  /** Above this, what is not needed and not of today is removed, the oldest first. */
  maxBytes: number;
  /** By the name of a file or folder in it. */
  isUsed: (name: string) => boolean;
  isNeeded: (name: string, mtimeMs: number) => boolean;
}

interface Kept {
  name: string;
  sizeBytes: number;
  mtimeMs: number;
}

/** What is younger may be in use by a window that has not noted it yet. */
const untouchedMs = 24 * 3600_000;
const atOnce = 50;
const pauseMs = 5;

/** Removes from a folder what its rule does not keep. @throws AppError `cancelled`, by the signal */
export async function sweepFolder(
  rule: SweepRule,
  { files, clock }: Pick<Platform, 'files' | 'clock'>,
  signal: AbortSignal,
): Promise<void> {
  const { folder, keptMs, maxBytes, isUsed, isNeeded } = rule;
  const nowMs = clock.now();
  const kept: Kept[] = [];

  /** @returns whether it is gone. Another window may have been quicker. */
  async function remove(name: string, mtimeMs: number): Promise<boolean> {
    try {
      if (isNeeded(name, mtimeMs)) return false;
      await files.rm(join(folder, name), { recursive: true, force: true });
      return true;
    } catch {
      return false;
    }
  }

  const names = await files.readdir(folder).catch(() => []);
  for (const [index, name] of names.entries()) {
    if (index % atOnce === atOnce - 1) await wait(clock, pauseMs, signal);
    const found = await look(join(folder, name), files);
    if (!found) continue;
    const isOld = nowMs - found.mtimeMs >= keptMs;
    if (isOld && !isUsed(name) && (await remove(name, found.mtimeMs))) continue;
    kept.push({ name, ...found });
  }
  let total = kept.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  for (const { name, sizeBytes, mtimeMs } of kept.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= maxBytes || nowMs - mtimeMs < untouchedMs) break;
    if (await remove(name, mtimeMs)) total -= sizeBytes;
  }
}

/** A folder is as large as the files in it. */
async function look(path: string, files: Files): Promise<Omit<Kept, 'name'> | undefined> {
  try {
    const { size, mtimeMs, isDirectory } = await statOf(path, files);
    if (!isDirectory) return { sizeBytes: size, mtimeMs };
    let sizeBytes = 0;
    for (const name of await files.readdir(path))
      sizeBytes += (await files.stat(join(path, name))).size;
    return { sizeBytes, mtimeMs };
  } catch {
    return undefined;
  }
}

async function statOf(path: string, files: Files) {
  const found = await files.stat(path);
  return { size: found.size, mtimeMs: found.mtimeMs, isDirectory: found.isDirectory() };
}
