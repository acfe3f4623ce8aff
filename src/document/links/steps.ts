import { setImmediate, setTimeout } from 'node:timers/promises';

/** Work that can rest after each step, and its result. */
export type Steps<T> = Generator<undefined, T>;

/** So long is the editor kept from what else it does. */
const sliceMs = 8;
const maxSlices = 500;
/** A parser puts its tree together in one go, which takes as long as it had steps before. */
const maxSteps = 150_000;

/** Does the work in one go. */
export function doAll<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * Does the work in slices, between which the editor gets its turn. Undefined when it takes more than
 * `maxSlices` or `maxSteps`, as a text made to be slow does.
 * @param restMs between slices, for work that nobody waits for
 * @throws the reason of the signal
 */
export async function doInSlices<T>(
  steps: Steps<T>,
  signal?: AbortSignal,
  restMs = 0,
): Promise<T | undefined> {
  let count = 0;
  for (let slice = 0; slice < maxSlices; slice += 1) {
    const endMs = performance.now() + sliceMs;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
      if ((count += 1) > maxSteps) return undefined;
    } while (performance.now() < endMs);
    await (restMs > 0 ? setTimeout(restMs) : setImmediate());
    signal?.throwIfAborted();
  }
  return undefined;
}
