/** How often what takes too long is tried: the first run compiles, and any may collect garbage. */
const mostTries = 3;

/**
 * Processor time of a piece of work in milliseconds, which does not count what else the machine does:
 * the least of some tries, or the first that is not over the limit.
 */
export function processorMs(work: () => void, limitMs: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < mostTries && least > limitMs; tries += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** On a slow machine all takes longer, but never more than so much. */
const slowest = 4;
/** Of two texts, one twice as long as the other: twice the time is as it should be, four times is not. */
const mostGrowth = 3;

/**
 * What is wrong with how long a text takes; undefined when it is read in `limitMs`, or when only the
 * machine is slow: then half of the text takes about half of the time.
 */
export function tooSlow(
  read: (chars: number) => void,
  chars: number,
  limitMs: number,
): string | undefined {
  const ms = processorMs(() => read(chars), limitMs);
  if (ms < limitMs) return undefined;
  const halfMs = processorMs(() => read(chars / 2), 0);
  if (ms < slowest * limitMs && ms < mostGrowth * halfMs) return undefined;
  return `takes ${ms.toFixed(0)} ms, and half of it ${halfMs.toFixed(0)} ms`;
}
