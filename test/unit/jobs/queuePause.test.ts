import assert from 'node:assert/strict';
import { countsMore, type QueuePause } from '../../../src/jobs/queuePause.ts';

describe('of two pauses', () => {
  const byUser: QueuePause = { reason: 'person' };
  const noKey: QueuePause = { reason: 'key' };
  const noCredits: QueuePause = { reason: 'credits' };
  const limited = (untilMs: number): QueuePause => ({ reason: 'rateLimited', untilMs });
  const offline = (untilMs: number): QueuePause => ({ reason: 'network', untilMs });

  for (const [what, next, current, expected] of [
    ['what a user has set stays', limited(9), byUser, false],
    ['what a user sets counts', byUser, noKey, true],
    ['what a user has to mend outlasts a wait', limited(9), noCredits, false],
    ['the last counts that a user has to mend', noKey, noCredits, true],
    ['the same is not new', noKey, noKey, false],
    ['the later end counts', limited(9), limited(5), true],
    ['the earlier end does not', limited(5), limited(9), false],
    ['a network that is back soon does not end a longer wait', offline(5), limited(9), false],
    ['a longer wait counts over a network that is back soon', limited(9), offline(5), true],
  ] as const)
    it(what, () => {
      assert.equal(countsMore(next, current), expected);
    });
});
