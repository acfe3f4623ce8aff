import { delay } from '../../evolink/client.ts';

/** How the engine waits. Production waits as it is told; tests have no minutes to spare. */
export interface Timing {
  /** A span of ours as it is really waited for. What the provider asks for is not shortened. */
  scaled: (ms: number) => number;
  /** `ownMs` of ours, and at least what the provider asks for. Ends as `cancelled` by the signal. */
  sleep: (ownMs: number, askedMs: number | undefined, signal: AbortSignal) => Promise<void>;
}

export function createTiming(scale = 1): Timing {
  const scaled = (ms: number) => ms * scale;
  return {
    scaled,
    sleep: (ownMs, askedMs = 0, signal) => delay(Math.max(scaled(ownMs), askedMs), signal),
  };
}
