import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecoverable, isUnfinished, type Job, type JobState } from '../../../src/jobs/job.ts';
import {
  type JobEvent,
  transition,
  TransitionError,
  specOf,
} from '../../../src/jobs/transition.ts';
import { error, image, sample, spec } from './sampleJobs.ts';

const events: { [T in JobEvent['type']]: Extract<JobEvent, { type: T }> } = {
  uploading: { type: 'uploading' },
  sent: { type: 'sent', sentBytes: 30, totalBytes: 40 },
  submitting: { type: 'submitting', imageUrls: ['https://example.com/a.png'] },
  postponed: { type: 'postponed' },
  accepted: { type: 'accepted', taskId: 'task-1', at: 2000, credits: 2.5, estimatedMs: 60_000 },
  progressed: { type: 'progressed', at: 4_000, progress: 60 },
  completed: { type: 'completed', resultUrl: 'https://files.example/b.png', at: 3500 },
  workspaceAwaited: { type: 'workspaceAwaited' },
  converting: { type: 'converting', tries: 1 },
  unconvertible: { type: 'unconvertible', fault: 'tooSlow' },
  placing: { type: 'placing', target: { uri: image.uri, sha256: image.sha256 } },
  saved: { type: 'saved', image, at: 4000 },
  failed: { type: 'failed', error, at: 4000 },
  unconfirmed: { type: 'unconfirmed', error },
  settled: { type: 'settled' },
  cancelled: { type: 'cancelled' },
  stopped: { type: 'stopped' },
  redirected: { type: 'redirected', folderUri: 'file:///elsewhere' },
  resumed: { type: 'resumed' },
};

