import assert from 'node:assert/strict';
import type { Task } from '../../../../src/evolink/schema.ts';
import { createTiming } from '../../../../src/jobs/async/timing.ts';
import type { Job, RunningJob } from '../../../../src/jobs/job.ts';
import { transition } from '../../../../src/jobs/transition.ts';
import { createPoller, type Poller } from '../../../../src/jobs/steps/poller.ts';
import { createPollStep } from '../../../../src/jobs/steps/pollStep.ts';
import { sample } from '../sampleJobs.ts';
import { type FakeTime, fakeTime } from './fakeTime.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('a task that is told as completed, without its result', () => {
  let time: FakeTime;
  /** How far the clock on the wall was set. */
  let shiftMs: number;
  let poller: Poller;
  let job: Job;
  let resultUrls: string[];
  /** When it was asked for. */
  let askedMs: number[];
  let troubles: (string | undefined)[];

  beforeEach(() => {
    time = fakeTime();
    [shiftMs, resultUrls, askedMs, troubles] = [0, [], [], []];
    const clock = { ...time.clock, now: () => time.clock.now() + shiftMs };
    const timing = createTiming(clock);
    const answer = (id: string): Task => ({ id, status: 'completed', resultUrls });
    poller = createPoller({
      client: {
        getTasks: (ids) => {
          askedMs.push(clock.monotonicMs());
          return Promise.resolve({ tasks: new Map(ids.map((id) => [id, answer(id)])) });
        },
        getTask: (id) => Promise.resolve(answer(id)),
        asksOneByOne: () => false,
      },
      clock,
      timing,
      onTrouble: (error) => troubles.push(error?.code),
    });
    const running: RunningJob = { ...sample.running, acceptedAt: 0 };
    job = running;
    const pollStep = createPollStep({
      poller,
      timing,
      clock,
      store: { durations: () => [], addDuration: () => undefined, get: () => job },
      move: (_id, event) => (job = transition(job, event)),
    });
    void pollStep(running, new AbortController().signal);
  });
  afterEach(() => poller.dispose());

  const current = (): Job => job;

  it('is asked for, ever more seldom, until a day is over, and can be tried again', async () => {
    await time.pass(23 * hourMs);
    assert.equal(current().state, 'running');
    const gaps = askedMs.slice(1).map((atMs, index) => atMs - askedMs[index]!);
    assert.deepEqual(
      gaps.toSorted((a, b) => a - b),
      gaps,
    );
    assert.equal(gaps.at(-1), 5 * minuteMs);
    assert.deepEqual(troubles, ['notFound']);
    await time.pass(2 * hourMs);
    const failed = current();
    assert.ok(failed.state === 'failed' && failed.isRecoverable);
  });

  it('is downloaded when the result comes after hours', async () => {
    await time.pass(3 * hourMs);
    resultUrls = ['https://example.com/late.png'];
    await time.pass(5 * minuteMs);
    assert.equal(job.state, 'downloading');
    assert.equal(troubles.at(-1), undefined);
  });

  it('is not given up because a clock jumped ahead', async () => {
    await time.pass(minuteMs);
    shiftMs = 30 * hourMs;
    await time.pass(25 * minuteMs);
    assert.equal(job.state, 'running');
  });
});

describe('how long a task took', () => {
  const watched: [string, Partial<RunningJob>, boolean][] = [
    ['is learned of one that was watched all along', {}, true],
    ['is not learned of one that was recovered', { prompt: '', references: [] }, false],
    ['is not learned of one that was taken up again', { progress: 40 }, false],
    ['is not learned of one that was accepted long ago', { acceptedAt: -minuteMs }, false],
  ];
  for (const [what, more, isLearned] of watched)
    it(what, async () => {
      const time = fakeTime();
      const { clock } = time;
      const timing = createTiming(clock);
      const answer = (id: string): Task => ({
        ...{ id, status: 'completed', resultUrls: ['https://example.com/a.png'] },
      });
      const poller = createPoller({
        client: {
          getTasks: (ids) => Promise.resolve({ tasks: new Map(ids.map((id) => [id, answer(id)])) }),
          getTask: (id) => Promise.resolve(answer(id)),
          asksOneByOne: () => false,
        },
        ...{ clock, timing, onTrouble: () => undefined },
      });
      const { progress: _, ...rest } = sample.running;
      let job: Job = { ...rest, acceptedAt: clock.now(), ...more };
      const learned: string[] = [];
      const pollStep = createPollStep({
        ...{ poller, timing, clock },
        store: {
          durations: () => [],
          addDuration: (model) => learned.push(model),
          get: () => job,
        },
        move: (_id, event) => (job = transition(job, event)),
      });
      void pollStep(job, new AbortController().signal);
      await time.pass(5 * minuteMs);
      poller.dispose();
      assert.equal((job as Job).state, 'downloading');
      assert.deepEqual(learned, isLearned ? [rest.model] : []);
    });
});
