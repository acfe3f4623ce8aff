import assert from 'node:assert/strict';
import { actionsOf } from '../../../src/jobs/actionsOf.ts';
import type { Job, JobError } from '../../../src/jobs/job.ts';
import type { EntryAction } from '../../../src/shared/studio/entry.ts';
import { captionActions } from '../../../src/webview/studio/detail/captionActions.ts';
import { error, sample } from '../jobs/sampleJobs.ts';

const withError = (job: Job, more: Partial<JobError>): Job =>
  job.state === 'failed' ? { ...job, error: { ...error, ...more } } : job;

/** What the Studio offers first of a job that has no image. */
const offered: [what: string, job: Job, actions: EntryAction[]][] = [
  ['paid, and not watched', sample.stopped, ['resume', 'makeAgain']],
  ['paid, and not fetched', sample['failed, recoverable'], ['resume', 'makeAgain']],
  ['paid, and not saved', sample['failed to be saved'], ['resume', 'makeAgain']],
  ['perhaps paid', sample.unconfirmed, ['lookUp', 'submitAgain']],
  ['never paid', sample['failed before it was paid'], ['retry']],
  ['cancelled', sample.cancelled, ['retry']],
  [
    'refused for its words',
    withError(sample['failed before it was paid'], { code: 'moderated' }),
    ['reuse', 'retry'],
  ],
];

describe('what the Studio offers first', () => {
  for (const [what, job, actions] of offered)
    it(`costs nothing as long as that helps: ${what}`, () => {
      const { state } = job;
      const given = { state, actions: actionsOf(job) } as Parameters<typeof captionActions>[0];
      assert.deepEqual(captionActions(given), actions);
    });

  it('finds a missing file before it is made again', () => {
    const actions = actionsOf(sample.saved, { isFileMissing: true }) as EntryAction[];
    assert.deepEqual(captionActions({ state: 'saved', actions }), ['locate', 'makeAgain']);
  });
});
