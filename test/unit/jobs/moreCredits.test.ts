import assert from 'node:assert/strict';
import { hasMore } from '../../../src/jobs/moreCredits.ts';

describe('after a refusal for want of credits', () => {
  const told = { quota: { balance: 2, estimated: 4 } };
  for (const [what, left, error, atRefusal, expected] of [
    ['the same figure changes nothing', 982.5, undefined, 982.5, false],
    ['more credits are news', 983, undefined, 982.5, true],
    ['fewer are none', 1, told, 2, false],
    ['what the refusal told is compared', 2, told, undefined, false],
    ['and is news when it is more', 100, told, undefined, true],
    ['of an earlier window, any credits may be new', 5, undefined, undefined, true],
    ['but no credits are not', 0, undefined, undefined, false],
  ] as const)
    it(what, () => {
      assert.equal(hasMore(left, error, atRefusal), expected);
    });
});
