import assert from 'node:assert/strict';
import { nodePlatform } from '../../../src/jobs/nodePlatform.ts';
import {
  bothPauses,
  countsMore,
  createSharedPause,
  type QueuePause,
} from '../../../src/jobs/queuePause.ts';

describe('of two pauses', () => {
  const byUser: QueuePause = { reason: 'person' };
  const noKey: QueuePause = { reason: 'key' };
  const noCredits: QueuePause = { reason: 'credits' };
  const limited = (untilMs: number): QueuePause => ({ reason: 'rateLimited', untilMs });
  const offline = (untilMs: number): QueuePause => ({ reason: 'network', untilMs });

  for (const [what, next, current, expected] of [
    ['what a user has set stays', limited(9), byUser, false],
    ['what a user sets counts', byUser, noKey, true],
    ['what a user has to mend outlasts a wait', limited(9), noCredits, false],
    ['the last counts that a user has to mend', noKey, noCredits, true],
    ['the same is not new', noKey, noKey, false],
    ['the later end counts', limited(9), limited(5), true],
    ['the earlier end does not', limited(5), limited(9), false],
    ['a network that is back soon does not end a longer wait', offline(5), limited(9), false],
    ['nor does one that is away for longer', offline(20), limited(9), false],
    ['a wait that was asked for counts over it', limited(9), offline(20), true],
    ['a longer wait counts over a network that is back soon', limited(9), offline(5), true],
  ] as const)
    it(what, () => {
      assert.equal(countsMore(next, current), expected);
    });
});

describe('a wait that was asked for while a user has something to mend', () => {
  const soonMs = 60_000;
  const wait = (fromNowMs: number): QueuePause => ({
    reason: 'rateLimited',
    untilMs: Date.now() + fromNowMs,
    waitMs: fromNowMs,
  });
  let stored: QueuePause | undefined;
  let ends: number;
  let pause: ReturnType<typeof createSharedPause>;

  beforeEach(() => {
    [stored, ends] = [undefined, 0];
    pause = createSharedPause({
      store: { pause: () => stored, setPause: (next) => ((stored = next), true) },
      clock: nodePlatform.clock,
      guarded: (attempt) => attempt(),
      onChange: () => undefined,
      onEnd: () => (ends += 1),
    });
  });
  afterEach(() => {
    pause.dispose();
  });

  for (const reason of ['key', 'credits'] as const)
    for (const [order, pauses] of [
      ['before it', (asked: QueuePause) => [asked, { reason }]],
      ['after it', (asked: QueuePause) => [{ reason }, asked]],
    ] as const)
      it(`holds on when ${reason} is mended, asked for ${order}`, () => {
        const asked = wait(soonMs);
        pauses(asked).forEach(pause.begin);
        assert.equal(pause.current()?.reason, reason);
        pause.end('key', 'credits');
        assert.deepEqual([stored, ends], [asked, 0]);
      });

  it('is over with the rest when it has passed by then', () => {
    pause.begin(wait(-1));
    pause.begin({ reason: 'key' });
    pause.end('key');
    assert.deepEqual([stored, ends], [undefined, 1]);
  });

  it('ends with all else when a user says so', () => {
    pause.begin(wait(soonMs));
    pause.begin({ reason: 'key' });
    pause.end();
    assert.deepEqual([stored, ends], [undefined, 1]);
  });

  it('is kept at its longest, whatever takes the place of what', () => {
    const [short, long] = [wait(soonMs), wait(2 * soonMs)];
    [short, { reason: 'key' } as const, long, { reason: 'credits' } as const, short].forEach(
      pause.begin,
    );
    pause.end('key');
    assert.equal(stored?.reason, 'credits');
    pause.end('credits');
    assert.deepEqual(stored, long);
  });

  it('changes nothing when it is known', () => {
    const both = bothPauses(wait(soonMs), { reason: 'key' });
    assert.equal(bothPauses(wait(soonMs / 2), both), both);
  });
});

