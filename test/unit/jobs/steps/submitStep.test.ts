import assert from 'node:assert/strict';
import { type ErrorCode, type ErrorDetails } from '../../../../src/appError.ts';
import { AccountChangedError } from '../../../../src/evolink/authorizedCall.ts';
import type { Client, CreateTask } from '../../../../src/evolink/client.ts';
import { EvolinkError } from '../../../../src/evolink/errors.ts';
import type { Task } from '../../../../src/evolink/schema.ts';
import type { Job } from '../../../../src/jobs/job.ts';
import { type JobEvent, transition, TransitionError } from '../../../../src/jobs/transition.ts';
import { createSubmitStep, PostponedError } from '../../../../src/jobs/steps/submitStep.ts';
import { HeldBackError } from '../../../../src/jobs/store/storeErrors.ts';
import { sample, spec } from '../sampleJobs.ts';

const task: Task = {
  id: 'task-1',
  status: 'pending',
  resultUrls: [],
  credits: 2.5,
  estimatedMs: 60_000,
  model: 'gpt-image-1.5',
};
const never = new AbortController().signal;
const error = (code: ErrorCode, details: ErrorDetails = {}) => new EvolinkError(code, 'x', details);
const lost = error('network', { sent: 'maybe' });
const unsent = error('network', { sent: 'no' });
const noKey = error('noKey', { sent: 'no' });
/** The provider's own word that it did not accept. */
const refused = (code: ErrorCode, details: ErrorDetails = {}) =>
  error(code, { status: 400, sent: 'yes', isSureRefusal: true, ...details });

