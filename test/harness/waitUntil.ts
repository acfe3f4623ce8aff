import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 50;

/**
 * Asks again and again until there is an answer other than `undefined` and `false`, and resolves
 * with it. Rejects with `what` in its message when that takes too long.
 */
export async function waitUntil<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) {
      throw new Error(`Waited for ${String(timeoutMs / 1000)} s in vain: ${what}`);
    }
    await delay(pollMs);
  }
}
