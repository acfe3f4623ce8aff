import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { textOf } from './hostileTexts.ts';
import type { MatchWork, Tried } from './matchWorker.ts';
import { expressionsOfText, sourceExpressions } from './sourceExpressions.ts';

const lengths = [20_000, 100_000];
const searchChars = 2_000;
const limitMs = 50;
/** Trying one takes far less. */
const deadlineMs = 20_000;

interface Expression {
  source: string;
  flags: string;
}

/** Tries all expressions. One that does not come to an end took for ever. */
async function tryAll(expressions: readonly Expression[], limit = deadlineMs): Promise<Tried[]> {
  const tried: Tried[] = [];
  for (let first = 0; first < expressions.length; first = tried.length) {
    tried.push(...(await tryFrom(first, expressions, limit)));
    if (tried.length < expressions.length) {
      const slowest = { beginning: '', unit: '?', end: '' };
      tried.push({ index: tried.length, ms: Number.POSITIVE_INFINITY, slowest });
    }
  }
  return tried;
}

async function tryFrom(
  first: number,
  expressions: readonly Expression[],
  limit: number,
): Promise<Tried[]> {
  const workerData: MatchWork = { expressions, first, searchChars, lengths, limitMs };
  const worker = new Worker(join(import.meta.dirname, 'matchWorker.ts'), { workerData });
  const tried: Tried[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      let timer = setTimeout(resolve, limit);
      worker.on('message', (result: Tried) => {
        tried.push(result);
        clearTimeout(timer);
        timer = setTimeout(resolve, limit);
      });
      worker.on('error', reject);
      worker.on('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  } finally {
    await worker.terminate();
  }
  return tried;
}

describe('the regular expressions of the source', () => {
  it('are all written out, so that they can be tried', () => {
    assert.deepEqual(expressionsOfText(), []);
    assert.ok(sourceExpressions().length > 50);
  });

  it('take less than 50 ms for 100,000 hostile characters', async function () {
    this.timeout(300_000);
    const expressions = sourceExpressions();
    const slow = (await tryAll(expressions))
      .filter(({ ms }) => !(ms < limitMs))
      .map(({ index, ms, slowest }) => {
        const { place = '', source = '' } = expressions[index] ?? {};
        const text = JSON.stringify(textOf(slowest, 30));
        return `${place} /${source}/ took ${ms.toFixed(0)} ms for ${text}…`;
      });
    assert.deepEqual(slow, []);
  });

  it('would be found if they were slow', async function () {
    this.timeout(120_000);
    const linear = '^\\s+b';
    const quadratic = ['\\s+$', '<!--[^]*?-->'];
    const slowOf = async (sources: readonly string[], limit?: number) => {
      const tried = await tryAll(
        sources.map((source) => ({ source, flags: '' })),
        limit,
      );
      return tried.filter(({ ms }) => ms > limitMs).map(({ index }) => sources[index]);
    };
    assert.deepEqual(await slowOf([linear, ...quadratic]), quadratic);
    const exponential = ['(a|b|ab)*c'];
    assert.deepEqual(await slowOf(exponential, 2_000), exponential);
  });
});
