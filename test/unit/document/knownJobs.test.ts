import assert from 'node:assert/strict';
import { createKnownJobs } from '../../../src/document/knownJobs.ts';
import type { SavedJob } from '../../../src/jobs/job.ts';
import { sample } from '../jobs/sampleJobs.ts';

describe('what is known of images', () => {
  const job: SavedJob = sample.saved;
  let refusal: Error | undefined;
  let isIndexed: boolean;
  let log: string[];

  beforeEach(() => {
    [refusal, isIndexed, log] = [undefined, true, []];
  });

  function known() {
    const read = <T>(value: T): T => {
      if (refusal) throw refusal;
      return value;
    };
    return createKnownJobs({
      store: { byUri: (uri) => read(isIndexed && uri === job.uri ? job : undefined) },
      engine: {
        listRecent: () => read([sample.queued, job]),
        whenFree: (work) => Promise.resolve().then(work),
      },
      log: (line) => log.push(line),
    });
  }

  const locked = Object.assign(new Error('locked'), { code: 'ERR_SQLITE_ERROR' });

  it('is found in the list, and by the file', async () => {
    const jobs = known();
    assert.deepEqual(jobs.recent(), [sample.queued, job]);
    assert.equal(await jobs.ofFile(job.uri), job);
    isIndexed = false;
    assert.equal(await jobs.ofFile(job.uri), job);
    assert.equal(await jobs.ofFile('file:///another.png'), undefined);
  });

  it('is as it was last while the list cannot be read', async () => {
    const jobs = known();
    refusal = locked;
    assert.deepEqual(jobs.recent(), []);
    assert.equal(await jobs.ofFile(job.uri), undefined);
    refusal = undefined;
    jobs.recent();
    refusal = locked;
    assert.deepEqual(jobs.recent(), [sample.queued, job]);
    assert.equal(await jobs.ofFile(job.uri), job);
    assert.equal(log.length, 4);
    assert.match(log[0] ?? '', /cannot be read now: locked$/);
  });

  it('hides no fault of our own', async () => {
    const jobs = known();
    refusal = new TypeError('ours');
    assert.throws(() => jobs.recent(), TypeError);
    await assert.rejects(jobs.ofFile(job.uri), TypeError);
  });
});
