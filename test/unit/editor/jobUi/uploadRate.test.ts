import assert from 'node:assert/strict';
import { createUploadRate } from '../../../../src/editor/jobUi/uploadRate.ts';

describe('the rate of an upload', () => {
  let nowMs: number;
  const start = () => {
    nowMs = 0;
    const rate = createUploadRate(() => nowMs);
    return (atMs: number, sentBytes: number, jobId = 'one') => {
      nowMs = atMs;
      return rate.note(jobId, sentBytes);
    };
  };

  it('is not told before it is known', () => {
    const note = start();
    assert.equal(note(0, 0), undefined);
    assert.equal(note(500, 4_000), undefined);
    assert.equal(note(1_000, 8_000), 8_000);
  });

  it('follows a line that becomes slow', () => {
    const note = start();
    for (let s = 0; s <= 10; s += 1) note(s * 1_000, s * 50_000);
    let last: number | undefined;
    for (let s = 1; s <= 6; s += 1) last = note(10_000 + s * 1_000, 500_000 + s * 100);
    assert.equal(last, 100);
  });

  it('says that nothing goes when nothing does', () => {
    const note = start();
    note(0, 700);
    assert.equal(note(2_000, 700), 0);
  });

  it('begins anew with a file that is sent again, and with another job', () => {
    const note = start();
    note(0, 0);
    note(2_000, 90_000);
    assert.equal(note(2_500, 10_000), undefined);
    assert.equal(note(4_500, 30_000), 10_000);
    assert.equal(note(5_000, 40_000, 'two'), undefined);
  });
});
