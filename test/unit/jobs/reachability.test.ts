import assert from 'node:assert/strict';
import { AppError, type ErrorDetails, type ErrorCode } from '../../../src/appError.ts';
import { createReachability, type Reachability } from '../../../src/jobs/reachability.ts';

const never = new AbortController().signal;
const error = (code: ErrorCode, details: ErrorDetails = {}) => new AppError(code, 'x', details);

describe('whether the provider can be reached', () => {
  let reach: Reachability;
  let asked: number;
  let answer: () => Promise<number | undefined>;
  let heard: (number | undefined)[];
  let changes: boolean[];

  beforeEach(() => {
    [asked, heard, changes] = [0, [], []];
    answer = () => Promise.resolve(5);
    reach = createReachability({
      ask() {
        asked += 1;
        return answer();
      },
      signal: never,
      onAnswer: (credits) => heard.push(credits),
      onChange: () => changes.push(reach.isAsking()),
    });
  });

  it('is not asked while nothing speaks against it', async () => {
    assert.equal(await reach.failure(never), undefined);
    reach.note(error('server', { status: 500, sent: 'yes' }));
    reach.note(error('auth', { status: 401, sent: 'yes' }));
    assert.equal(await reach.failure(never), undefined);
    assert.equal(asked, 0);
  });

  for (const failure of [
    error('network', { sent: 'maybe' }),
    error('timeout', { sent: 'maybe' }),
    error('server', { sent: 'yes' }),
  ])
    it(`is asked before anything is sent, after ${failure.code}, until it is`, async () => {
      reach.note(failure);
      answer = () => Promise.reject(failure);
      for (const times of [1, 2]) {
        const found = await reach.failure(never);
        assert.equal(found?.details.sent, 'no');
        assert.match(found.code, /network|timeout/);
        assert.equal(asked, times);
      }
      answer = () => Promise.resolve(5);
      assert.equal(await reach.failure(never), undefined);
      assert.equal(await reach.failure(never), undefined);
      assert.deepEqual([asked, heard], [3, [5]]);
    });

  it('is reached when it refuses', async () => {
    for (const code of ['auth', 'noKey', 'credits', 'forbidden', 'rateLimited'] as const) {
      reach.note(error('network'));
      answer = () => Promise.reject(error(code, { status: 400 }));
      assert.equal(await reach.failure(never), undefined, code);
    }
    assert.deepEqual(heard, []);
  });

  it('is not reached by a question that is not sent, because a wait was asked for', async () => {
    reach.note(error('network'));
    answer = () => Promise.reject(error('rateLimited', { sent: 'no', retryAfterMs: 500 }));
    for (const times of [1, 2]) {
      const found = await reach.failure(never);
      assert.deepEqual(
        [found?.code, found?.details.retryAfterMs, asked],
        ['rateLimited', 500, times],
      );
    }
    answer = () => Promise.reject(error('rateLimited', { sent: 'yes', status: 429 }));
    assert.equal(await reach.failure(never), undefined, 'an answer all the same');
    assert.equal(await reach.failure(never), undefined);
    assert.equal(asked, 3);
  });

  it('is as unknown as before when a question went nowhere', async () => {
    reach.note(error('network'));
    for (const code of ['unconfirmed', 'noKey', 'internal'] as const) {
      answer = () => Promise.reject(error(code, { sent: 'no' }));
      await reach.check();
    }
    answer = () => Promise.reject(error('network', { sent: 'maybe' }));
    assert.equal((await reach.failure(never))?.code, 'network');
  });

  it('is asked once for all who want to know', async () => {
    reach.note(error('network'));
    await Promise.all([reach.failure(never), reach.failure(never), reach.check()]);
    assert.deepEqual([asked, changes], [1, [true, false]]);
  });

  it('keeps nobody who goes', async () => {
    reach.note(error('network'));
    answer = () => new Promise(() => undefined);
    const leaving = new AbortController();
    const failure = reach.failure(leaving.signal);
    leaving.abort();
    await assert.rejects(failure, { code: 'cancelled' });
  });

  it('needs no question when something else was answered', async () => {
    reach.note(error('network'));
    reach.answered();
    assert.equal(await reach.failure(never), undefined);
    assert.equal(asked, 0);
  });
});
