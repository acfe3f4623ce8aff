import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecoverable, isUnfinished } from './job.ts';
import type { Store } from './store.ts';

/** A download under way. */
export function partPath(folder: string, jobId: string): string {
  return join(folder, `${jobId}.part`);
}

/** A whole, checked image that is not in its place yet. */
export function wholePath(folder: string, jobId: string): string {
  return join(folder, `${jobId}.image`);
}

/** Removes what earlier runs left behind and no job needs any more. */
export async function sweepScratch(folder: string, store: Pick<Store, 'get'>): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const match = /^([\w-]+)\.(part|image)$/.exec(name);
    const job = match?.[1] === undefined ? undefined : store.get(match[1]);
    if (!match || (job && (isUnfinished(job) || isRecoverable(job)))) continue;
    await rm(join(folder, name), { force: true });
  }
}
