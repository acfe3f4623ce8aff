import assert from 'node:assert/strict';
import { EvolinkError } from '../../../../src/evolink/errors.ts';
import type { Task } from '../../../../src/evolink/schema.ts';
import { createTiming } from '../../../../src/jobs/async/timing.ts';
import { createPoller, type PolledTask, type Poller } from '../../../../src/jobs/steps/poller.ts';
import { minIntervalMs } from '../../../../src/jobs/steps/pollSchedule.ts';
import { type FakeTime, fakeTime } from './fakeTime.ts';

const minuteMs = 60_000;

describe('watching tasks', () => {
  let time: FakeTime;
  let watcher: Poller;
  /** The ids of every question, and when it was asked. */
  let asked: { ids: string[]; atMs: number }[];
  let alone: string[];
  let troubles: (string | undefined)[];
  /** What an answer has ended. */
  let over: string[];
  let isOneByOne: boolean;
  /** How the next questions are answered; else every task is running. */
  let answer: (ids: readonly string[]) => Task[] | EvolinkError | Promise<Task[]>;
  /** Why the questions break off after what is answered. */
  let brokenOff: EvolinkError | undefined;
  let answerAlone: (id: string) => Task | EvolinkError;

  const running = (id: string): Task => ({ id, status: 'processing', resultUrls: [] });

  beforeEach(() => {
    time = fakeTime();
    asked = [];
    alone = [];
    troubles = [];
    over = [];
    isOneByOne = false;
    brokenOff = undefined;
    answer = (ids) => ids.map(running);
    answerAlone = () => new EvolinkError('notFound', 'x');
    watcher = createPoller({
      client: {
        async getTasks(ids) {
          asked.push({ ids: [...ids], atMs: time.clock.monotonicMs() });
          const given = await answer(ids);
          if (given instanceof EvolinkError) throw given;
          const tasks = new Map(given.map((task) => [task.id, task]));
          return { tasks, ...(brokenOff && { failure: brokenOff }) };
        },
        getTask(id) {
          alone.push(id);
          const given = answerAlone(id);
          return given instanceof EvolinkError ? Promise.reject(given) : Promise.resolve(given);
        },
        asksOneByOne: () => isOneByOne,
      },
      clock: time.clock,
      timing: createTiming(time.clock),
      onTrouble: (error) => troubles.push(error?.code),
      onOver: (error) => over.push(error.code),
    });
  });
  afterEach(() => {
    watcher.dispose();
  });

  interface Heard {
    statuses: string[];
    missed: number[];
    unwatch: () => void;
  }

  function watch(taskId: string, more: Partial<PolledTask> = {}): Heard {
    const statuses: string[] = [];
    const missed: number[] = [];
    const unwatch = watcher.add({
      taskId,
      elapsedMs: 0,
      isResumed: false,
      scheduleFacts: () => ({ earlierMs: [] }),
      onTask: ({ status }) => {
        statuses.push(status);
        return status === 'pending' || status === 'processing';
      },
      onMissing: (missedAsks) => {
        missed.push(missedAsks);
        return missedAsks < 3;
      },
      ...more,
    });
    return { statuses, missed, unwatch };
  }

  it('asks for all of them in one question', async () => {
    for (const id of ['a', 'b', 'c']) watch(id);
    await time.pass(5000);
    assert.deepEqual(
      asked.map(({ ids }) => ids),
      [['a', 'b', 'c']],
    );
    assert.equal(watcher.queryCount(), 1);
  });

  it('takes the one that joins later along in the next question', async () => {
    watch('a');
    await time.pass(5000);
    watch('b');
    await time.pass(minuteMs);
    assert.ok(asked.length > 1);
    for (const { ids } of asked.slice(1)) assert.deepEqual(ids, ['a', 'b']);
  });

  it('asks at once for a task that was left alone, and not for a new one', async () => {
    watch('new');
    await time.pass(100);
    assert.equal(asked.length, 0);
    watch('old', { isResumed: true, elapsedMs: minuteMs });
    await time.pass(100);
    assert.equal(asked.length, 1);
  });

  it('never asks more often than allowed, however many there are', async () => {
    for (let index = 0; index < 40; index += 1) {
      watch(`task-${String(index)}`, { isResumed: index % 3 === 0 });
      await time.pass(700);
    }
    await time.pass(5 * minuteMs);
    for (const [index, { atMs }] of asked.entries())
      assert.ok(atMs - (asked[index - 1]?.atMs ?? -minuteMs) >= minIntervalMs);
  });

  it('asks no second question while the first is open', async () => {
    let finish: (tasks: Task[]) => void = () => assert.fail('nothing was asked');
    answer = () => new Promise((resolve) => (finish = resolve));
    watch('a');
    await time.pass(5000);
    watch('b', { isResumed: true });
    watcher.pollNow();
    await time.pass(minuteMs);
    assert.equal(asked.length, 1);
    finish([running('a')]);
    await time.pass(minIntervalMs);
    assert.equal(asked.length, 2);
  });

  it('stops for a task that has ended, and goes on for the others', async () => {
    const [a, b] = [watch('a'), watch('b')];
    answer = (ids) =>
      ids.map((id) => ({ ...running(id), status: id === 'a' ? 'completed' : 'pending' }));
    await time.pass(5 * minuteMs);
    assert.deepEqual(a.statuses, ['completed']);
    assert.ok(b.statuses.length > 3);
    assert.deepEqual(asked.at(-1)?.ids, ['b']);
  });

  it('stops for a task nobody cares for any more', async () => {
    const { unwatch, statuses } = watch('a');
    await time.pass(5000);
    unwatch();
    await time.pass(10 * minuteMs);
    assert.deepEqual([asked.length, statuses.length], [1, 1]);
  });

  it('is in no trouble any more when nobody cares for the task that was missed', async () => {
    const { unwatch } = watch('a', { onMissing: () => true });
    answer = () => [];
    await time.pass(10 * minuteMs);
    assert.deepEqual(troubles, ['notFound']);
    unwatch();
    assert.deepEqual(troubles, ['notFound', undefined]);
  });

  it('does not tell an answer to who stopped caring while it came', async () => {
    let finish: (tasks: Task[]) => void = () => assert.fail('nothing was asked');
    answer = () => new Promise((resolve) => (finish = resolve));
    const { unwatch, statuses } = watch('a');
    await time.pass(5000);
    unwatch();
    finish([running('a')]);
    await time.pass(minuteMs);
    assert.deepEqual(statuses, []);
  });

  it('asks for each by itself, and only when it is due, where many cannot be asked for', async () => {
    isOneByOne = true;
    watch('young');
    await time.pass(10_000);
    const before = asked.length;
    watch('old', { isResumed: true });
    await time.pass(100);
    assert.deepEqual(
      asked.slice(before).map(({ ids }) => ids),
      [['old']],
    );
  });

  it('asks once more, by itself, for one that an answer leaves out', async () => {
    const { missed, statuses } = watch('a');
    watch('b');
    answer = () => [running('b')];
    answerAlone = (id) => ({ ...running(id), status: 'completed' });
    await time.pass(5000);
    assert.deepEqual([alone, missed, statuses], [['a'], [], ['completed']]);
  });

  it('counts how often in a row a task is unknown', async () => {
    const { missed } = watch('a');
    let isKnown = false;
    answer = (ids) => (isKnown ? ids.map(running) : []);
    while (missed.length < 2) await time.pass(1000);
    isKnown = true;
    const before = asked.length;
    while (asked.length === before) await time.pass(1000);
    isKnown = false;
    while (missed.length < 5) await time.pass(1000);
    assert.deepEqual(missed, [1, 2, 1, 2, 3]);
    const after = asked.length;
    await time.pass(10 * minuteMs);
    assert.equal(asked.length, after);
  });

  it('does not count it as unknown when that cannot be told', async () => {
    const { missed } = watch('a');
    watch('b');
    answer = () => [running('b')];
    answerAlone = () => new EvolinkError('server', 'x');
    await time.pass(minuteMs);
    assert.ok(alone.length > 1);
    assert.deepEqual(missed, []);
  });

  it('hears of all, in turn, when it is to wait after so many of them', async () => {
    isOneByOne = true;
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const heard = ids.map((id) => watch(id));
    brokenOff = new EvolinkError('rateLimited', 'x', { sent: 'no', retryAfterMs: minuteMs });
    answer = (some) => some.slice(0, 2).map(running);
    await time.pass(minuteMs);
    assert.deepEqual([asked.length, alone.length, troubles], [1, 0, ['rateLimited']]);
    await time.pass(2.5 * minuteMs);
    assert.deepEqual(
      asked.slice(0, 3).map((round) => round.ids.slice(0, 2)),
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'a'],
      ],
    );
    assert.ok(heard.every(({ statuses, missed }) => statuses.length > 0 && missed.length === 0));
  });

  for (const code of ['rateLimited', 'auth', 'server', 'network'] as const)
    it(`asks nothing more of a round that breaks off as ${code}, and keeps what it heard`, async () => {
      const [first, second] = [watch('a'), watch('b')];
      brokenOff = new EvolinkError(code, 'x');
      answer = () => [running('a')];
      await time.pass(5_000);
      assert.deepEqual([asked.length, alone, troubles], [1, [], [code]]);
      assert.deepEqual([first.statuses, second.missed], [['processing'], []]);
      brokenOff = undefined;
      answer = (ids) => ids.map(running);
      await time.pass(2 * minuteMs);
      assert.ok(second.statuses.length > 0);
      assert.equal(troubles.at(-1), undefined);
    });

  it('backs off, further each time, when the provider is in trouble, and never gives up', async () => {
    const { statuses } = watch('a');
    answer = () => new EvolinkError('server', 'x', { status: 503 });
    await time.pass(30 * minuteMs);
    const gaps = asked.slice(1).map(({ atMs }, index) => atMs - asked[index]!.atMs);
    assert.deepEqual(
      gaps.toSorted((a, b) => a - b),
      gaps,
    );
    assert.equal(gaps.at(-1), minuteMs);
    assert.ok(gaps[0]! < 3000);
    assert.deepEqual([...new Set(troubles)], ['server']);
    answer = (ids) => ids.map(running);
    await time.pass(2 * minuteMs);
    assert.ok(statuses.length > 0);
    assert.equal(troubles.at(-1), undefined);
  });

  it('waits as long as the provider asks it to', async () => {
    watch('a');
    answer = () => new EvolinkError('rateLimited', 'x', { retryAfterMs: 10 * minuteMs });
    await time.pass(10 * minuteMs);
    assert.equal(asked.length, 1);
    await time.pass(5000);
    assert.equal(asked.length, 2);
  });

  it('asks seldom when it is refused for good, and at once when told to hurry', async () => {
    watch('a');
    answer = () => new EvolinkError('auth', 'x');
    await time.pass(5000);
    assert.equal(asked.length, 1);
    await time.pass(minuteMs - 2000);
    assert.equal(asked.length, 1);
    watcher.pollNow();
    await time.pass(100);
    assert.equal(asked.length, 2);
  });

  for (const code of ['noKey', 'auth', 'network', 'timeout', 'server', 'rateLimited'] as const)
    it(`is in no trouble (${code}) any more with the first answer after it was told to hurry`, async () => {
      watch('a', { isResumed: true });
      answer = () => new EvolinkError(code, 'x');
      await time.pass(10);
      answer = (ids) => ids.map(running);
      watcher.pollNow();
      await time.pass(10);
      assert.deepEqual([troubles, over], [[code, undefined], [code]]);
    });

  it('takes no failure of a question for news that was asked before the key changed', async () => {
    let fail: (error: Error) => void = () => undefined;
    watch('a', { isResumed: true });
    answer = () => new Promise((_, reject) => (fail = reject));
    await time.pass(10);
    watcher.pollNow();
    answer = (ids) => ids.map(running);
    fail(new EvolinkError('auth', 'x'));
    await time.pass(10);
    assert.deepEqual([troubles, asked.length], [[], 2]);
  });

  it('is in no trouble by a question about what nobody cares for any more', async () => {
    let fail: (error: Error) => void = () => undefined;
    const { unwatch } = watch('a', { isResumed: true });
    answer = () => new Promise((_, reject) => (fail = reject));
    await time.pass(10);
    unwatch();
    fail(new EvolinkError('network', 'x'));
    await time.pass(minuteMs);
    assert.deepEqual(troubles, []);
  });

  it('asks no more when it has ended', async () => {
    watch('a');
    await time.pass(5000);
    watcher.dispose();
    watch('b', { isResumed: true });
    await time.pass(10 * minuteMs);
    assert.equal(asked.length, 1);
  });
});