/** What each job may become; whatever is not here is refused. */
const allowed: Record<keyof typeof sample, Partial<Record<JobEvent['type'], JobState>>> = {
  queued: {
    uploading: 'uploading',
    submitting: 'submitting',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  uploading: {
    sent: 'uploading',
    submitting: 'submitting',
    postponed: 'queued',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  submitting: {
    submitting: 'submitting',
    postponed: 'queued',
    accepted: 'running',
    failed: 'failed',
    unconfirmed: 'unconfirmed',
  },
  'submitting again': { accepted: 'running', failed: 'failed', unconfirmed: 'unconfirmed' },
  running: {
    progressed: 'running',
    completed: 'downloading',
    failed: 'failed',
    stopped: 'stopped',
  },
  downloading: {
    completed: 'downloading',
    workspaceAwaited: 'downloading',
    converting: 'downloading',
    unconvertible: 'downloading',
    placing: 'downloading',
    saved: 'saved',
    failed: 'failed',
    stopped: 'stopped',
    redirected: 'downloading',
  },
  waitingForWorkspace: {
    completed: 'downloading',
    workspaceAwaited: 'downloading',
    converting: 'downloading',
    unconvertible: 'downloading',
    placing: 'downloading',
    saved: 'saved',
    failed: 'failed',
    stopped: 'stopped',
    redirected: 'downloading',
  },
  saved: {},
  'failed before it was paid': {},
  'failed by the provider': {},
  'failed, recoverable': { redirected: 'failed', resumed: 'running' },
  'failed to be saved': { redirected: 'failed', resumed: 'downloading' },
  cancelled: {},
  stopped: { redirected: 'stopped', resumed: 'running' },
  'stopped with a result': { redirected: 'stopped', resumed: 'downloading' },
  unconfirmed: { accepted: 'running', settled: 'unconfirmed' },
};

describe('a job', () => {
  for (const [name, job] of Object.entries(sample) as [keyof typeof sample, Job][]) {
    for (const event of Object.values(events)) {
      const state = allowed[name][event.type];
      if (state === undefined) {
        it(`that is ${name} cannot be ${event.type}`, () => {
          const before = structuredClone(job);
          assert.throws(() => transition(job, event), TransitionError);
          assert.deepEqual(job, before);
        });
      } else {
        it(`that is ${name} and ${event.type} is ${state}`, () => {
          const before = structuredClone(job);
          const moved = transition(job, event);
          assert.equal(moved.state, state);
          assert.deepEqual(job, before);
          if (event.type === 'redirected') return;
          assert.deepEqual(specOf(moved), spec);
        });
      }
    }
  }
});

describe('the diagram of states in CONTRIBUTING', () => {
  it('has every way from one state to another, and no other', () => {
    const path = join(import.meta.dirname, '../../../CONTRIBUTING.md');
    const arrows = readFileSync(path, 'utf8').matchAll(/^ +(\w+) --> (\w+) : (\w+)$/gm);
    const drawn = [...arrows].map(
      ([, from = '', to = '', event = '']) => `${from} → ${to}: ${event}`,
    );
    const names = Object.keys(sample) as (keyof typeof sample)[];
    const ways = names.flatMap((name) =>
      Object.entries(allowed[name])
        .filter(([, to]) => to !== sample[name].state)
        .map(([event, to]) => `${sample[name].state} → ${to}: ${event}`),
    );
    assert.deepEqual(drawn.toSorted(), [...new Set(ways)].toSorted());
  });
});

describe('what a job knows', () => {
  it('is its request alone until it is accepted', () => {
    for (const job of [sample.uploading, sample.submitting]) {
      const again = transition(job, events.postponed);
      assert.deepEqual(again, { ...spec, state: 'queued' });
    }
    assert.deepEqual(transition(sample.uploading, events.cancelled), {
      ...spec,
      state: 'cancelled',
    });
  });

  it('counts its attempts to submit, and keeps what was sent first', () => {
    const first = transition(sample.queued, {
      type: 'submitting',
      imageUrls: ['https://a.example'],
    });
    const second = transition(first, { type: 'submitting', imageUrls: ['https://b.example'] });
    const imageUrls = ['https://a.example'];
    assert.deepEqual(first, { ...spec, state: 'submitting', attempt: 1, imageUrls });
    assert.deepEqual(second, { ...spec, state: 'submitting', attempt: 2, imageUrls });
  });

  it('is the task, once that is accepted', () => {
    assert.deepEqual(transition(sample['submitting again'], events.accepted), {
      ...spec,
      state: 'running',
      taskId: 'task-1',
      acceptedAt: 2000,
      credits: 2.5,
      estimatedMs: 60_000,
    });
  });

  it('is what an unconfirmed job turned out to be, without its error', () => {
    const running = transition(sample.unconfirmed, events.accepted);
    assert.equal('error' in running, false);
  });

  const told = (progress?: number) =>
    transition(sample.running, {
      type: 'progressed',
      at: 4_000,
      ...(progress !== undefined && { progress }),
    });

  it('is progress that never runs backwards', () => {
    assert.deepEqual(told(60), { ...sample.running, progress: 60, progressAt: 4_000 });
    assert.deepEqual(told(10), sample.running);
    assert.deepEqual(told(), sample.running);
  });

  it('is the result’s address, and when there was first one', () => {
    const { progress: _, progressAt: _at, estimatedMs: __, ...rest } = sample.running;
    const first = transition(sample.running, events.completed);
    assert.deepEqual(first, {
      ...rest,
      state: 'downloading',
      resultUrl: 'https://files.example/b.png',
      finishedAt: 3500,
    });
    const second = transition(sample.downloading, { ...events.completed, at: 9999, credits: 3 });
    assert.deepEqual(second, {
      ...sample.downloading,
      resultUrl: 'https://files.example/b.png',
      credits: 3,
    });
  });

  it('is the place chosen for the file, until the file is there', () => {
    const placing = transition(sample.downloading, events.placing);
    assert.deepEqual(placing, { ...sample.downloading, target: events.placing.target });
    assert.deepEqual(transition(sample.waitingForWorkspace, events.saved), sample.saved);
  });

  it('is the error, and whether the image may still be had', () => {
    const failed = transition(sample.downloading, { ...events.failed, isRecoverable: true });
    assert.deepEqual(failed, sample['failed to be saved']);
    assert.equal('isRecoverable' in transition(sample.running, events.failed), false);
  });

  it('is no error any more when it goes on', () => {
    assert.deepEqual(transition(sample['failed to be saved'], events.resumed), sample.downloading);
    assert.deepEqual(
      transition(sample['stopped with a result'], events.resumed),
      sample.downloading,
    );
    const { progress: _, progressAt: _at, estimatedMs: __, ...rest } = sample.running;
    assert.deepEqual(transition(sample.stopped, events.resumed), rest);
  });

  it('counts conversions anew when it is taken up again, and keeps what was decided of them', () => {
    const decided = { conversionTries: 2, conversionFault: 'tooSlow' } as const;
    for (const before of ['stopped with a result', 'failed to be saved'] as const) {
      const job = { ...sample[before], ...decided } as Job;
      assert.deepEqual(transition(job, events.resumed), {
        ...sample.downloading,
        conversionFault: 'tooSlow',
      });
    }
  });

  it('is another place when it is redirected, of no workspace', () => {
    const { workspaceUri: _, ...rest } = sample.stopped;
    assert.deepEqual(transition(sample.stopped, events.redirected), {
      ...rest,
      destination: { folderUri: 'file:///elsewhere', name: '${promptSlug}' },
    });
  });

  it('is plain data', () => {
    for (const job of Object.values(sample)) assert.deepEqual(JSON.parse(JSON.stringify(job)), job);
  });
});

describe('a list of jobs', () => {
  const named = (isSo: (job: Job) => boolean) =>
    Object.entries(sample).flatMap(([name, job]) => (isSo(job) ? [name] : []));

  it('tells which have work left', () => {
    const unfinished = ['queued', 'uploading', 'submitting', 'submitting again'];
    assert.deepEqual(named(isUnfinished), [
      ...unfinished,
      'running',
      'downloading',
      'waitingForWorkspace',
    ]);
  });

  it('tells which are paid and can be had without paying again', () => {
    assert.deepEqual(named(isRecoverable), [
      'failed, recoverable',
      'failed to be saved',
      'stopped',
      'stopped with a result',
    ]);
  });
});

describe('what only some models have', () => {
  const choices = {
    resolution: '4K',
    resolutionSentAs: 'quality',
    background: 'transparent',
    outputFormat: 'webp',
    seed: 7,
  } as const;

  it('stays with a job from the queue to its file', () => {
    const events: JobEvent[] = [
      { type: 'uploading' },
      { type: 'postponed' },
      { type: 'submitting', imageUrls: [] },
      { type: 'accepted', taskId: 'task-1', at: 1 },
      { type: 'completed', resultUrl: 'https://files.example/a.webp', at: 2 },
      { type: 'saved', image, at: 3 },
    ];
    let job: Job = { ...spec, ...choices, state: 'queued' };
    for (const event of events) {
      job = transition(job, event);
      const { resolution, resolutionSentAs, background, outputFormat, seed } = job;
      assert.deepEqual(
        { resolution, resolutionSentAs, background, outputFormat, seed },
        choices,
        event.type,
      );
    }
  });

  it('is absent from a job of an earlier version, whatever becomes of it', () => {
    const job = transition({ ...spec, state: 'queued' }, { type: 'submitting', imageUrls: [] });
    for (const name of Object.keys(choices)) assert.equal(name in job, false, name);
  });
});
