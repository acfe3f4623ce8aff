import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../platform.ts';

/** The store may make this process wait for so much of each span; the editor must not feel it. */
const mostWaitMs = 40;
const spanMs = 250;

/** How long the store may wait for other windows, on the only thread of an extension host. */
export type Patience = ReturnType<typeof createPatience>;

export function createPatience({ monotonicMs }: Pick<Clock, 'monotonicMs'>) {
  const timeouts = new WeakMap<DatabaseSync, number>();
  let spanStartMs = -Infinity;
  let spentMs = 0;
  let waitingSinceMs: number | undefined;

  /** What is left of this span, in whole milliseconds. */
  function leftMs(): number {
    const nowMs = monotonicMs();
    if (nowMs - spanStartMs >= spanMs) {
      spanStartMs = nowMs;
      spentMs = 0;
    }
    const waitedMs = waitingSinceMs === undefined ? 0 : nowMs - waitingSinceMs;
    return Math.max(0, Math.floor(mostWaitMs - spentMs - waitedMs));
  }

  /** Runs calls that may wait for a lock. @throws as busy when no patience is left. */
  function wait<T>(database: DatabaseSync, calls: () => T): T {
    applyTo(database);
    // What is called within has its part in this one's time.
    if (waitingSinceMs !== undefined) return calls();
    const startedMs = (waitingSinceMs = monotonicMs());
    try {
      return calls();
    } finally {
      waitingSinceMs = undefined;
      spentMs += monotonicMs() - startedMs;
    }
  }

  /** To be called when another timeout than this one's was set. */
  function forget(database: DatabaseSync): void {
    timeouts.delete(database);
  }

  /** Sets how long the next call may wait. */
  function applyTo(database: DatabaseSync): void {
    const timeoutMs = leftMs();
    if (timeouts.get(database) === timeoutMs) return;
    database.exec(`PRAGMA busy_timeout = ${String(timeoutMs)}`);
    timeouts.set(database, timeoutMs);
  }

  /** Stops the process, for what does not wait by itself. */
  function pause(ms: number, block: (ms: number) => void): void {
    spentMs += ms;
    block(ms);
  }

  return { leftMs, wait, applyTo, pause, forget };
}
