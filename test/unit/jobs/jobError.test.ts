import assert from 'node:assert/strict';
import { EvolinkError } from '../../../src/evolink/errors.ts';
import { toJobError, toWriteError } from '../../../src/jobs/jobError.ts';

describe('what a job remembers of a failure', () => {
  it('is what helps a user, and no more', () => {
    const details = {
      status: 402,
      requestId: 'req-1',
      providerCode: 'quota_exceeded',
      providerMessage: 'x',
      param: 'prompt',
      retryAfterMs: 7,
      topUpUrl: 'https://evolink.ai',
      proxy: 'http://proxy.example',
      setting: 'imageStudio.size',
      reference: { name: 'a.png', problem: 'empty' },
      sent: 'yes',
    } as const;
    const error = toJobError(
      new EvolinkError('credits', 'No credits', details, new Error('cause')),
    );
    assert.deepEqual(error, {
      code: 'credits',
      message: 'No credits',
      requestId: 'req-1',
      providerCode: 'quota_exceeded',
      topUpUrl: 'https://evolink.ai',
      proxy: 'http://proxy.example',
      setting: 'imageStudio.size',
      reference: { name: 'a.png', problem: 'empty' },
    });
    assert.deepEqual(JSON.parse(JSON.stringify(error)), error);
  });

  it('has no empty fields', () => {
    assert.deepEqual(toJobError(new EvolinkError('server', 'x')), { code: 'server', message: 'x' });
  });

  it('is made of anything that was thrown', () => {
    assert.deepEqual(toJobError(new TypeError('odd')), { code: 'internal', message: 'odd' });
  });
});

describe('a file that could not be written', () => {
  const cases: [string, string][] = [
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the disk quota is used up'],
    ['EACCES', 'the folder is read-only or not yours'],
    ['EPERM', 'the folder is read-only or not yours'],
    ['EROFS', 'the file system is read-only'],
    ['ENOTDIR', 'a file stands where a folder is needed'],
    ['ENAMETOOLONG', 'the name is too long'],
    ['NoPermissions', 'the folder is read-only or not yours'],
    ['Unavailable', 'the file system is not available now'],
    ['EWHATEVER', 'EWHATEVER'],
  ];
  for (const [code, reason] of cases) {
    it(`is told in words for ${code}`, () => {
      const error = toWriteError(Object.assign(new Error('x'), { code }), '/images');
      assert.equal(error.code, 'writeFailed');
      assert.equal(error.message, `Cannot write to /images: ${reason}`);
    });
  }

  it('is told as it was thrown when it has no code', () => {
    assert.match(toWriteError(new Error('odd'), '/a').message, /: odd$/);
    assert.match(toWriteError('odd', '/a').message, /: odd$/);
  });

  it('stays itself when it is one of ours', () => {
    const error = new EvolinkError('badImage', 'x');
    assert.equal(toWriteError(error, '/a'), error);
  });
});
