import { join } from 'node:path';
import { isRecoverable, isUnfinished } from '../job.ts';
import type { Files } from '../platform.ts';
import type { Store } from '../store/store.ts';

/**
 * A download under way. Each try has a name of its own: a window that was held up may still be writing
 * while another has taken its job, and two must not write into one file.
 */
export function newPartPath(folder: string, jobId: string, tryId: string): string {
  return join(folder, `${jobId}.${tryId}.part`);
}

/** A whole, checked image that is not in its place yet. */
export function wholePath(folder: string, jobId: string): string {
  return join(folder, `${jobId}.image`);
}

/** A whole file that was made of such an image, and is not in its place yet. */
export function convertedPath(folder: string, jobId: string): string {
  return join(folder, `${jobId}.converted`);
}

/** Bytes that arrived for a job and were judged to be no image; they are paid all the same. */
export function rejectedPath(folder: string, jobId: string): string {
  return join(folder, `${jobId}.rejected`);
}

/** Removes all that was kept until the image stands in its place. */
export async function removeKept(folder: string, jobId: string, files: Files): Promise<void> {
  // The image after these: while it is there, the others can be made again.
  const paths = [convertedPath, rejectedPath, wholePath].map((pathOf) => pathOf(folder, jobId));
  for (const path of paths) await files.rm(path, { force: true });
  // A folder may be written though it cannot be listed: that keeps no image.
  await removeParts(folder, jobId, files);
}

/** Removes what an earlier download or conversion of this job left when it was interrupted. */
export async function removeParts(folder: string, jobId: string, files: Files): Promise<void> {
  for (const name of await files.readdir(folder))
    if (name.startsWith(`${jobId}.`) && name.endsWith('.part'))
      // One that another program holds is swept when a window starts.
      await files.rm(join(folder, name), { force: true }).catch(() => undefined);
}

/**
 * Removes what earlier runs left behind and no job needs any more. What is paid and no job knows is
 * kept: its job may stand in a store that was put aside.
 */
export async function sweepTempFiles(
  folder: string,
  store: Pick<Store, 'get'>,
  files: Files,
): Promise<void> {
  const names = await files.readdir(folder).catch(() => []);
  for (const name of names) {
    const [, id, kind] =
      /^([\w-]+)(?:\.[\w-]+)?\.(part|image|converted|rejected)$/.exec(name) ?? [];
    if (id === undefined) continue;
    const job = store.get(id);
    const isPaid = kind === 'image' || kind === 'rejected';
    const isNeeded = job ? isUnfinished(job) || isRecoverable(job) : isPaid;
    // One that another program holds must not keep the others.
    if (!isNeeded) await files.rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}
