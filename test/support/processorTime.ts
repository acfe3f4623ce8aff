/** How often what takes too long is tried: the first run compiles, and any may collect garbage. */
const mostTries = 3;
/** On a slow machine all takes longer, but never more than so much. */
const slowest = 4;
/** Of two texts, one twice as long as the other: twice the time is as it should be, four times is not. */
const mostGrowth = 3;
/** So often both are read, in turns, so that what slows the machine slows both. */
const mostTurns = 5;

/**
 * What is wrong with how long a text takes, in processor time, which does not count what else the
 * machine does; undefined when it is read in `limitMs`, or when only the machine is slow: then half
 * of the text takes about half of the time.
 */
export function tooSlow(
  read: (chars: number) => void,
  chars: number,
  limitMs: number,
): string | undefined {
  let ms = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < mostTries; tries += 1) {
    ms = Math.min(
      ms,
      processorMs(() => read(chars)),
    );
    if (ms < limitMs) return undefined;
  }
  let halfMs = Number.POSITIVE_INFINITY;
  for (let turns = 0; turns < mostTurns; turns += 1) {
    halfMs = Math.min(
      halfMs,
      processorMs(() => read(chars / 2)),
    );
    ms = Math.min(
      ms,
      processorMs(() => read(chars)),
    );
    if (ms < limitMs || (ms < slowest * limitMs && ms < mostGrowth * halfMs)) return undefined;
  }
  return `takes ${ms.toFixed(0)} ms, and half of it ${halfMs.toFixed(0)} ms`;
}

function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
