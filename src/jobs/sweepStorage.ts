import { dirname, join, relative, sep } from 'node:path';
import { cancelled, toAppError } from '../appError.ts';
import { wait } from './async/timing.ts';
import { whenFree } from './async/whenFree.ts';
import { clearHistory } from './clearHistory.ts';
import { draftKeptMs } from './store/draftNotes.ts';
import { isFileUri, pathOfFileUri } from './fileUri.ts';
import type { Platform } from './platform.ts';
import type { storageLayout } from './storageLayout.ts';
import { sweepFolder } from './sweepFolder.ts';
import type { Store } from './store/store.ts';

const dayMs = 24 * 3600_000;
/** Whoever tries a failed job again does so within days; a copy is all that is left of a paste. */
const unusedDays = 7;
/** As long as the copy of a deleted image is kept, by which the deletion can be undone. */
const hiddenDays = 7;
const mb = 1_000_000;
const maxCopiesBytes = 500 * mb;
const maxThumbnailsBytes = 200 * mb;
const maxDeletedBytes = 500 * mb;

const rowsAtOnce = 500;
const pauseMs = 5;

export interface SweepContext {
  store: Store;
  layout: ReturnType<typeof storageLayout>;
  platform: Pick<Platform, 'files' | 'clock'>;
  log?: ((line: string) => void) | undefined;
}

/**
 * Removes what nothing uses any more: copies of references and of deleted images, thumbnails, and the
 * prompts of images that were deleted. Goes on in parts of some milliseconds. Never throws; the next sweep tries again.
 */
export async function sweepStorage(context: SweepContext, signal: AbortSignal): Promise<void> {
  const { store, layout, platform } = context;
  const { clock } = platform;
  try {
    const deleted = { hiddenBefore: clock.now() - hiddenDays * dayMs };
    if (store.history.count(deleted).over > 0) {
      const cleared = await clearHistory(deleted, { store, clock }, signal);
      await removeLeftovers(cleared, context, signal);
    }
    const used = await readUsed(context, signal);
    for (const folder of [layout.pasted, layout.converted, layout.copies])
      await sweepFolder(
        {
          folder,
          keptMs: unusedDays * dayMs,
          maxBytes: maxCopiesBytes,
          isUsed: (name) => used.byJobs.has(join(folder, name)),
          // Asked anew for each: an old job may have been tried again meanwhile.
          isNeeded: (name, mtimeMs) =>
            used.byDrafts.has(join(folder, name)) ||
            (folder === layout.pasted && used.mayBeDrafted(mtimeMs)) ||
            store.isReferenceNeeded(name),
        },
        platform,
        signal,
      );
    await sweepFolder(
      {
        folder: layout.deleted,
        keptMs: hiddenDays * dayMs,
        maxBytes: maxDeletedBytes,
        isUsed: () => false,
        isNeeded: () => false,
      },
      platform,
      signal,
    );
    await sweepFolder(
      {
        folder: layout.drafts,
        keptMs: draftKeptMs,
        maxBytes: maxCopiesBytes,
        isUsed: () => false,
        isNeeded: () => false,
      },
      platform,
      signal,
    );
    await sweepFolder(
      {
        folder: layout.converting,
        keptMs: dayMs,
        maxBytes: maxCopiesBytes,
        isUsed: () => false,
        isNeeded: () => false,
      },
      platform,
      signal,
    );
    await sweepFolder(
      {
        folder: layout.thumbnails,
        keptMs: dayMs,
        maxBytes: maxThumbnailsBytes,
        isUsed: (name) => name.endsWith('.webp') && store.bySha256(name.slice(0, -5)) !== undefined,
        isNeeded: () => false,
      },
      platform,
      signal,
    );
  } catch (thrown) {
    if (!signal.aborted) context.log?.(`Clearing up failed: ${toAppError(thrown).message}`);
  }
}

/** What removed jobs leave behind: removed at once, unless something else uses it. */
export async function removeLeftovers(
  cleared: readonly { references: readonly string[]; sha256: string | undefined }[],
  context: SweepContext,
  signal: AbortSignal,
): Promise<void> {
  const { store, layout, platform } = context;
  const { files, clock } = platform;
  const left = new Set(cleared.flatMap(({ references }) => references.flatMap(ownPathIn(layout))));
  if (left.size > 0) {
    const { byJobs, byDrafts, mayBeDrafted } = await readUsed(context, signal);
    for (const path of left) {
      if (byJobs.has(path) || byDrafts.has(path)) continue;
      const found = await files.stat(path).catch(() => undefined);
      if (!found || (dirname(path) === layout.pasted && mayBeDrafted(found.mtimeMs))) continue;
      await files.rm(path, { recursive: true, force: true });
    }
  }
  for (const { sha256 } of cleared) {
    if (sha256 === undefined) continue;
    // The store may be closed by now; the next sweep does the rest.
    if (signal.aborted) throw cancelled();
    if ((await whenFree(clock, () => store.bySha256(sha256))) !== undefined) continue;
    await files.rm(join(layout.thumbnails, `${sha256}.webp`), { force: true });
  }
}

/** Paths of our own files and folders that jobs and drafts speak of. */
async function readUsed({ store, layout, platform }: SweepContext, signal: AbortSignal) {
  const { clock } = platform;
  const ownPath = ownPathIn(layout);
  const byJobs = new Set<string>();
  for (let from: number | undefined = 0; from !== undefined;) {
    const key: number = from;
    const part = await whenFree(clock, () => store.referencesFrom(key, rowsAtOnce));
    for (const path of part.references.flatMap(ownPath)) byJobs.add(path);
    from = part.next;
    await wait(clock, pauseMs, signal);
  }
  const drafted = await whenFree(clock, () => store.draftNotes.read(clock.now()));
  const since = await whenFree(clock, () => store.draftNotes.since());
  /**
   * Whether what was pasted then may be in a draft that has no note: those of version 0.1 have none
   * until their workspaces are opened.
   */
  const mayBeDrafted = (mtimeMs: number) =>
    since === undefined || (mtimeMs < since && clock.now() - since < draftKeptMs);
  return { byJobs, byDrafts: new Set(drafted.flatMap(ownPath)), mayBeDrafted };
}

/** A copy is a file, or a folder, of a name that no other has. */
function ownPathIn({ pasted, converted, copies }: SweepContext['layout']) {
  return (uri: string): string[] => {
    if (!isFileUri(uri)) return [];
    const path = pathOfFileUri(uri);
    for (const folder of [pasted, converted, copies]) {
      const [name = '..'] = relative(folder, path).split(sep);
      if (name !== '..' && name !== '' && path.startsWith(folder)) return [join(folder, name)];
    }
    return [];
  };
}
