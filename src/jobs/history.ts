import { clearHistory } from './clearHistory.ts';
import { whenFree } from './async/whenFree.ts';
import type { Platform } from './platform.ts';
import { filesSetAside } from './store/database.ts';
import type { HistoryCount, HistoryScope } from './store/history.ts';
import { removeLeftovers, type SweepContext } from './sweepStorage.ts';

/** What a user is told before the history is cleared. */
export interface HistorySummary extends HistoryCount {
  /** Damaged stores that were put aside. */
  storesSetAside: number;
}

export interface HistoryContext extends SweepContext {
  platform: Pick<Platform, 'files' | 'clock' | 'syncFiles'>;
  onCleared: () => void;
}

/** Everything ever asked for, to be counted and cleared. */
export type History = ReturnType<typeof createHistory>;

/** @param end ends what goes on when the window closes; what is left can be cleared again */
export function createHistory(context: HistoryContext, end: AbortSignal) {
  const { store, platform, layout } = context;

  async function summarize(scope: HistoryScope): Promise<HistorySummary> {
    const count = await whenFree(platform.clock, () => store.history.count(scope));
    const isStore = (path: string) => !/-(wal|shm)$/.test(path);
    return {
      ...count,
      storesSetAside: filesSetAside(layout.store, platform).filter(isStore).length,
    };
  }

  /**
   * Removes jobs that are over, with their thumbnails and the copies that nothing else uses.
   * @returns how many. @throws as the store does when it stays locked, AppError `cancelled`
   */
  async function clear(scope: HistoryScope): Promise<number> {
    try {
      const cleared = await clearHistory(scope, { store, clock: platform.clock }, end);
      await removeLeftovers(cleared, context, end);
      return cleared.length;
    } finally {
      context.onCleared();
    }
  }

  /** Damaged stores hold prompts as well. */
  async function removeStoresSetAside(): Promise<void> {
    for (const path of filesSetAside(layout.store, platform))
      await platform.files.rm(path, { force: true });
  }

  return { summarize, clear, removeStoresSetAside };
}
