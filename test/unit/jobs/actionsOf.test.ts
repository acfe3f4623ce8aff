import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../src/appError.ts';
import { quotaCode } from '../../../src/evolink/filesSchema.ts';
import { actionsOf, type JobAction, remediesFor } from '../../../src/jobs/actionsOf.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { type JobEvent, transition, TransitionError } from '../../../src/jobs/transition.ts';
import { error, sample } from './sampleJobs.ts';

describe('what can be done with a job', () => {
  const paid: JobAction[] = ['resume', 'saveAs', 'makeAgain', 'reuse'];
  const byState: Record<keyof typeof sample, JobAction[]> = {
    queued: ['cancel', 'reuse'],
    uploading: ['cancel', 'reuse'],
    submitting: ['cancel', 'reuse'],
    'submitting again': ['cancel', 'reuse'],
    running: ['stop', 'reuse'],
    downloading: ['stop', 'reuse'],
    waitingForWorkspace: ['saveAs', 'reuse'],
    saved: ['reuse'],
    'failed before it was paid': ['retry', 'reuse'],
    'failed by the provider': ['retry', 'reuse'],
    'failed, recoverable': paid,
    'failed to be saved': paid,
    cancelled: ['retry', 'reuse'],
    stopped: paid,
    'stopped with a result': paid,
    unconfirmed: ['lookUp', 'submitAgain', 'reuse'],
  };

  for (const [state, job] of Object.entries(sample) as [keyof typeof sample, Job][])
    it(`when it is ${state}`, () => {
      assert.deepEqual(actionsOf(job), byState[state]);
    });

  it('in the queue: any but the first can be drawn next', () => {
    const { queued } = sample;
    assert.deepEqual(actionsOf(queued, { nextId: 'another' }), ['drawNext', 'cancel', 'reuse']);
    assert.deepEqual(actionsOf(queued, { nextId: queued.id }), ['cancel', 'reuse']);
    assert.deepEqual(actionsOf(sample.running, { nextId: 'another' }), ['stop', 'reuse']);
  });

  it('when its file is gone', () => {
    assert.deepEqual(actionsOf(sample.saved, { isFileMissing: true }), [
      'locate',
      'makeAgain',
      'reuse',
    ]);
  });

  it('when it was refused for what it asks: the request is changed first', () => {
    for (const code of ['moderated', 'badRequest', 'tooLarge'] as const) {
      const refused: Job = { ...sample['failed by the provider'], error: { ...error, code } };
      assert.deepEqual(actionsOf(refused), ['reuse', 'retry'], code);
    }
  });

  it('once another stands in its place: it is not tried again', () => {
    const isReplaced = true;
    assert.deepEqual(actionsOf(sample['failed before it was paid'], { isReplaced }), ['reuse']);
    assert.deepEqual(actionsOf(sample.cancelled, { isReplaced }), ['reuse']);
    const full: Job = {
      ...sample['failed before it was paid'],
      error: { ...error, providerCode: quotaCode },
    };
    assert.deepEqual(actionsOf(full, { isReplaced }), ['reuse']);
    assert.deepEqual(actionsOf(sample['failed, recoverable'], { isReplaced }), paid);
  });

  it('once it was submitted again', () => {
    assert.deepEqual(actionsOf({ ...sample.unconfirmed, isSettled: true }), ['reuse']);
  });

  it('never asks for what nobody knows: a job that was recovered by its task has no prompt', () => {
    const recovered = { prompt: '', references: [] };
    assert.deepEqual(actionsOf({ ...sample['failed, recoverable'], ...recovered }), [
      'resume',
      'saveAs',
    ]);
    for (const job of [sample['failed by the provider'], sample.cancelled])
      assert.deepEqual(actionsOf({ ...job, ...recovered }, { isFileMissing: true }), []);
    const saved = { ...sample.saved, ...recovered };
    assert.deepEqual(actionsOf(saved, { isFileMissing: true }), ['locate']);
  });

  it('is what the job’s state allows', () => {
    const events: Partial<Record<JobAction, JobEvent>> = {
      cancel: { type: 'cancelled' },
      stop: { type: 'stopped' },
      resume: { type: 'resumed' },
      saveAs: { type: 'redirected', folderUri: 'file:///other' },
      submitAgain: { type: 'settled' },
    };
    for (const [state, job] of Object.entries(sample) as [string, Job][])
      for (const [action, event] of Object.entries(events) as [JobAction, JobEvent][]) {
        // Cancelled until the answer has come: what is paid then is only no longer watched.
        if (job.state === 'submitting' && action === 'cancel') continue;
        const move = () => transition(job, event);
        if (actionsOf(job).includes(action)) assert.doesNotThrow(move, `${state}: ${action}`);
        else if (action !== 'saveAs' && action !== 'stop')
          assert.throws(move, TransitionError, `${state}: ${action}`);
      }
  });
});

describe('what is offered about failures of one kind', () => {
  const failed = (code: ErrorCode, more: object = {}): Job => ({
    ...sample['failed before it was paid'],
    error: { ...error, code, ...more },
  });
  const paid = (code: ErrorCode): Job => ({
    ...sample['failed, recoverable'],
    error: { ...error, code },
  });

  const cases: [what: string, jobs: Job[], remedies: JobAction[]][] = [
    ['a server that failed', [failed('server')], ['retry']],
    ['several of which some are paid', [failed('server'), paid('server')], ['retry']],
    ['a refused prompt', [failed('moderated')], ['reuse']],
    ['a refused request', [failed('badRequest'), failed('badRequest')], ['reuse']],
    ['a disk that is full', [paid('writeFailed'), paid('writeFailed')], ['saveAs', 'retry']],
    ['a disk that was full before it was paid', [failed('writeFailed')], ['retry']],
    ['no room for uploads', [failed('badRequest', { providerCode: quotaCode })], ['makeRoom']],
    ['a reference that is too large', [failed('tooLarge')], ['reuse']],
    ['a paid task that is not found', [paid('notFound')], ['retry', 'makeAgain']],
    ['a paid image that arrives broken', [paid('badImage')], ['retry', 'makeAgain']],
    ['an unpaid one that is not found', [failed('notFound')], ['retry']],
    ['an unconfirmed one', [sample.unconfirmed], []],
    ['nothing', [], []],
    ['no failure', [sample.saved], []],
  ];
  for (const [what, jobs, remedies] of cases)
    it(`for ${what}`, () => {
      assert.deepEqual(remediesFor(jobs), remedies);
    });

  it('asks about one unconfirmed job, and never about several at once', () => {
    const unconfirmed: Job = { ...sample.unconfirmed, error: { ...error, code: 'unconfirmed' } };
    assert.deepEqual(remediesFor([unconfirmed]), ['lookUp', 'submitAgain']);
    assert.deepEqual(remediesFor([unconfirmed, unconfirmed]), []);
  });
});
