import { whenFree } from './async/whenFree.ts';
import { wait } from './async/timing.ts';
import type { Clock } from './platform.ts';
import type { ClearedJob, HistoryScope } from './store/history.ts';
import type { Store } from './store/store.ts';

/** Between two parts everything else has its turn. */
const pauseMs = 5;
const indexedAtOnce = 100;
/** Another window that reads keeps the journal from being emptied, for moments. */
const emptyingTries = 20;
const emptyingPauseMs = 250;

export interface ClearHistoryContext {
  store: Pick<Store, 'history' | 'gallery' | 'checkpoint'>;
  clock: Clock;
}

/**
 * Removes jobs that are over, in parts of some milliseconds, so that their prompts can no longer be
 * read in the store's files. @throws as the store does when it stays locked, or AppError `cancelled`;
 * what was removed by then stays so
 */
export async function clearHistory(
  scope: HistoryScope,
  { store, clock }: ClearHistoryContext,
  signal: AbortSignal,
): Promise<ClearedJob[]> {
  const all: ClearedJob[] = [];
  let isIndexGone = false;
  for (;;) {
    const part = await whenFree(clock, () => store.history.clearPart(scope));
    if (part.isDone) break;
    all.push(...part.cleared);
    isIndexGone ||= part.isIndexGone;
    await whenFree(clock, () => store.checkpoint('PASSIVE'));
    await wait(clock, pauseMs, signal);
  }
  // What a broken off removal leaves undone here is done by the next search.
  while (isIndexGone && (await whenFree(clock, () => store.gallery.restoreIndex(indexedAtOnce))))
    await wait(clock, pauseMs, signal);
  if (all.length > 0) await emptyJournal(store, clock, signal);
  return all;
}

async function emptyJournal(
  store: Pick<Store, 'checkpoint'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const isEmptied = () => whenFree(clock, () => store.checkpoint('TRUNCATE'));
  for (let tries = 0; tries < emptyingTries && !(await isEmptied()); tries += 1)
    await wait(clock, emptyingPauseMs, signal);
}
