import assert from 'node:assert/strict';
import { setImmediate as soon } from 'node:timers/promises';
import { createAccountCheck } from '../../../src/jobs/accountCheck.ts';
import type { QueuePause } from '../../../src/jobs/queuePause.ts';

describe('whether credits were bought', () => {
  let left: number;
  let current: QueuePause | undefined;
  let ended: string[];
  let account: ReturnType<typeof createAccountCheck>;

  beforeEach(() => {
    [left, current, ended] = [3, { reason: 'credits' }, []];
    account = createAccountCheck({
      client: { credits: () => Promise.resolve(left) },
      signal: new AbortController().signal,
      pause: { current: () => current, end: (...reasons) => void ended.push(...reasons) },
      guarded: (attempt) => attempt(),
      onChange: () => undefined,
      onAnswer: () => undefined,
    });
  });

  it('is known by more than there was right after the refusal', async () => {
    account.refused();
    await soon();
    await account.reach.check();
    assert.deepEqual(ended, []);
    left = 4;
    await account.reach.check();
    assert.deepEqual(ended, ['credits']);
  });

  it('is known the same when the pause could not be written down at the refusal', async () => {
    current = undefined;
    account.refused();
    await soon();
    current = { reason: 'credits' };
    left = 4;
    await account.reach.check();
    assert.deepEqual(ended, ['credits']);
  });
});
