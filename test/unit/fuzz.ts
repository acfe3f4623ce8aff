/** Values made of a seed: of any kind, or like a sample with something wrong in it. */
export interface Fuzz {
  /** 0 ≤ x < limit, whole. */
  below: (limit: number) => number;
  pick: <T>(list: readonly T[]) => T;
  /** Anything that JSON, or a message between a page and its host, can have. */
  value: () => unknown;
  /** A copy of a sample in which up to three things were changed, removed or added. */
  like: (sample: unknown) => unknown;
}

const strangeTexts = [
  ...['', ' ', '\u0000', '\ud800', '\u202e', '🦊', '中', '__proto__', 'constructor', 'toString'],
  ...['${', '[x](command:y)', '$(error)', '../..', '<img src=x>', '%', '%41', 'file:///', 'null'],
  ...['https://x', 'javascript:x', 'a'.repeat(300), 'é'.repeat(9_000), ' '.repeat(110_000)],
];
const strangeNumbers = [
  ...[0, -0, 1, -1, 0.5, 8, 9, 65, 1e21, 1e308, -1e308, 2 ** 31, 2 ** 53, 8.64e15 + 1],
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];
const maxDepth = 4;

export function createFuzz(seed: number): Fuzz {
  let state = seed;

  /** mulberry32 */
  function random(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

  function value(depth = 0): unknown {
    switch (below(depth < maxDepth ? 10 : 7)) {
      case 0:
        return pick([null, undefined, true, false]);
      case 1:
      case 2:
        return pick(strangeNumbers);
      case 3:
      case 4:
      case 5:
        return pick(strangeTexts);
      case 6:
        return pick([new ArrayBuffer(8), new Uint8Array(8), new Date(0), new Map(), 10n]);
      case 7:
        return Array.from({ length: pick([0, 1, 3, 70]) }, () => value(depth + 2));
      case 8:
        return Array.from({ length: 3 }, () => value(depth + 1));
      default: {
        const names = Array.from({ length: below(4) }, () => pick(strangeTexts).slice(0, 20));
        return Object.fromEntries(names.map((name) => [name, value(depth + 1)]));
      }
    }
  }

  /** Changes something at the end of a random way through a copy. */
  function changed(sample: unknown, depth = 0): unknown {
    if (typeof sample !== 'object' || sample === null || sample instanceof ArrayBuffer)
      return value();
    if (depth > 0 && below(4) === 0) return value();
    if (Array.isArray(sample)) {
      const items: unknown[] = [...(sample as unknown[])];
      const at = below(items.length + 1);
      const count = pick([1, 1, 1, 100]);
      if (below(3) === 0) items.splice(at, 1);
      else if (at === items.length)
        items.push(...Array.from({ length: count }, () => items[0] ?? value()));
      else items[at] = changed(items[at], depth + 1);
      return items;
    }
    const fields: Record<string, unknown> = { ...sample };
    const name = pick([...Object.keys(fields), pick(strangeTexts).slice(0, 20)]);
    if (below(6) === 0) Reflect.deleteProperty(fields, name);
    else
      Object.defineProperty(fields, name, {
        value: changed(fields[name], depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return fields;
  }

  return {
    below,
    pick,
    value: () => value(),
    like(sample) {
      let result = sample;
      for (let count = below(4); count > 0; count -= 1) result = changed(result);
      return result;
    },
  };
}

/** The longest text in a value, at any depth. */
export function longestText(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((most, each) => Math.max(most, longestText(each)), 0);
}
