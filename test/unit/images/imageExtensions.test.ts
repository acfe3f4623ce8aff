import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  hasExtension,
  imageExtensions,
  imageGlob,
  sentExtensions,
} from '../../../src/images/imageExtensions.ts';

describe('extensions of images', () => {
  it('count in any letters, and at the end alone', () => {
    assert.ok(hasExtension('/a/photo.JPG', imageExtensions));
    for (const path of ['/a.png/photo', '/png', '/a.png.txt', '/photo.'])
      assert.ok(!hasExtension(path, imageExtensions), path);
  });

  it('are looked for in small and in capital letters', () => {
    assert.match(imageGlob, /^\*\*\/\*\.\{png,PNG,.*svg,SVG\}$/);
  });

  it('are those for which the menus offer to edit an image', () => {
    const manifest = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
    const patterns = [...manifest.matchAll(/resourceExtname =~ \/(.*?)\/i/g)];
    assert.ok(patterns.length > 0);
    for (const [, pattern = ''] of patterns)
      for (const extension of sentExtensions)
        assert.match(`.${extension}`, new RegExp(pattern.replaceAll('\\\\', '\\')));
  });
});