describe('a pause that ends by itself, while clocks jump', () => {
  const hourMs = 3600_000;
  let stored: QueuePause | undefined;
  let [nowMs, ends] = [0, 0];
  let timers: { ms: number; callback: () => void }[];
  let pause: ReturnType<typeof createSharedPause>;

  beforeEach(() => {
    [stored, nowMs, ends, timers] = [undefined, Date.UTC(2026, 0), 0, []];
    pause = createSharedPause({
      store: { pause: () => stored, setPause: (next) => ((stored = next), true) },
      clock: {
        ...nodePlatform.clock,
        now: () => nowMs,
        after(ms, callback) {
          const timer = { ms, callback };
          timers.push(timer);
          return () => (timers = timers.filter((each) => each !== timer));
        },
      },
      guarded: (attempt) => attempt(),
      onChange: () => undefined,
      onEnd: () => (ends += 1),
    });
  });

  /** Runs what waits, however long. @returns how long that is together */
  function run(): number {
    let totalMs = 0;
    for (let timer = timers.shift(); timer; timer = timers.shift()) {
      assert.ok(timer.ms >= 0 && timer.ms <= hourMs, String(timer.ms));
      totalMs += timer.ms;
      nowMs += timer.ms;
      timer.callback();
    }
    return totalMs;
  }

  const year = 365 * 24 * hourMs;
  for (const [what, row] of [
    [
      'of an earlier version, set before the clock went back a year',
      (at: number) => ({ untilMs: at + year }),
    ],
    [
      'longer than a timer of the machine can be',
      (at: number) => ({ untilMs: at + year, waitMs: year }),
    ],
    ['of an absurd row', () => ({ untilMs: Number.MAX_VALUE, waitMs: Number.MAX_VALUE })],
    ['that was over before it was read', (at: number) => ({ untilMs: at - year, waitMs: -year })],
  ] as const)
    for (const reason of ['rateLimited', 'network', 'credits'] as const)
      it(`${what}, for ${reason}, is over within an hour`, () => {
        const wait = row(nowMs);
        stored = reason === 'credits' ? { reason, asked: wait } : { reason, ...wait };
        pause.follow();
        pause.end('credits');
        const waitedMs = run();
        assert.deepEqual([stored, ends > 0], [undefined, true]);
        assert.equal(waitedMs, wait.untilMs < nowMs - hourMs ? 0 : hourMs);
      });

  it('ends when the wait that it stands for ends, whichever way the clock goes meanwhile', () => {
    for (const jumpMs of [-year, year]) {
      pause.begin({ reason: 'rateLimited', untilMs: nowMs + 60_000, waitMs: 60_000 });
      pause.begin({ reason: 'key' });
      nowMs += jumpMs;
      pause.end('key');
      assert.equal(run(), jumpMs < 0 ? 60_000 : 0);
      assert.equal(stored, undefined);
    }
  });
});

describe('a pause that the store refuses for a while', () => {
  let stored: QueuePause | undefined;
  let isLocked: boolean;
  let ends: number;
  const pause = createSharedPause({
    store: {
      pause: () => stored,
      setPause(next) {
        if (isLocked) throw new Error('locked');
        stored = next;
        return true;
      },
    },
    clock: nodePlatform.clock,
    guarded(attempt) {
      try {
        return attempt();
      } catch {
        return undefined;
      }
    },
    onChange: () => undefined,
    onEnd: () => (ends += 1),
  });

  beforeEach(() => {
    isLocked = false;
    pause.end();
    [isLocked, ends] = [true, 0];
    pause.hold({ reason: 'key' });
  });

  it('holds this window, and all once it is written', () => {
    assert.deepEqual([pause.current()?.reason, pause.isDue(), stored], ['key', true, undefined]);
    isLocked = false;
    pause.writeDue();
    assert.deepEqual([stored, pause.isDue()], [{ reason: 'key' }, false]);
  });

  it('keeps a wait that was asked for meanwhile', () => {
    pause.hold({ reason: 'rateLimited', untilMs: 5, waitMs: 5 });
    isLocked = false;
    pause.writeDue();
    assert.deepEqual(stored, { reason: 'key', asked: { untilMs: 5, waitMs: 5 } });
  });

  it('is not written when its reason is over by then, and lets go on what waited', () => {
    isLocked = false;
    pause.end('network');
    assert.ok(pause.isDue());
    pause.end('network', 'key');
    assert.deepEqual([pause.current(), ends], [undefined, 1]);
    pause.writeDue();
    assert.equal(stored, undefined);
  });
});
