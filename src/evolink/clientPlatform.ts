import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled } from '../appError.ts';
import type { Unpackers } from './unpackBody.ts';

/** What the clients need of the machine beside its network. */
export interface ClientPlatform {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Milliseconds of a clock that never jumps. */
  monotonicMs: () => number;
  /** A wait that ends at once, as AppError `cancelled`, when the signal says so. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 ≤ x < 1. */
  random: () => number;
  /** A new UUID. */
  randomId: () => string;
  /** Node's when absent. */
  unpackers?: Unpackers;
}

export const nodeClientPlatform: ClientPlatform = {
  now: Date.now,
  monotonicMs: () => performance.now(),
  async wait(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch (thrown) {
      throw cancelled(thrown);
    }
  },
  random: Math.random,
  randomId: randomUUID,
};
