import { setImmediate } from 'node:timers/promises';

const readsAtOnce = 32;
/** So many are worked on between two looks at what else waits. */
const sliceLength = 500;

export interface Dated<T> {
  item: T;
  /** In ms since 1970; 0 where it cannot be read. */
  time: number;
}

/** Orders by time, the newest first. Reads a few times at once; what cannot be read comes last. */
export async function newestFirst<T>(
  items: readonly T[],
  timeOf: (item: T) => Promise<number>,
  signal: AbortSignal,
): Promise<T[]> {
  const dated: Dated<T>[] = [];
  let next = 0;
  async function readOn(): Promise<void> {
    for (let item = items[next++]; item !== undefined && !signal.aborted; item = items[next++]) {
      const time = await timeOf(item).catch(() => 0);
      dated.push({ item, time });
    }
  }
  await Promise.all(Array.from({ length: readsAtOnce }, readOn));
  return dated.toSorted((one, other) => other.time - one.time).map(({ item }) => item);
}

/** Maps thousands of items without keeping the window's other work waiting. */
export async function mapInSlices<T, R>(
  items: readonly T[],
  map: (item: T) => R,
  signal: AbortSignal,
): Promise<R[]> {
  const results: R[] = [];
  for (let begin = 0; begin < items.length && !signal.aborted; begin += sliceLength) {
    results.push(...items.slice(begin, begin + sliceLength).map(map));
    await setImmediate();
  }
  return results;
}

/** The first rows that have each word of a text in their label, in any case and order. */
export function matching<T extends { label: string }>(
  rows: readonly T[],
  typed: string,
  limit: number,
): T[] {
  const words = typed.toLowerCase().split(/\s+/);
  const found: T[] = [];
  for (const row of rows) {
    const label = row.label.toLowerCase();
    if (words.every((word) => label.includes(word))) found.push(row);
    if (found.length === limit) break;
  }
  return found;
}
