import { strict as assert } from 'node:assert';
import { mayHoldImages } from '../../../../src/editor/files/mayHoldImages.ts';

describe('what may be an image, or a folder of images', () => {
  for (const path of ['/a/fox.png', '/a/Fox.JPEG', '/a/images', '/a/.hidden', '/a.b/images'])
    it(`is ${path}`, () => assert.equal(mayHoldImages(path), true));
  for (const path of ['/a/fox.ts', '/images/README.md', '/a/fox.png.txt'])
    it(`is not ${path}`, () => assert.equal(mayHoldImages(path), false));
});
