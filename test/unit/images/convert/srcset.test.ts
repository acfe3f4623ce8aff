import assert from 'node:assert/strict';
import { nameConverted } from '../../../../src/images/convert/nameConverted.ts';
import { formatOfExtension } from '../../../../src/images/convert/outputFormat.ts';
import { distinctWidths, sizesOf, srcsetOf } from '../../../../src/images/convert/srcset.ts';

describe('the widths of an image', () => {
  it('are in order, never larger than it, and not near-equal', () => {
    assert.deepEqual(distinctWidths([1280, 640], 2000), [640, 1280]);
    assert.deepEqual(distinctWidths([640, 1280, 1920], 1536), [640, 1280, 1536]);
    assert.deepEqual(distinctWidths([640, 1280, 1920], 1300), [640, 1300]);
    assert.deepEqual(distinctWidths([640, 650, 660, 1280], 4000), [660, 1280]);
    assert.deepEqual(distinctWidths([640, 640, undefined], 100), [100]);
    assert.deepEqual(distinctWidths([1], 1), [1]);
  });

  it('make a srcset whose names a page can read, and sizes up to the widest', () => {
    const files = [
      { path: 'red fox, 1-640.webp', width: 640 },
      { path: 'img/狐-1280.webp', width: 1280 },
    ];
    assert.equal(srcsetOf(files), 'red%20fox%2C%201-640.webp 640w, img/%E7%8B%90-1280.webp 1280w');
    assert.equal(sizesOf(files), '(max-width: 1280px) 100vw, 1280px');
  });
});

describe('the name of a converted file', () => {
  const named = (over: Partial<Parameters<typeof nameConverted>[0]>) =>
    nameConverted({
      targetPath: '/site/photo.png',
      sourcePath: '/site/photo.png',
      extension: '.webp',
      scaledWidth: 800,
      ...over,
    });

  it('is that of its source with another extension', () => {
    assert.equal(named({}), 'photo.webp');
    assert.equal(named({ targetPath: '/site/a.b.png' }), 'a.b.webp');
    assert.equal(named({ targetPath: '/site/plain' }), 'plain.webp');
  });

  it('has its width where its source has that name already', () => {
    assert.equal(named({ extension: '.png' }), 'photo-800.png');
    const jpeg = { sourcePath: '/site/photo.jpeg', targetPath: '/site/photo.jpeg' };
    assert.equal(named({ ...jpeg, extension: '.jpg' }), 'photo.jpg');
  });

  it('keeps an extension that says the same', () => {
    assert.equal(named({ targetPath: '/site/hero.jpeg', extension: '.jpg' }), 'hero.jpeg');
  });

  it('has width and hash where they are wanted', () => {
    assert.equal(named({ width: 640, sha256: '0123456789ab' }), 'photo-640.01234567.webp');
    assert.equal(named({ sha256: '0123456789ab' }), 'photo.01234567.webp');
  });

  it('says which format is asked for', () => {
    assert.equal(formatOfExtension('JPEG'), 'jpeg');
    assert.equal(formatOfExtension('webp'), 'webp');
    assert.equal(formatOfExtension('ico'), undefined);
    assert.equal(formatOfExtension('avif'), undefined);
  });
});
