import { cancelled } from '../../appError.ts';
import type { Clock } from '../platform.ts';
import { onAbort } from '../../onAbort.ts';

/** How the engine waits. Production waits as it is told; tests have no minutes to spare. */
export interface Timing {
  /** A span of ours as it is really waited for. What the provider asks for is not shortened. */
  scaled: (ms: number) => number;
  /** `ownMs` of ours, and at least what the provider asks for. Ends as `cancelled` by the signal. */
  sleep: (ownMs: number, askedMs: number | undefined, signal: AbortSignal) => Promise<void>;
}

export function createTiming(clock: Clock, scale = 1): Timing {
  const scaled = (ms: number) => ms * scale;
  return {
    scaled,
    sleep: (ownMs, askedMs = 0, signal) => wait(clock, Math.max(scaled(ownMs), askedMs), signal),
  };
}

/** A wait that ends at once, as `cancelled`, when the signal says so. */
export function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => {
      stop();
      resolve();
    });
    const stop = onAbort(signal, () => {
      cancel();
      reject(cancelled(signal.reason));
    });
  });
}
