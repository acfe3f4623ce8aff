import assert from 'node:assert/strict';
import { maxDraggedImages } from '../../../src/shared/draggedImages.ts';
import type { Entry } from '../../../src/shared/studio/entry.ts';
import { dragOf } from '../../../src/webview/studio/gallery/dragOf.ts';

const fileOf = (key: number) => `file:///site/${String(key)}.png`;
const entry = (key: number, image: Partial<Entry['image']> = {}): [number, Entry] => [
  key,
  { key, image: { uri: fileOf(key), isMissing: false, ...image } } as Entry,
];

describe('what is dragged of the gallery', () => {
  it('is each image of the selection, in its order', () => {
    const entries = new Map([entry(1), entry(2), entry(3)]);
    assert.deepEqual(dragOf([3, 1], entries), { uris: [fileOf(3), fileOf(1)], unknown: [] });
  });

  it('is without what has no image, and without missing files, of which a user is told', () => {
    const failed = [4, { key: 4 } as Entry] as const;
    const entries = new Map([entry(1), entry(2, { isMissing: true }), failed]);
    assert.deepEqual(dragOf([1, 4], entries), { uris: [fileOf(1)], unknown: [] });
    assert.deepEqual(dragOf([1, 2], entries), {
      uris: [fileOf(1)],
      leftOut: 'missing',
      unknown: [],
    });
  });

  it('is nothing until all of it is known', () => {
    const drag = dragOf([1, 7, 8], new Map([entry(1)]));
    assert.deepEqual(drag, { uris: [], leftOut: 'loading', unknown: [7, 8] });
  });

  it('is nothing when it is more than a text takes', () => {
    const keys = Array.from({ length: maxDraggedImages + 1 }, (_, index) => index + 1);
    const entries = new Map(keys.map((key) => entry(key)));
    assert.deepEqual(dragOf(keys, entries), { uris: [], leftOut: 'tooMany', unknown: [] });
    assert.deepEqual(dragOf(keys, new Map()), { uris: [], leftOut: 'tooMany', unknown: [] });
    assert.equal(dragOf(keys.slice(1), entries).uris.length, maxDraggedImages);
  });
});
