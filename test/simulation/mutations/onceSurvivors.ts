import type { Mutation } from './mutation.ts';

/** Faults that no test found before there was a simulator. */
export const onceSurvivors: readonly Mutation[] = [
  {
    name: 'watching is given up after ten minutes',
    file: 'src/jobs/steps/pollStep.ts',
    find: "        if (task.status !== 'completed') return progress(task);",
    replace: `        if (task.status !== 'completed' && monotonicMs() - startedMs > 600_000)
          return fail(first, noResult(), true);
        if (task.status !== 'completed') return progress(task);`,
    focus: ['slowTasks'],
  },
  {
    name: 'a download is not written through (no fsync)',
    file: 'src/jobs/steps/downloadStep.ts',
    find: '      await syncFile(files, part);\n',
    replace: '',
    focus: ['powerCuts'],
  },
  {
    name: 'a placed copy is not written through (no fsync)',
    file: 'src/jobs/steps/durableFiles.ts',
    find: '  await syncFile(files, to);\n',
    replace: '',
    focus: ['powerCuts'],
  },
  {
    name: 'the store does not wait for the disk (synchronous = OFF)',
    file: 'src/jobs/store/database.ts',
    find: 'PRAGMA synchronous = FULL',
    replace: 'PRAGMA synchronous = OFF',
    focus: ['powerCuts'],
  },
  {
    name: 'patience with a result is cut to one hour',
    file: 'src/jobs/steps/downloadStep.ts',
    find: 'const resultLifeMs = 26 * 3600_000;',
    replace: 'const resultLifeMs = 3600_000;',
    focus: ['outages'],
  },
  {
    name: 'Retry-After is ignored for downloads',
    file: 'src/jobs/steps/downloadStep.ts',
    find: 'Math.min(error.details.retryAfterMs ?? 0, maxAskedMs)',
    replace: '0',
    focus: ['rateLimits'],
  },
  {
    name: 'Retry-After is ignored before the first repetition of a create',
    file: 'src/jobs/steps/submitStep.ts',
    find: 'await sleep(pauseBeforeReplayMs, askedMs, signal);',
    replace: 'await sleep(pauseBeforeReplayMs, undefined, signal);',
    focus: ['lostCreates'],
  },
  {
    name: 'the length of a download is not checked',
    file: 'src/jobs/steps/downloadStep.ts',
    find: 'if (sizeBytes !== undefined && facts.sizeBytes !== sizeBytes)',
    replace: 'if (sizeBytes === -1)',
    focus: ['resultBodies'],
  },
];
