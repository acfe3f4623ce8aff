import assert from 'node:assert/strict';
import { jobSections } from '../../../../src/editor/jobUi/jobSections.ts';
import type { Job } from '../../../../src/jobs/job.ts';
import { sample } from '../../jobs/sampleJobs.ts';

describe('the list of jobs', () => {
  const called = (id: string, job: Job) => ({ ...job, id }) as Job;
  const ids = (jobs: readonly Job[]) => jobs.map(({ id }) => id);
  const never = () => false;

  it('begins with what only the user can decide, and then has what is under way', () => {
    const unfinished = [
      called('running', sample.running),
      called('held', { ...sample.queued, model: 'gone' }),
      called('queued', sample.queued),
      called('elsewhere', sample.waitingForWorkspace),
    ];
    const recent = [
      called('saved', sample.saved),
      ...unfinished,
      called('stopped', sample.stopped),
      called('unconfirmed', sample.unconfirmed),
      called('settled', { ...sample.unconfirmed, isSettled: true }),
      called('cancelled', sample.cancelled),
    ];
    const sections = jobSections(unfinished, recent, ({ model }) => model === 'gone');
    assert.deepEqual(ids(sections.needUser), ['stopped', 'unconfirmed', 'held', 'elsewhere']);
    assert.deepEqual(ids(sections.underWay), ['running', 'queued']);
    assert.deepEqual(ids(sections.earlier), ['saved', 'settled', 'cancelled']);
  });

  it('leaves the many saved images to the gallery, and nothing that is paid', () => {
    const many = Array.from({ length: 100 }, (_, index) =>
      called(`s${String(index)}`, sample.saved),
    );
    const { needUser, earlier } = jobSections([], [...many, called('paid', sample.stopped)], never);
    assert.deepEqual(ids(needUser), ['paid']);
    assert.deepEqual(ids(earlier), ids(many.slice(0, 20)));
  });
});
