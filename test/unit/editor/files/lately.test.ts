import assert from 'node:assert/strict';
import { Lately } from '../../../../src/editor/files/lately.ts';

describe('what was done lately', () => {
  it('is known for a while, from the last time on', () => {
    const lately = new Lately(100);
    lately.add('a', 0);
    lately.add('a', 60);
    assert.deepEqual([lately.has('a', 159), lately.has('a', 160)], [true, false]);
    assert.equal(lately.has('b', 0), false);
  });

  it('does not grow without end', () => {
    const lately = new Lately(100);
    for (let atMs = 0; atMs < 10_000; atMs += 1) lately.add(String(atMs), atMs);
    assert.equal(lately.size, 100);
    // One that is added again is not dropped with those of its age.
    lately.add('9901', 9_999);
    lately.add('new', 10_050);
    assert.equal(lately.has('9901', 10_050), true);
  });
});