describe('submitting a job', () => {
  let job: Job;
  let events: string[];
  /** What each question is answered with; the last one again and again. */
  let answers: (Task | Error)[];
  let asked: { task: CreateTask; key: string }[];
  let prepared: number;
  let waits: [ownMs: number, askedMs: number | undefined][];
  /** How many writes, and looks for a pause, are refused. */
  let fullDisks: number;
  let fullReads: number;
  let onWait: () => void;
  /** As the key and the host are now. */
  let account: string;
  let hasKey: boolean;
  let nowMs: number;
  /** Whether the job was removed when its task comes. */
  let isRemoved: boolean;
  /** What its task comes with. */
  let left: Job | undefined;
  let log: string[];
  /** How much later it is after each wait. */
  let sleptMs: number[];
  let step: ReturnType<typeof createSubmitStep> | undefined;
  /** How often the provider is found to be out of reach, once something could not be sent. */
  let unreached: number;
  let noted: number;
  /** Whether the queue is paused, each time that somebody looks; the last again and again. */
  let pauses: boolean[];

  beforeEach(() => {
    step = undefined;
    pauses = [false];
    onWait = () => undefined;
    [unreached, noted, fullReads] = [0, 0, 0];
    [isRemoved, left, log] = [false, undefined, []];
    [events, answers, asked, prepared, waits, fullDisks] = [[], [task], [], 0, [], 0];
    [account, hasKey, nowMs, sleptMs] = ['ours', true, 2000, []];
  });

  const isHeldBack = () => {
    fullReads -= 1;
    if (fullReads >= 0) throw full();
    return (pauses.length > 1 ? pauses.shift() : pauses[0]) === true;
  };

  function full(): Error {
    return Object.assign(new Error('disk is full'), { code: 'ERR_SQLITE_ERROR' });
  }

  function write(): void {
    fullDisks -= 1;
    if (fullDisks >= 0) throw full();
  }

  async function submit(first: Job, signal = never): Promise<Job> {
    job = first;
    step ??= createSubmitStep({
      client: {
        account: () => (hasKey ? Promise.resolve(account) : Promise.reject(noKey)),
        createTask(wanted: CreateTask, key: string, _: AbortSignal, asks?: string) {
          if (asks !== undefined && asks !== account)
            return Promise.reject(new AccountChangedError());
          asked.push({ task: wanted, key });
          const answer = answers.length > 1 ? answers.shift() : answers[0];
          return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
        },
      } as unknown as Client,
      prepareReferences: ({ references }) => {
        prepared += 1;
        return Promise.resolve(references.map((url) => `${url}?${String(prepared)}`));
      },
      reach: {
        answered: () => undefined,
        note: () => (noted += 1),
        failure() {
          unreached -= 1;
          return Promise.resolve(unreached >= 0 ? unsent : undefined);
        },
      },
      isHeldBack,
      holdModelOf(held, { code }) {
        write();
        events.push(`hold ${held.model} ${code}`, 'postponed');
        job = transition(job, { type: 'postponed' });
      },
      move(id: string, event: JobEvent, asked?: Job) {
        assert.equal(id, job.id);
        if (event.type === 'accepted' && isRemoved) {
          left = asked;
          throw new TransitionError(job, event);
        }
        if (['accepted', 'postponed', 'failed'].includes(event.type)) write();
        if (event.type === 'submitting' && job.state !== 'submitting' && isHeldBack())
          throw new HeldBackError();
        events.push(event.type);
        job = transition(job, event);
        return job;
      },
      timing: {
        scaled: (ms) => ms,
        sleep: (ownMs, askedMs, signal) => {
          waits.push([ownMs, askedMs]);
          nowMs += sleptMs.shift() ?? 0;
          onWait();
          return signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
        },
      },
      log: (line) => log.push(line),
      clock: { now: () => nowMs, monotonicMs: () => nowMs },
    });
    return await step(first as typeof sample.queued, signal);
  }

  async function pauseOf(work: Promise<unknown>) {
    const thrown: unknown = await work.catch((reason: unknown) => reason);
    return thrown instanceof PostponedError ? thrown.pause : assert.fail(String(thrown));
  }

  it('is written down before it is sent, and with its task before it goes on', async () => {
    const running = await submit(sample.queued);
    assert.deepEqual(events, ['uploading', 'submitting', 'accepted']);
    assert.deepEqual(running, {
      ...spec,
      state: 'running',
      taskId: 'task-1',
      acceptedAt: 2000,
      credits: 2.5,
      estimatedMs: 60_000,
      actualModel: 'gpt-image-1.5',
    });
    const { prompt, model, size, quality } = spec;
    const imageUrls = ['https://example.com/a.png?1'];
    assert.deepEqual(asked, [
      { task: { prompt, model, size, quality, imageUrls }, key: spec.idempotencyKey },
    ]);
  });

  it('uploads nothing without references', async () => {
    await submit({ ...sample.queued, references: [] });
    assert.deepEqual([events, prepared], [['submitting', 'accepted'], 0]);
  });

  it('asks once more, the same under the same key, when the answer was lost', async () => {
    answers = [lost, task];
    assert.equal((await submit(sample.queued)).state, 'running');
    assert.equal(asked.length, 2);
    assert.deepEqual(asked[0], asked[1]);
    assert.equal(prepared, 1);
  });

  for (const second of [
    lost,
    error('server', { status: 500 }),
    error('conflict', { status: 409 }),
  ]) {
    it(`is unconfirmed, and asked no third time, when the second answer is ${second.code}`, async () => {
      answers = [lost, second];
      const unconfirmed = await submit(sample.queued);
      assert.equal(unconfirmed.state, 'unconfirmed');
      assert.equal('error' in unconfirmed && unconfirmed.error.code, 'unconfirmed');
      assert.equal(asked.length, 2);
    });
  }

  it('is asked once more, and then unconfirmed, when its answers cannot be read', async () => {
    const unread = error('server', { sent: 'yes' });
    answers = [unread, unread];
    assert.equal((await submit(sample.queued)).state, 'unconfirmed');
    assert.deepEqual([asked.length, asked[0]?.key], [2, asked[1]?.key]);
  });

  it('is tried again for long when the second question could not even be sent', async () => {
    answers = [lost, unsent, unsent, error('rateLimited', { status: 429, retryAfterMs: 9 }), task];
    assert.equal((await submit(sample.queued)).state, 'running');
    assert.deepEqual(waits.at(-1), [4000, 9]);
    answers = [lost, unsent];
    asked = [];
    assert.equal((await submit(sample.queued)).state, 'unconfirmed');
    assert.equal(asked.length, 8);
  });

  for (const code of ['badRequest', 'moderated', 'tooLarge'] as const) {
    it(`failed, and is not unconfirmed, when the second answer is ${code}`, async () => {
      answers = [lost, refused(code)];
      assert.equal((await submit(sample.queued)).state, 'failed');
    });
  }

  for (const status of [302, 400, 403, 405, 407, 429, 451]) {
    const gateway = error(status === 429 ? 'rateLimited' : 'badRequest', { status, sent: 'yes' });
    it(`is unconfirmed when something in between answers the repetition with ${String(status)}`, async () => {
      answers = [lost, gateway];
      assert.equal((await submit(sample.queued)).state, 'unconfirmed');
    });

    it(`is asked for once more when something in between answers with ${String(status)}`, async () => {
      answers = [gateway, task];
      assert.equal((await submit(sample.queued)).state, 'running');
      assert.deepEqual([asked.length, asked[0]?.key], [2, asked[1]?.key]);
    });
  }

  it('is unconfirmed when the repetition is refused for what may be new since the first', async () => {
    for (const code of ['auth', 'credits', 'forbidden'] as const) {
      answers = [lost, refused(code)];
      assert.equal((await submit(sample.queued)).state, 'unconfirmed');
    }
  });

  it('is asked for once more when its window was closed at the first question', async () => {
    assert.equal((await submit(sample.submitting)).state, 'running');
    assert.deepEqual(events, ['submitting', 'accepted']);
    assert.deepEqual([asked[0]?.task.imageUrls, prepared], [sample.submitting.imageUrls, 0]);
  });

  it('is unconfirmed when its window was closed at the second question', async () => {
    assert.equal((await submit(sample['submitting again'])).state, 'unconfirmed');
    assert.deepEqual(asked, []);
  });

  it('is tried again, for nothing, when it could not be sent', async () => {
    answers = [unsent, unsent, task];
    assert.equal((await submit(sample.queued)).state, 'running');
    assert.equal(events.filter((event) => event === 'submitting').length, 1);
  });

  it('goes back to the queue, which waits for the network, when it cannot be sent', async () => {
    answers = [unsent];
    const pause = await pauseOf(submit(sample.queued));
    assert.deepEqual([job.state, asked.length, pause.reason], ['queued', 3, 'network']);
    assert.equal(pause.error?.code, 'network');
  });

  it('goes back to the queue, which waits for a key, when the key is refused or missing', async () => {
    answers = [refused('auth', { status: 401 })];
    const pause = await pauseOf(submit(sample.queued));
    assert.deepEqual([job.state, pause.reason, pause.error?.code], ['queued', 'key', 'auth']);
    hasKey = false;
    const missing = await pauseOf(submit(sample.queued));
    assert.deepEqual([job.state, missing.reason, prepared], ['queued', 'key', 1]);
  });

  it('is not repeated under another key or at another host, which would be paid anew', async () => {
    account = 'another';
    const unconfirmed = await submit({ ...sample.submitting, account: 'ours', submittedAt: 1000 });
    assert.deepEqual([unconfirmed.state, asked.length], ['unconfirmed', 0]);
  });

  it('is asked for under the key that counts when the key changes before it is sent', async () => {
    const submitting = submit(sample.queued);
    account = 'another';
    const pause = await pauseOf(submitting);
    assert.deepEqual([job.state, pause.reason, asked.length], ['queued', 'network', 0]);
  });

  it('is unconfirmed, and not repeated, when it was submitted more than a day ago', async () => {
    const dayMs = 24 * 3600_000;
    nowMs = sample.submitting.createdAt + dayMs + 1;
    assert.equal((await submit(sample.submitting)).state, 'unconfirmed');
    assert.equal(asked.length, 0);
    nowMs = 2000 + dayMs;
    assert.equal((await submit({ ...sample.submitting, submittedAt: 2000 })).state, 'running');
  });

  for (const [waited, sleeps] of [
    ['the first wait', [25]],
    ['one of the later waits', [0, 1, 24]],
  ] as const) {
    it(`is unconfirmed, and not repeated, when it became a day old in ${waited}`, async () => {
      answers = [unsent];
      sleptMs = sleeps.map((hours) => hours * 3600_000);
      const unconfirmed = await submit({ ...sample.submitting, submittedAt: 2000 });
      assert.deepEqual([unconfirmed.state, asked.length], ['unconfirmed', sleeps.length - 1]);
    });
  }

  for (const code of ['forbidden', 'badRequest', 'moderated', 'tooLarge'] as const) {
    it(`failed at once when it is refused as ${code}`, async () => {
      answers = [refused(code)];
      const failed = await submit(sample.queued);
      assert.deepEqual([failed.state, asked.length], ['failed', 1]);
      assert.equal('isRecoverable' in failed, false);
    });
  }

  it('goes back to the queue, which waits, when there were too many', async () => {
    answers = [refused('rateLimited', { status: 429, retryAfterMs: 7000 })];
    const pause = await pauseOf(submit(sample.queued));
    assert.equal(job.state, 'queued');
    assert.deepEqual([pause.reason, pause.untilMs], ['rateLimited', 9000]);
    assert.equal(pause.error?.code, 'rateLimited');
  });

  for (const retryAfterMs of [undefined, 0, 5]) {
    it(`does not come back at once when it is told to wait ${String(retryAfterMs)} ms`, async () => {
      const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
      answers = [refused('rateLimited', { status: 429, ...asked })];
      const { untilMs = 0, waitMs = 0 } = await pauseOf(submit(sample.queued));
      assert.ok(waitMs >= 1000, `${String(waitMs)} ms`);
      assert.equal(untilMs, 2000 + waitMs);
    });
  }

  for (const code of ['modelGone', 'credits', 'auth', 'rateLimited', 'badRequest'] as const) {
    it(`is written down as refused, and not asked for again, when the disk was full: ${code}`, async () => {
      answers = [refused(code), task];
      fullDisks = 5;
      const ended = await submit(sample.queued).catch((thrown: unknown) => thrown as Error);
      assert.deepEqual([job.state, asked.length], [code === 'badRequest' ? 'failed' : 'queued', 1]);
      assert.equal(ended instanceof Error, code !== 'badRequest');
    });
  }

  it('is written down as refused when the second answer is, and the disk was full', async () => {
    answers = [lost, refused('badRequest'), task];
    fullDisks = 5;
    assert.equal((await submit(sample.queued)).state, 'failed');
    assert.equal(asked.length, 2);
  });

  it('ends with its window while its refusal cannot be written', async () => {
    answers = [refused('credits')];
    fullDisks = Number.POSITIVE_INFINITY;
    const closing = new AbortController();
    onWait = () => closing.abort(new Error('closing'));
    await assert.rejects(submit(sample.queued, closing.signal), /closing/);
    assert.equal(job.state, 'submitting');
  });

  it('waits for the pause to be read between two tries of which nothing was sent', async () => {
    answers = [unsent, task];
    onWait = () => {
      fullReads = waits.length === 1 ? 2 : fullReads;
    };
    assert.equal((await submit(sample.queued)).state, 'running');
    assert.deepEqual([asked.length, waits.length], [2, 3]);
  });

  it('goes back to the queue, which waits for a user, when there are no credits', async () => {
    const topUpUrl = 'https://evolink.ai/top-up';
    answers = [refused('credits', { status: 402, topUpUrl })];
    const pause = await pauseOf(submit(sample.queued));
    assert.equal(job.state, 'queued');
    assert.deepEqual(
      [pause.reason, pause.untilMs, pause.error?.topUpUrl],
      ['credits', undefined, topUpUrl],
    );
  });

  it('does not forget its task when that cannot be written down', async () => {
    fullDisks = 5;
    assert.equal((await submit(sample.queued)).state, 'running');
    assert.equal(asked.length, 1);
  });

  it('leaves what it asked for, and its task in the log, when it was removed meanwhile', async () => {
    isRemoved = true;
    await assert.rejects(submit(sample.queued), TransitionError);
    assert.equal(job.state, 'submitting');
    assert.equal(left, job);
    assert.ok(log.some((line) => line.includes('task-1')));
  });

  it('is not sent, and uploads nothing, while the provider cannot be reached', async () => {
    unreached = 1;
    const pause = await pauseOf(submit(sample.queued));
    assert.deepEqual([pause.reason, asked.length, prepared], ['network', 0, 0]);
    assert.equal(job.state, 'queued');
    assert.equal((await submit(sample.queued)).state, 'running');
  });

  async function expectHeldBack(first: Job): Promise<void> {
    await assert.rejects(submit(first), HeldBackError);
    assert.equal(job.state, 'queued');
  }

  it('is not sent when the queue was paused while it waited, and goes back to it', async () => {
    pauses = [true];
    await expectHeldBack({ ...spec, references: [], state: 'queued' });
    assert.deepEqual([events, asked], [[], []]);
    await expectHeldBack(sample.queued);
    assert.deepEqual([events, asked], [['uploading', 'postponed'], []]);
  });

  it('is not tried again when the queue was paused after it could not be sent', async () => {
    pauses = [false, true];
    answers = [unsent];
    await expectHeldBack(sample.queued);
    assert.equal(asked.length, 1);
  });

  it('is asked for once more though the queue is paused, since it may be paid', async () => {
    pauses = [false, true];
    answers = [lost, task];
    assert.equal((await submit(sample.queued)).state, 'running');
    assert.equal(asked.length, 2);
  });

  it('keeps its second question, after a lost answer, until the provider is reached again', async () => {
    unreached = 20;
    assert.equal((await submit(sample.submitting)).state, 'running');
    assert.deepEqual([asked.length, noted], [1, 0]);
    assert.deepEqual(events, ['submitting', 'accepted']);
    assert.deepEqual(
      waits.map(([ownMs]) => ownMs).slice(0, 8),
      [1000, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000],
    );
  });

  it('is unconfirmed when the provider is out of reach for a day', async () => {
    unreached = Infinity;
    sleptMs = Array.from({ length: 30 }, () => 3600_000);
    assert.equal((await submit({ ...sample.submitting, submittedAt: 2000 })).state, 'unconfirmed');
    assert.equal(asked.length, 0);
  });

  it('decides nothing when its window closes', async () => {
    const controller = new AbortController();
    answers = [lost];
    controller.abort();
    await assert.rejects(submit(sample.queued, controller.signal), lost);
    assert.equal(job.state, 'submitting');
  });
});
