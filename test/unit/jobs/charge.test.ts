import assert from 'node:assert/strict';
import { chargeOf } from '../../../src/jobs/charge.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { sample } from './sampleJobs.ts';

const paid = { credits: 7 };
const recovered = { prompt: '', credits: 7 };

describe('what an image was charged', () => {
  const cases: [string, Job, number | undefined][] = [
    ['is known of one that is saved', { ...sample.saved, ...paid }, 7],
    ['is known of one that is being downloaded', { ...sample.downloading, ...paid }, 7],
    ['may be nothing', { ...sample.saved, credits: 0 }, 0],
    ['says nothing of others when it was recovered', { ...sample.saved, ...recovered }, undefined],
    ['nor while that is downloaded', { ...sample.downloading, ...recovered }, undefined],
    ['may change while it is drawn', { ...sample.running, ...paid }, undefined],
    ['may be given back where it was stopped', { ...sample.stopped, ...paid }, undefined],
  ];
  for (const [what, job, credits] of cases) it(what, () => assert.equal(chargeOf(job), credits));
});
