import assert from 'node:assert/strict';
import { placeToRestore } from '../../../src/studio/gallery/placeToRestore.ts';

describe('the place of a deleted image that is brought back', () => {
  const own = 'file:///a/fox.png';

  /** Files by their content, and places of images in the gallery. */
  const placed = (files: Record<string, string>, ...taken: string[]) =>
    placeToRestore(own, {
      exists: (uri) => Promise.resolve(uri in files),
      isSame: (uri) => Promise.resolve(files[uri] === 'fox'),
      isTaken: (uri) => taken.includes(uri),
    });

  it('is its own', async () => {
    assert.deepEqual(await placed({}), { uri: own, isThere: false });
  });

  it('is its own when its file is back already', async () => {
    assert.deepEqual(await placed({ [own]: 'fox' }), { uri: own, isThere: true });
  });

  it('is beside another file that came there, so that neither is lost', async () => {
    const second = 'file:///a/fox-2.png';
    assert.deepEqual(await placed({ [own]: 'owl' }), { uri: second, isThere: false });
    const third = { uri: 'file:///a/fox-3.png', isThere: false };
    assert.deepEqual(await placed({ [own]: 'owl', [second]: 'fox' }), third);
  });

  it('is never that of another image of the gallery', async () => {
    const second = { uri: 'file:///a/fox-2.png', isThere: false };
    assert.deepEqual(await placed({ [own]: 'fox' }, own), second);
    // Its file is missing, and may come back.
    assert.deepEqual(await placed({}, own), second);
  });
});
