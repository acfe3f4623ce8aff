import assert from 'node:assert/strict';
import { accountFingerprint } from '../../../src/evolink/accountFingerprint.ts';

describe('the fingerprint of an account', () => {
  const host = 'https://api.evolink.ai';
  const key = 'sk-0123456789abcdef';

  it('is the one that stores of earlier versions have', () => {
    assert.equal(accountFingerprint(host, key), 'b74c10da');
  });

  it('is another for another key or host', () => {
    const all = [
      [host, key],
      [host, `${key}0`],
      [host, key.toUpperCase()],
      ['https://api.example', key],
    ] as const;
    assert.equal(new Set(all.map(([url, each]) => accountFingerprint(url, each))).size, all.length);
  });

  it('is too short to tell a key by: other keys have the same', () => {
    const seen = new Set<string>();
    let count = 0;
    // Among some 80,000 two are expected to be the same.
    while (seen.size === count) {
      seen.add(accountFingerprint(host, `sk-${String(count)}`));
      count += 1;
    }
    assert.ok(count < 1_000_000);
  });
});
