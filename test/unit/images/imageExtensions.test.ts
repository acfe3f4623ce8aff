import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { hasExtension, imageExtensions } from '../../../src/images/imageExtensions.ts';
import { dialogExtensions, imageGlob } from '../../../src/images/imageGlob.ts';

/** What cameras, Windows, browsers and programs write. */
const names = [
  ...['a.png', 'a.PNG', 'a.Png', 'a.apng', 'a.jpg', 'a.JPG', 'a.Jpg', 'a.jpeg', 'a.jpe', 'a.jfif'],
  ...['a.JFIF', 'a.pjpeg', 'a.pjp', 'a.webp', 'a.WebP', 'a.gif', 'a.avif', 'a.avifs', 'a.bmp'],
  ...['a.dib', 'a.ico', 'a.cur', 'a.svg', 'a.SVG', 'a.drawio.svg', 'a.b.Jpeg', 'ä 1.AVIF'],
];
const others = ['a.png.txt', 'a.pngx', 'png', 'a.', 'a.tiff', 'a.heic', 'a.html', 'a.svgz'];

describe('extensions of images', () => {
  it('count in any letters, and at the end alone', () => {
    for (const name of names) assert.ok(hasExtension(`/a/${name}`, imageExtensions), name);
    for (const name of [...others, 'a.png/photo'])
      assert.ok(!hasExtension(`/${name}`, imageExtensions), name);
  });

  it('are looked for in small and in capital letters', () => {
    for (const name of names) assert.ok(matchesGlob(`images/${name}`, imageGlob), name);
    for (const name of others) assert.ok(!matchesGlob(`images/${name}`, imageGlob), name);
    for (const extension of ['jpg', 'JPG', 'jfif', 'JFIF', 'svg'])
      assert.ok(dialogExtensions.includes(extension), extension);
  });

  it('are those for which each menu offers to edit an image, and no others', () => {
    const manifest = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
    const patterns = [...manifest.matchAll(/resourceExtname =~ \/(.*?)\/(\w*)/g)];
    assert.ok(patterns.length >= 4);
    for (const [, pattern, flags] of patterns) {
      const written = pattern?.replaceAll('\\\\', '\\');
      assert.deepEqual([written, flags], [`^\\.(${imageExtensions.join('|')})$`, 'i']);
    }
  });
});
