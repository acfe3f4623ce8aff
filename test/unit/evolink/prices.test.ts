import assert from 'node:assert/strict';
import { createPriceList, parsePrices, type Price } from '../../../src/evolink/prices.ts';

const row = (model_name: unknown, min_usd: unknown, max_usd: unknown) => ({
  ...{ model_name, model_type: 'image', billing_rule: 'per_call' },
  price_range: { min_usd, max_usd },
});

describe('a list of prices', () => {
  const good = [row('a', 0.02, 0.08), row('b', 0.5, undefined)];
  const prices = new Map([
    ['a', { minUsd: 0.02, maxUsd: 0.08 }],
    ['b', { minUsd: 0.5, maxUsd: 0.5 }],
  ]);
  const shapes: [string, unknown][] = [
    ['bare', good],
    ['within data', { code: 200, data: good }],
    ['within models', { models: good }],
    ['within two wrappings', { data: { models: good, total: 2 } }],
  ];
  for (const [what, body] of shapes)
    it(`is understood ${what}`, () => assert.deepEqual(parsePrices(body), prices));

  it('leaves out what is no price, and keeps the others', () => {
    const bad = [
      ...[null, 7, 'x', {}, row(7, 1, 2), row('c', 'x', null), row('d', -1, 2), row('e', 2, 1)],
      ...[
        row('x'.repeat(10_000), 1, 2),
        { model_name: 'f', price_range: null },
        row('g', 1e300, 1e300),
      ],
    ];
    assert.deepEqual(parsePrices([...bad, ...good]), prices);
  });

  it('is empty for anything else', () => {
    for (const body of [
      undefined,
      null,
      '',
      '<html>',
      7,
      {},
      { data: 'x' },
      { data: { models: 7 } },
    ])
      assert.deepEqual(parsePrices(body), new Map());
  });
});

describe('prices', () => {
  const price: Price = { minUsd: 1, maxUsd: 2 };
  const minute = 60_000;
  let nowMs: number;
  let answers: (Map<string, Price> | Error)[];
  let asked: number;

  beforeEach(() => {
    [nowMs, answers, asked] = [0, [], 0];
  });

  function open() {
    const read = () => {
      asked += 1;
      const answer = answers.shift() ?? new Error('away');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    return createPriceList(read, () => nowMs);
  }

  it('are read at most every five minutes, used for a day, and then no more', async () => {
    answers = [new Map([['a', price]])];
    const list = open();
    assert.equal(list.priceOf('a'), undefined);
    const isRead = new Promise<void>((resolve) => list.refresh(resolve));
    await isRead;
    list.refresh();
    assert.deepEqual([list.priceOf('a'), list.priceOf('b'), asked], [price, undefined, 1]);
    nowMs = 5 * minute;
    list.refresh();
    await Promise.resolve();
    assert.deepEqual([list.priceOf('a'), asked], [price, 2]);
    nowMs = 24 * 60 * minute - 1;
    assert.deepEqual(list.priceOf('a'), price);
    nowMs += 1;
    assert.equal(list.priceOf('a'), undefined);
  });

  it('are those of before when the answer has none', async () => {
    answers = [new Map([['a', price]]), new Map()];
    const list = open();
    await new Promise<void>((resolve) => list.refresh(resolve));
    nowMs = 6 * minute;
    list.refresh();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([list.priceOf('a'), asked], [price, 2]);
  });
});
