import assert from 'node:assert/strict';
import {
  expectedMs,
  minIntervalMs,
  nextDelayMs,
  type ScheduleFacts,
} from '../../../../src/jobs/steps/pollSchedule.ts';

const steady = (ms: number, times = 10) => Array<number>(times).fill(ms);

interface Plan {
  /** Progress told at a moment since the start. */
  progressAt?: (elapsedMs: number) => number | undefined;
  estimatedMs?: number;
  earlierMs?: readonly number[];
}

/** The moments at which a task is asked for, until a time. */
function moments(untilMs: number, { progressAt, ...plan }: Plan = {}): number[] {
  const asked: number[] = [];
  let elapsedMs = 0;
  let progress: number | undefined;
  while (elapsedMs < untilMs) {
    const facts: ScheduleFacts = {
      earlierMs: [],
      ...plan,
      elapsedMs,
      watchedMs: elapsedMs,
      ...(progress !== undefined && { progress }),
    };
    elapsedMs += nextDelayMs(facts);
    progress = progressAt?.(elapsedMs);
    asked.push(elapsedMs);
  }
  return asked;
}

function gaps(asked: readonly number[]): number[] {
  return asked.map((at, index) => Math.round(at - (asked[index - 1] ?? 0)));
}

const plans: [string, Plan][] = [
  ['nothing is known', {}],
  ['the provider guesses 100 s', { estimatedMs: 100_000 }],
  ['the provider guesses 1 s', { estimatedMs: 1000 }],
  ['the provider guesses a day', { estimatedMs: 86_400_000 }],
  ['earlier tasks took 30 s', { earlierMs: steady(30_000) }],
  ['earlier tasks took no time', { earlierMs: steady(1) }],
  ['earlier tasks differ', { earlierMs: [5000, 200_000, 20_000, 60_000, 90_000] }],
  ['progress is told', { progressAt: (ms) => Math.min(99, ms / 600) }],
  ['progress stands at 0', { progressAt: () => 0 }],
  ['progress stands at 50', { progressAt: () => 50 }],
  ['progress stands at 99', { progressAt: () => 99 }],
  ['progress stands at 100', { progressAt: () => 100 }],
];

describe('asking for a task', () => {
  const hourMs = 3600_000;
  for (const [what, plan] of plans) {
    it(`is never done more often than allowed when ${what}`, () => {
      for (const gap of gaps(moments(hourMs, plan))) assert.ok(gap >= minIntervalMs, String(gap));
    });

    it(`is done ever more seldom when it runs long and ${what}`, () => {
      const asked = moments(24 * hourMs, plan);
      const overdue = gaps(asked).filter(
        (_, index) => asked[index]! > 4 * expectedMs({ earlierMs: [], ...plan }) + hourMs / 2,
      );
      if (plan.estimatedMs === 86_400_000) return;
      assert.ok(overdue.length > 10);
      for (const [index, gap] of overdue.entries())
        assert.ok(gap >= (overdue[index - 1] ?? 0), `${String(index)}: ${String(gap)}`);
      assert.equal(overdue.at(-1), 300_000);
    });

    it(`never ends when ${what}`, () => {
      for (const elapsedMs of [0, 1, 1e5, 1e8, 1e12]) {
        const facts = { earlierMs: [], ...plan, elapsedMs, watchedMs: elapsedMs };
        const delay = nextDelayMs(facts);
        assert.ok(delay >= minIntervalMs && delay <= 300_000, String(delay));
      }
    });
  }

  it('is first done within seconds, so that a refusal is learned early', () => {
    for (const [what, plan] of plans) assert.ok(moments(1, plan)[0]! <= 4000, what);
  });

  it('comes closer towards the end that earlier tasks had', () => {
    const asked = moments(60_000, { earlierMs: steady(60_000) });
    const [, ...later] = gaps(asked);
    assert.ok(asked.length <= 7, `${String(asked.length)} questions`);
    assert.deepEqual(
      later.toSorted((a, b) => b - a),
      later,
    );
    // What an end at 60 s would have to wait to be seen.
    assert.ok(asked.at(-1)! - 60_000 <= minIntervalMs);
  });

  it('goes by the progress told before what earlier tasks took', () => {
    const facts = { elapsedMs: 50_000, watchedMs: 50_000, earlierMs: steady(10_000) };
    const told = nextDelayMs({ ...facts, progress: 50 });
    assert.ok(told > nextDelayMs(facts));
  });

  it('does not believe a first few per cent', () => {
    const facts = { elapsedMs: 20_000, watchedMs: 20_000, earlierMs: [], estimatedMs: 60_000 };
    assert.equal(nextDelayMs({ ...facts, progress: 1 }), nextDelayMs(facts));
  });

  it('goes on closely when a task taken up again is old', () => {
    const facts = { elapsedMs: 10 * hourMs, watchedMs: 0, earlierMs: [] };
    assert.equal(nextDelayMs(facts), minIntervalMs);
  });
});

describe('the time a task will take', () => {
  it('is a guess, the provider’s guess, or the middle of what earlier ones took', () => {
    assert.equal(expectedMs({ earlierMs: [] }), 60_000);
    assert.equal(expectedMs({ earlierMs: [], estimatedMs: 100_000 }), 100_000);
    const earlierMs = [90_000, 10_000, 20_000, 30_000, 1_000_000];
    assert.equal(expectedMs({ earlierMs, estimatedMs: 100_000 }), 30_000);
  });

  it('is not learned from fewer than four tasks', () => {
    assert.equal(expectedMs({ earlierMs: steady(5000, 3), estimatedMs: 100_000 }), 100_000);
    assert.equal(expectedMs({ earlierMs: steady(5000, 4), estimatedMs: 100_000 }), 5000);
  });
});
