import { isBusy } from '../store/storeErrors.ts';
import type { Clock } from '../platform.ts';

const retryMs = 100;
/** Longer than windows hold the store, and than most backups and sync clients do. */
const mostMs = 10_000;

/**
 * Runs what a locked store may refuse, again and again until it is done: each try stops the process
 * for some milliseconds only. Every try has to do all or nothing. @throws the last refusal.
 */
export async function whenFree<T>(clock: Clock, work: () => T, waitMs = mostMs): Promise<T> {
  const startedMs = clock.monotonicMs();
  for (;;) {
    try {
      return work();
    } catch (thrown) {
      if (!isBusy(thrown) || clock.monotonicMs() - startedMs >= waitMs) throw thrown;
    }
    await new Promise<void>((resolve) => void clock.after(retryMs, resolve));
  }
}
