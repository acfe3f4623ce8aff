import type { Clock } from '../../../../src/jobs/platform.ts';

export interface FakeTime {
  clock: Clock;
  /** Lets time go by, and what was waiting for it happen. */
  pass(ms: number): Promise<void>;
}

/** A clock that stands still but for `pass`, in whose steps all settles that can. */
export function fakeTime(): FakeTime {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; callback: () => void }>();

  function after(ms: number, callback: () => void) {
    const timer = { atMs: nowMs + ms, callback };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  function every(ms: number, callback: () => void) {
    let cancel = () => undefined as unknown;
    const again = () => {
      cancel = after(ms, again);
      callback();
    };
    cancel = after(ms, again);
    return () => cancel();
  }

  async function pass(ms: number): Promise<void> {
    const endMs = nowMs + ms;
    for (;;) {
      await new Promise(setImmediate);
      const [next] = [...timers].toSorted((a, b) => a.atMs - b.atMs);
      if (!next || next.atMs > endMs) break;
      timers.delete(next);
      nowMs = Math.max(nowMs, next.atMs);
      next.callback();
    }
    nowMs = endMs;
  }

  const now = () => nowMs;
  return { clock: { now, monotonicMs: now, after, every, block: () => undefined }, pass };
}
