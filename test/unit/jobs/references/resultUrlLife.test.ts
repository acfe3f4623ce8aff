import assert from 'node:assert/strict';
import { hasUsableResultUrl } from '../../../../src/jobs/references/resultUrlLife.ts';
import { sample } from '../sampleJobs.ts';

const hourMs = 3600_000;

describe('the address of a result', () => {
  const now = 1e12;
  /** Asked for so many hours ago, and seen to be accepted and finished just now. */
  const asked = (hours: number, more = {}) => ({
    ...sample.saved,
    createdAt: now - hours * hourMs,
    acceptedAt: now,
    finishedAt: now,
    ...more,
  });

  it('is usable for 22 hours from when the image was asked for', () => {
    assert.equal(hasUsableResultUrl(asked(0), now), true);
    // Its address has other bytes.
    assert.equal(hasUsableResultUrl({ ...asked(0), isConverted: true }, now), false);
    assert.equal(hasUsableResultUrl(asked(21.9), now), true);
    assert.equal(hasUsableResultUrl(asked(22), now), false);
  });

  it('is not usable for longer because it was heard of late, or taken up late', () => {
    const acceptedAt = now - 30 * hourMs;
    assert.equal(hasUsableResultUrl(asked(30, { acceptedAt }), now), false);
    // Adopted after a doubt, or asked for again under its key: then it is accepted anew.
    assert.equal(hasUsableResultUrl(asked(30), now), false);
  });

  it('is not usable of a task that was recovered, as its age is not known', () => {
    assert.equal(hasUsableResultUrl(asked(0, { prompt: '' }), now), false);
  });

  it('is not usable when a clock that was ahead noted it', () => {
    assert.equal(hasUsableResultUrl(asked(-1000), now), false);
  });
});
