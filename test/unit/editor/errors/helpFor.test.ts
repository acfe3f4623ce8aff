import assert from 'node:assert/strict';
import { type ErrorCode, errorCodes } from '../../../../src/appError.ts';
import { quotaCode } from '../../../../src/evolink/filesSchema.ts';
import { type Help, helpFor, helpForJobs } from '../../../../src/editor/errors/helpFor.ts';
import type { Remedy } from '../../../../src/jobs/actionsOf.ts';
import type { Job, JobError } from '../../../../src/jobs/job.ts';
import { error, sample } from '../../jobs/sampleJobs.ts';

/** The first button of a failure, by its code: of a command, of a job that cost nothing, of a paid one. */
const first: Record<
  Exclude<ErrorCode, 'unconfirmed'>,
  [Help | undefined, Remedy | Help, Remedy | Help]
> = {
  noKey: ['setKey', 'setKey', 'setKey'],
  auth: ['setKey', 'setKey', 'setKey'],
  forbidden: ['setKey', 'setKey', 'setKey'],
  credits: ['topUp', 'topUp', 'topUp'],
  modelGone: ['chooseModel', 'chooseModel', 'chooseModel'],
  moderated: ['showLog', 'reuse', 'reuse'],
  badRequest: ['showLog', 'reuse', 'reuse'],
  tooLarge: ['showLog', 'reuse', 'reuse'],
  noWorkspace: ['openFolder', 'openFolder', 'openFolder'],
  writeFailed: ['showLog', 'retry', 'saveAs'],
  notFound: ['showLog', 'retry', 'retry'],
  badImage: ['showLog', 'retry', 'retry'],
  network: ['checkConnection', 'retry', 'retry'],
  timeout: ['showLog', 'retry', 'retry'],
  server: ['showLog', 'retry', 'retry'],
  rateLimited: ['showLog', 'retry', 'retry'],
  conflict: ['showJobs', 'retry', 'retry'],
  internal: ['showLog', 'retry', 'retry'],
  cancelled: [undefined, 'retry', 'retry'],
};

function failed(code: ErrorCode, more: Partial<JobError> = {}): Job {
  return { ...sample['failed before it was paid'], error: { ...error, code, ...more } };
}

function paid(code: ErrorCode): Job {
  return { ...sample['failed, recoverable'], error: { ...error, code } };
}

describe('the first button of a failure is the one that helps', () => {
  for (const code of errorCodes.filter((each) => each !== 'unconfirmed'))
    it(code, () => {
      const facts = { code };
      const [command, free, recoverable] = first[code];
      assert.equal(helpFor(facts)[0], command);
      assert.equal(helpForJobs([failed(code)])[0], free);
      assert.equal(helpForJobs([failed(code), failed(code)])[0], free);
      assert.equal(helpForJobs([paid(code)])[0], recoverable);
    });

  const special: [what: string, more: Partial<JobError> & { code: ErrorCode }, Remedy | Help][] = [
    [
      'the key’s own limit',
      { code: 'credits', providerCode: 'insufficient_token_quota' },
      'setKey',
    ],
    ['a proxy', { code: 'network', proxy: 'http://proxy:8080' }, 'proxySettings'],
    ['a certificate', { code: 'network', isUntrusted: true }, 'certificateSettings'],
    ['a setting', { code: 'badRequest', setting: 'imageStudio.apiBaseUrl' }, 'openSetting'],
    ['no room for uploads', { code: 'badRequest', providerCode: quotaCode }, 'makeRoom'],
    [
      'uploads that are off',
      { code: 'forbidden', reference: { name: 'a.png', problem: 'uploadsOff' } },
      'uploadSettings',
    ],
    [
      'a reference that is gone',
      { code: 'badRequest', reference: { name: 'a.png', problem: 'unreadable' } },
      'reuse',
    ],
    [
      'a reference that changed meanwhile',
      { code: 'badRequest', reference: { name: 'a.png', problem: 'changed' } },
      'retry',
    ],
  ];
  for (const [what, { code, ...more }, help] of special)
    it(`for ${what}`, () => {
      assert.equal(helpForJobs([failed(code, more)])[0], help);
    });

  it('offers no other try of words that were refused', () => {
    for (const code of ['moderated', 'badRequest', 'tooLarge'] as const)
      assert.ok(!helpForJobs([failed(code)]).includes('retry'), code);
  });

  it('asks about one unconfirmed image, and shows several of them', () => {
    const unconfirmed: Job = { ...sample.unconfirmed, error: { ...error, code: 'unconfirmed' } };
    assert.deepEqual(helpForJobs([unconfirmed]).slice(0, 2), ['lookUp', 'submitAgain']);
    assert.deepEqual(helpForJobs([unconfirmed, unconfirmed]), ['showJobs']);
  });
});
