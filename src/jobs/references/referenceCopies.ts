import { join } from 'node:path';
import type { Platform } from '../platform.ts';
import type { Store } from '../store/store.ts';

/** Whoever tries a failed job again does so within days; a copy is all that is left of a paste. */
const keptMs = 7 * 24 * 3600_000;

/**
 * Removes copies of references that are old and that no job is going to send. Each copy is a file,
 * or a folder, of a name that no other has. Never throws.
 */
export async function sweepCopies(
  folder: string,
  store: Pick<Store, 'listUnfinished'>,
  { files, clock }: Pick<Platform, 'files' | 'clock'>,
): Promise<void> {
  const nowMs = clock.now();
  for (const name of await files.readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    try {
      const { mtimeMs } = await files.stat(path);
      if (nowMs - mtimeMs < keptMs || isNeeded(name, store)) continue;
      await files.rm(path, { recursive: true, force: true });
    } catch {
      // Another window may have been quicker; the next start tries again.
    }
  }
}

/** Asked anew for each: an old job may have been tried again meanwhile. */
function isNeeded(name: string, store: Pick<Store, 'listUnfinished'>): boolean {
  return store
    .listUnfinished()
    .some(({ references }) => references.some((uri) => uri.includes(name)));
}
