import { createHash } from 'node:crypto';

/** Choices that a seed decides. */
export interface Chance {
  /** 0 ≤ x < 1. */
  next: () => number;
  /** A whole number, 0 ≤ x < `limit`. */
  below: (limit: number) => number;
  /** `min` ≤ x < `max`. */
  between: (min: number, max: number) => number;
  /** Whether something of this probability happens. */
  isHit: (share: number) => boolean;
  pick: <T>(items: readonly T[]) => T;
  /** One of the items, by weight. */
  weigh: <T>(items: readonly (readonly [weight: number, item: T])[]) => T;
}

/**
 * A stream of choices of its own for each label: a choice more or less in one place does not change
 * those of another, so that a plan that loses an event stays the same plan otherwise.
 */
export function chanceOf(seed: number, label: string): Chance {
  const digest = createHash('sha1')
    .update(`${String(seed)} ${label}`)
    .digest();
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ];

  /** sfc32: small, fast, and good enough to be dealt cards by. */
  function next(): number {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  }

  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    between: (min, max) => min + next() * (max - min),
    isHit: (share) => next() < share,
    pick: (items) => items[below(items.length)]!,
    weigh(items) {
      let left = next() * items.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, item] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return items.at(-1)![1];
    },
  };
}
