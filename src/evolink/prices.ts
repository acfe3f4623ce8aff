import * as v from 'valibot';
import { soft, softNumber } from './fields.ts';

/** What one image of a model costs by the provider's list, in US dollars. */
export interface Price {
  minUsd: number;
  maxUsd: number;
}

const priceSchema = v.object({
  model_name: v.pipe(v.string(), v.maxLength(128)),
  price_range: v.object({ min_usd: softNumber, max_usd: softNumber }),
});
const rows = v.array(v.unknown());
/** Not on a page of the provider's: a list, bare or within one or two wrappings. */
const listSchema = v.union([
  rows,
  v.object({ data: rows }),
  v.object({ models: rows }),
  v.object({ data: v.object({ models: rows }) }),
  v.object({ data: v.object({ list: rows }) }),
  v.object({ data: v.object({ items: rows }) }),
]);
const maxPrices = 2_000;

/** The prices of a list, by the model's id; what cannot be read has none. */
export function parsePrices(body: unknown): Map<string, Price> {
  const parsed = v.safeParse(soft(listSchema), body);
  const prices = new Map<string, Price>();
  for (const row of rowsOf(parsed.output).slice(0, maxPrices)) {
    const price = v.safeParse(priceSchema, row);
    if (!price.success) continue;
    const { min_usd: min, max_usd: max = min } = price.output.price_range;
    const minUsd = min ?? max;
    if (minUsd === undefined || max === undefined || minUsd < 0 || max < minUsd) continue;
    prices.set(price.output.model_name, { minUsd, maxUsd: max });
  }
  return prices;
}

function rowsOf(list: unknown): readonly unknown[] {
  if (Array.isArray(list)) return list;
  if (typeof list !== 'object' || list === null) return [];
  return Object.values(list).flatMap(rowsOf);
}

/** The provider's prices as far as they are known. Nobody waits for them. */
export interface PriceList {
  priceOf: (model: string) => Price | undefined;
  /** Reads them anew, unless that was just done. `onRead` is called when there are new ones. */
  refresh: (onRead?: () => void) => void;
}

const freshMs = 5 * 60_000;
const usableMs = 24 * 3600_000;
const limitMs = 15_000;

export function createPriceList(
  read: (signal: AbortSignal) => Promise<Map<string, Price>>,
  monotonicMs: () => number,
): PriceList {
  let prices = new Map<string, Price>();
  let readAt = -Infinity;
  let askedAt = -Infinity;

  return {
    priceOf: (model) => (monotonicMs() - readAt < usableMs ? prices.get(model) : undefined),
    refresh(onRead) {
      if (monotonicMs() - askedAt < freshMs) return;
      askedAt = monotonicMs();
      read(AbortSignal.timeout(limitMs)).then(
        (found) => {
          if (found.size === 0) return;
          [prices, readAt] = [found, monotonicMs()];
          onRead?.();
        },
        // All works without; what is known is used for a day.
        () => undefined,
      );
    },
  };
}
