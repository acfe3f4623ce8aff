import assert from 'node:assert/strict';
import { isRequestKnown, type Job } from '../../../../src/jobs/job.ts';
import { decodeJob, encodeJob } from '../../../../src/jobs/store/jobCodec.ts';
import { toJobError } from '../../../../src/jobs/jobError.ts';
import { sample } from '../sampleJobs.ts';

const long = ' '.repeat(200_000) + 'x';

/** What a store gives back. */
function stored(job: Job): Job {
  const read = decodeJob({ id: job.id, data: encodeJob(job) });
  assert.ok(read);
  return read;
}

describe('a job in its row', () => {
  it('comes back as it was, in every state', () => {
    for (const job of Object.values(sample)) assert.deepEqual(stored(job), job);
  });

  /** What decides in version 0.1 whether a row can be read, and its job be submitted. */
  const isReadBy01 = (job: Job) => (JSON.parse(encodeJob(job)) as Job).id === job.id;

  it('can be read by version 0.1, unless that would submit another', () => {
    const choices: Partial<Job>[] = [
      { resolution: '4K' },
      { background: 'transparent' },
      { outputFormat: 'webp' },
      { seed: 7 },
      { quality: '' },
      { quality: '2K', resolutionSentAs: 'quality', resolution: '2K' },
    ];
    for (const known of Object.values(sample)) {
      assert.ok(isReadBy01(known));
      for (const choice of choices) {
        const job = { ...known, ...choice } as Job;
        assert.ok(!isReadBy01(job), JSON.stringify(choice));
        assert.deepEqual(stored(job), job);
      }
    }
  });

  it('is none when its row is of another, or no JSON', () => {
    assert.equal(decodeJob({ id: 'other', data: encodeJob(sample.queued) }), undefined);
    for (const data of ['', '{', 'null', '7', '"x"', '[]'])
      assert.equal(decodeJob({ id: sample.queued.id, data }), undefined);
  });

  it('of a damaged row has stand-ins where it may be paid, and is none where it would ask for another image', () => {
    const wrong = [undefined, null, 7, 'x', {}, [7]];
    for (const known of Object.values(sample))
      for (const part of [
        ...wrong.map((references) => ({ references })),
        ...wrong.map((destination) => ({ destination })),
        { destination: { ...known.destination, name: 7 } },
      ]) {
        const damaged = { ...known, ...part } as unknown as Job;
        const job = decodeJob({ id: known.id, data: encodeJob(damaged) });
        const isPaid = 'taskId' in known || ['submitting', 'unconfirmed'].includes(known.state);
        assert.equal(job !== undefined, isPaid, JSON.stringify([known.state, part]));
        if (!job) continue;
        assert.deepEqual(job.references, 'references' in part ? [] : known.references);
        assert.equal(typeof job.destination.folderUri, 'string');
        assert.equal(typeof job.destination.name, 'string');
        const isRepeatable = known.state === 'submitting' || !('references' in part);
        assert.equal(isRequestKnown(job), isRepeatable);
      }
  });

  it('has short texts when an earlier version kept long ones', () => {
    const error = {
      code: 'server',
      message: long,
      requestId: long,
      providerCode: long,
      topUpUrl: `https://x/${long}`,
      setting: long,
      proxy: long,
      reference: { name: long, problem: 'refused', reason: long },
    } as const;
    const failed = sample['failed, recoverable'];
    const destination = { ...failed.destination, name: long };
    const job = stored({ ...failed, error, destination, actualModel: long });
    assert.ok(JSON.stringify(job).length < 10_000);
    assert.ok(job.state === 'failed' && job.error.code === 'server');
    assert.deepEqual(job.error.reference?.problem, 'refused');
  });

  it('has no key in its error when an earlier version kept one', () => {
    const key = 'sk-0123456789abcdef';
    const error = { code: 'auth', message: `Incorrect API key provided: ${key}. Sorry` } as const;
    const job = stored({ ...sample.unconfirmed, error });
    assert.ok(
      'error' in job && job.error.message === 'Incorrect API key provided: [API key]. Sorry',
    );
  });

  it('keeps what names its task, its result and its files, however long', () => {
    const taskId = 'x'.repeat(5_000);
    const resultUrl = `https://x/${'y'.repeat(20_000)}`;
    const folderUri = `file:///${'z'.repeat(5_000)}`;
    const destination = { ...sample.downloading.destination, folderUri };
    const job = { ...sample.downloading, taskId, resultUrl, destination };
    assert.deepEqual(stored(job), job);
  });

  it('is read when fields are missing that it need not have', () => {
    const { id, state, taskId } = sample.running;
    const data = JSON.stringify({ id, state, taskId, error: { code: 'server' } });
    assert.equal(decodeJob({ id, data })?.state, 'running');
  });

  it('is never one with a long error in the first place', () => {
    assert.ok(toJobError(new Error(long)).message.length <= 1_001);
  });
});
