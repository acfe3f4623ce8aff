import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { firstIconsBytes, isFitForIcon } from '../../../src/images/listIcon.ts';

describe('an icon for a row of a list', () => {
  let folder: string;
  let small: Buffer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'icon-'));
    small = await plain(64, 48).png().toBuffer();
  });
  after(() => rm(folder, { recursive: true }));

  const plain = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#888' } });

  async function isFit(bytes: Buffer | string): Promise<boolean> {
    const path = join(folder, 'image.png');
    await writeFile(path, bytes);
    return await isFitForIcon(path, Buffer.byteLength(bytes));
  }

  /** A header that claims these dimensions, before the pixels of a small image. */
  function claiming(width: number, height: number): Buffer {
    const bytes = Buffer.from(small);
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes;
  }

  it('is a small image of any kind', async () => {
    const image = plain(64, 48);
    for (const bytes of [small, await image.jpeg().toBuffer(), await image.webp().toBuffer()])
      assert.equal(await isFit(bytes), true);
    assert.equal(await isFit(await plain(2048, 2048).png().toBuffer()), true);
  });

  const others: [string, () => Buffer | string | Promise<Buffer>][] = [
    ['a small file of very many pixels', () => plain(4096, 4096).png().toBuffer()],
    ['a header of 65,535 × 65,535', () => claiming(65_535, 65_535)],
    ['a header of one long line', () => claiming(1, 0x7fff_ffff)],
    ['a JPEG of very many pixels', () => plain(3000, 3000).jpeg({ quality: 1 }).toBuffer()],
    ['a WebP of very many pixels', () => plain(3000, 3000).webp({ quality: 1 }).toBuffer()],
    [
      'a drawing under another name',
      () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    ],
    ['a text', () => 'no image'],
    ['an empty file', () => ''],
    ['a large file', () => Buffer.concat([small, Buffer.alloc(256 * 1024)])],
  ];
  for (const [what, bytes] of others)
    it(`is not ${what}`, async () => {
      assert.equal(await isFit(await bytes()), false);
    });

  it('is a large image as models draw them where few rows are seen', async () => {
    const path = join(folder, 'drawn.png');
    const isFit = async (sizeBytes: number) => {
      await writeFile(path, Buffer.concat([small, Buffer.alloc(sizeBytes - small.length)]));
      return await isFitForIcon(path, sizeBytes, firstIconsBytes);
    };
    assert.equal(await isFit(2 * 1024 * 1024), true);
    assert.equal(await isFit(firstIconsBytes + 1), false);
  });

  it('is no file that is not there', async () => {
    assert.equal(await isFitForIcon(join(folder, 'missing.png'), 100), false);
  });
});
