import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../platform.ts';

/** The store may make this process wait for so long at once; the editor must not feel it. */
const mostWaitMs = 40;
/** So much of it is given back by each millisecond that is not waited. */
const regainedShare = mostWaitMs / 250;

/** How long the store may wait for other windows, on the only thread of an extension host. */
export type Patience = ReturnType<typeof createPatience>;

export function createPatience({ monotonicMs }: Pick<Clock, 'monotonicMs'>) {
  const timeouts = new WeakMap<DatabaseSync, number>();
  let allowanceMs = mostWaitMs;
  let countedMs = monotonicMs();
  let isWaiting = false;

  /** Brings the allowance up to now. */
  function count(): void {
    const nowMs = monotonicMs();
    const passedMs = nowMs - countedMs;
    countedMs = nowMs;
    if (isWaiting) spend(passedMs);
    else allowanceMs = Math.min(mostWaitMs, allowanceMs + passedMs * regainedShare);
  }

  function spend(ms: number): void {
    allowanceMs = Math.max(0, allowanceMs - ms);
  }

  /** How long may be waited now, in whole milliseconds. */
  function leftMs(): number {
    count();
    return Math.floor(allowanceMs);
  }

  /** Runs calls that may wait for a lock. @throws as busy when no patience is left. */
  function wait<T>(database: DatabaseSync, calls: () => T): T {
    applyTo(database);
    // What is called within has its part in this one's time.
    if (isWaiting) return calls();
    isWaiting = true;
    try {
      return calls();
    } finally {
      count();
      isWaiting = false;
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
    count();
    block(ms);
    spend(ms);
    countedMs = monotonicMs();
  }

  return { leftMs, wait, applyTo, pause, forget };
}
