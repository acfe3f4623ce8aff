import assert from 'node:assert/strict';
import { decodePause } from '../../../../src/jobs/store/sharedSettings.ts';

describe('the row of a pause', () => {
  const read = (row: unknown) => decodePause(JSON.stringify(row));
  const error = { code: 'credits', message: 'Out of credits' };

  it('is what was written, by this version or an earlier one', () => {
    for (const pause of [
      { reason: 'person' },
      { reason: 'credits', error, asked: { untilMs: 9, waitMs: 5 } },
      { reason: 'key', error },
      { reason: 'rateLimited', untilMs: 9, error },
      { reason: 'network', untilMs: 9, waitMs: 5, error },
    ])
      assert.equal(JSON.stringify(read(pause)), JSON.stringify(pause));
    assert.equal(decodePause(null), undefined);
  });

  it('holds nobody when it is no pause, or one that nothing would end', () => {
    for (const row of ['', '{', 'null', '7', '"person"', '[]', '{}', '{"reason":7}'])
      assert.equal(decodePause(row), undefined, row);
    for (const untilMs of [undefined, null, 'soon', {}])
      assert.equal(read({ reason: 'rateLimited', untilMs }), undefined);
  });

  it('is ended by a user when its reason is of a later version', () => {
    assert.deepEqual(read({ reason: 'moon' }), { reason: 'person' });
    assert.deepEqual(read({ reason: 'constructor' }), { reason: 'person' });
  });

  it('has no part that is not what it should be', () => {
    const credits = { reason: 'credits' };
    for (const part of [
      { untilMs: 'soon', waitMs: null },
      { error: 'none' },
      { error: { code: 7, message: 'x' } },
      { error: { code: 'credits' } },
      { asked: null },
      { asked: 7 },
      { asked: [] },
      { asked: { untilMs: 'soon' } },
      { asked: { waitMs: 5 } },
    ])
      assert.deepEqual(read({ ...credits, ...part }), credits, JSON.stringify(part));
    const asked = { reason: 'person', untilMs: 9, waitMs: 'x', error, asked: { untilMs: 99 } };
    assert.deepEqual(read({ ...credits, asked }), { ...credits, asked: { untilMs: 9 } });
  });
});
