import assert from 'node:assert/strict';
import { createDraftSource } from '../../../src/studio/draft/draftSource.ts';

describe('the source of a draft', () => {
  const pixels = { width: 1280, height: 800 };
  const notExpected = () => {
    throw new Error('Nothing was late');
  };

  it('is its first reference, which is read once', async () => {
    const read: string[] = [];
    const sourceOf = createDraftSource((reference) => {
      read.push(reference);
      return Promise.resolve(reference === 'a' ? pixels : undefined);
    }, notExpected);
    assert.equal(await sourceOf({ references: [] }), undefined);
    for (let time = 0; time < 2; time += 1)
      assert.deepEqual(await sourceOf({ references: ['a', 'b'] }), { reference: 'a', pixels });
    const unknown = { reference: 'b', pixels: undefined };
    assert.deepEqual(await sourceOf({ references: ['b'] }), unknown);
    assert.deepEqual(read, ['a', 'b']);
  });

  it('is not waited for where a file system does not answer, and is there later', async () => {
    const reading = Promise.withResolvers<typeof pixels>();
    const later = Promise.withResolvers<undefined>();
    const sourceOf = createDraftSource(
      () => reading.promise,
      () => later.resolve(undefined),
    );
    assert.equal(await sourceOf({ references: ['a'] }), undefined);
    reading.resolve(pixels);
    await later.promise;
    assert.deepEqual(await sourceOf({ references: ['a'] }), { reference: 'a', pixels });
  });
});
