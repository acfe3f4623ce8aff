import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { checkImageFile } from '../../../src/images/checkImage.ts';
import { BadImageError, type ImageFacts } from '../../../src/images/imageFacts.ts';

type Type = 'png' | 'jpg' | 'webp' | 'gif' | 'avif';

/** Noise, so that no format makes it small. */
async function draw(type: Type, width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  const image = sharp({
    create: { width, height, channels: 3, background: '#888', noise },
  });
  return await image.toFormat(type === 'jpg' ? 'jpeg' : type).toBuffer();
}

describe('the type of an image', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'types-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function inspect(bytes: Buffer | string, name = 'image') {
    const path = join(folder, name);
    await writeFile(path, bytes);
    return await checkImageFile(path);
  }

  async function isRefused(bytes: Buffer | string, name?: string): Promise<string> {
    const thrown: unknown = await inspect(bytes, name).catch((reason: unknown) => reason);
    if (thrown instanceof BadImageError) return thrown.message;
    return assert.fail(`it was taken: ${JSON.stringify(thrown)}`);
  }

  const sizes: [number, number][] = [
    [1, 1],
    [37, 53],
    [300, 180],
  ];
  for (const type of ['png', 'jpg', 'webp', 'gif'] as const) {
    for (const [width, height] of sizes) {
      it(`tells type and size of a ${type} of ${String(width)}×${String(height)}`, async () => {
        const bytes = await draw(type, width, height);
        const facts: ImageFacts & { sizeBytes: number } = await inspect(bytes);
        assert.deepEqual(facts, { type, width, height, sizeBytes: bytes.length });
      });
    }

    it(`refuses a ${type} that was cut off anywhere`, async () => {
      const bytes = await draw(type, 150, 100);
      const lengths = [1, 4, 8, 12, 24, 40, 100, 1000, 5000, Math.floor(bytes.length / 2)];
      for (const length of [...lengths, bytes.length - 5])
        await isRefused(bytes.subarray(0, length));
      // What ends a GIF or a JPEG may be missing.
      if (type !== 'gif' && type !== 'jpg') await isRefused(bytes.subarray(0, -1));
    });

    it(`refuses a ${type} whose end is lost in zeros`, async () => {
      const bytes = await draw(type, 150, 100);
      const holed = Buffer.concat([bytes.subarray(0, bytes.length / 2), Buffer.alloc(20_000)]);
      if (type !== 'webp') await isRefused(holed);
      else await isRefused(holed.subarray(0, bytes.length - 1));
    });

    it(`goes by the bytes of a ${type} and not by its name`, async () => {
      const bytes = await draw(type, 20, 10);
      for (const name of ['a.png', 'a.jpg', 'a.txt', 'noname'])
        assert.equal((await inspect(bytes, name)).type, type);
    });
  }

  it('takes a PNG with something after its end', async () => {
    const bytes = Buffer.concat([await draw('png', 20, 10), Buffer.from('\n')]);
    assert.equal((await inspect(bytes)).type, 'png');
  });

  it('takes a JPEG that says which way is up, and more in front', async () => {
    const plain = await draw('jpg', 40, 20);
    const profile = { IFD0: { Copyright: 'x'.repeat(40_000) } };
    const bytes = await sharp(plain).withExif(profile).jpeg().toBuffer();
    const { type, width, height } = await inspect(bytes);
    assert.deepEqual([type, width, height], ['jpg', 40, 20]);
  });

  it('tells an AVIF', async () => {
    const { type, width, height } = await inspect(await draw('avif', 64, 48));
    assert.deepEqual([type, width, height], ['avif', 64, 48]);
  });

  it('tells an SVG, with or without what may stand before it', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>';
    const openings = ['', '\ufeff', '<?xml version="1.0"?>\n', '<!-- by hand -->\n'];
    const doctype = '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">';
    for (const opening of [...openings, doctype]) {
      const { type, width, height } = await inspect(opening + svg);
      assert.deepEqual([type, width, height], ['svg', 30, 20]);
    }
  });

  const others: [string, Buffer | string][] = [
    ['an empty file', ''],
    ['an HTML page', '<!DOCTYPE html>\n<html><body>Just a moment…</body></html>'],
    [
      'an HTML page with a drawing in it',
      '<!DOCTYPE html><html><body><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg></body></html>',
    ],
    ['a page that begins at once', '<body><svg width="9" height="9"></svg></body>'],
    ['text', 'A red fox in the snow'],
    ['JSON', '{"error":{"message":"not found"}}'],
    ['noise', Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) % 251))],
    ['zeros', Buffer.alloc(5000)],
    [
      'a PNG’s first bytes and noise',
      Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(999, 7)]),
    ],
    ['a TIFF', Buffer.from('49492a000800000000000000', 'hex')],
    ['an MP4', Buffer.from('0000001c667479706d70343200000000', 'hex')],
  ];
  for (const [what, bytes] of others) {
    it(`refuses ${what}, though it is called .png`, async () => {
      assert.notEqual(await isRefused(bytes, 'image.png'), '');
    });
  }

  it('tells an error that a user’s code can be read from', async () => {
    const error = new BadImageError('x');
    assert.equal(error.code, 'badImage');
    assert.match(await isRefused('', 'a.png'), /empty/);
    assert.match(await isRefused('text', 'a.png'), /not an image/);
    const png = await draw('png', 50, 50);
    assert.match(await isRefused(png.subarray(0, -20)), /PNG image is not whole/);
  });

  it('names the format of an image that is of no use', async () => {
    const tiff = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .tiff()
      .toBuffer();
    const heic = ftyp('heic', 'mif1', 'heic');
    const kinds: [Buffer, string | undefined][] = [
      [tiff, 'tiff'],
      [Buffer.from('4d4d002b00080000', 'hex'), 'tiff'],
      [heic, 'heic'],
      [heic.subarray(0, 16), 'heic'],
      [ftyp('mif1', 'miaf', 'heix'), 'heic'],
      [ftyp('mif1', 'miaf'), 'heif'],
      [ftyp('msf1'), 'heif'],
      [Buffer.from('0000000c4a584c200d0a870a', 'hex'), 'jxl'],
      [Buffer.from('ff0a7f90', 'hex'), 'jxl'],
      [Buffer.from('0000000c6a5020200d0a870a', 'hex'), 'jp2'],
      [Buffer.from('ff4fff510029', 'hex'), 'jp2'],
      [Buffer.from('8BPS\0\x01', 'latin1'), 'psd'],
      [Buffer.from('icns\0\0\x01\0', 'latin1'), 'icns'],
      [Buffer.from('DDS |\0\0\0', 'latin1'), 'dds'],
      [Buffer.from('\xabKTX 20\xbb', 'latin1'), 'ktx'],
      [Buffer.from('P6\n# fox\n2 2\n255\n'), 'pnm'],
      [Buffer.from('P2 2 2 255 0 0 0 0'), 'pnm'],
      [Buffer.from('P5 is not a picture'), undefined],
      [Buffer.from('II* in a sentence'), undefined],
      [Buffer.from('8 BPS'), undefined],
      [ftyp('mp42', 'isom'), undefined],
      [ftyp('avis', 'avif', 'msf1'), undefined],
      [ftyp('avis', 'msf1'), undefined],
      [Buffer.alloc(5000), undefined],
      [Buffer.from('000002000000000000000000', 'hex'), undefined],
      [Buffer.from('00000018667479', 'hex'), undefined],
      [Buffer.from('\0\0\0\0ftypheic', 'latin1'), undefined],
      [await draw('png', 9, 9).then((png) => png.subarray(0, 30)), undefined],
    ];
    for (const [bytes, foundType] of kinds) {
      const thrown: unknown = await inspect(bytes).catch((reason: unknown) => reason);
      assert.ok(thrown instanceof BadImageError, bytes.toString('latin1', 0, 20));
      assert.equal(thrown.foundType, foundType, bytes.toString('latin1', 0, 20));
      if (foundType !== undefined) assert.match(thrown.message, new RegExp(foundType));
    }
  });

  it('tells an AVIF that names its family first', async () => {
    const bytes = await draw('avif', 64, 48);
    assert.ok(bytes.subarray(16, 40).includes('avif'), 'its own name comes again');
    bytes.write('mif1', 8, 'latin1');
    const { type, width, height } = await inspect(bytes);
    assert.deepEqual([type, width, height], ['avif', 64, 48]);
  });

  it('tells a moving AVIF, and the size of its largest image or track', async () => {
    const box = (name: string, body: Buffer) => {
      const bytes = Buffer.concat([Buffer.from(`\0\0\0\0${name}`, 'latin1'), body]);
      bytes.writeUInt32BE(bytes.length);
      return bytes;
    };
    const sides = (...values: number[]) =>
      Buffer.concat(values.map((value) => Buffer.from([0, 0, value >> 8, value & 255])));
    const ispe = (width: number, height: number) => box('ispe', sides(0, width, height));
    const tkhd = (bytes: number, width: number, height: number) =>
      box('tkhd', Buffer.concat([Buffer.alloc(bytes - 16), sides(0, 0).fill(0, 0, 8)])).fill(
        Buffer.from([width >> 8, width & 255, 0, 0, height >> 8, height & 255, 0, 0]),
        bytes - 8,
      );
    const kinds: [string, Buffer[]][] = [
      ['first brand', [ftyp('avis', 'msf1', 'avif'), ispe(64, 48)]],
      ['only brand', [ftyp('avis'), ispe(64, 48)]],
      ['among others', [ftyp('mif1', 'miaf', 'msf1', 'avis'), ispe(64, 48)]],
      ['tiles and the whole', [ftyp('avis'), ispe(32, 24), ispe(64, 48), ispe(9, 9)]],
      ['tracks alone', [ftyp('avis'), tkhd(92, 64, 48)]],
      ['tracks of long times', [ftyp('avis'), tkhd(104, 64, 48), tkhd(104, 0, 0)]],
    ];
    for (const [what, boxes] of kinds) {
      const { type, width, height } = await inspect(Buffer.concat(boxes));
      assert.deepEqual([type, width, height], ['avif', 64, 48], what);
    }
    for (const boxes of [[ftyp('avis')], [ftyp('avis'), ispe(0, 0)]])
      assert.match(await isRefused(Buffer.concat(boxes)), /AVIF image is not whole/);
  });

  it('says so when there is no file', async () => {
    await assert.rejects(checkImageFile(join(folder, 'absent')), { code: 'ENOENT' });
  });
});

/** The first box of an ISO media file: what it is best read as, and what else. */
function ftyp(best: string, ...others: string[]): Buffer {
  const box = Buffer.from(`\0\0\0\0ftyp${best}\0\0\0\0${others.join('')}`, 'latin1');
  box.writeUInt32BE(box.length);
  return Buffer.concat([box, Buffer.from('\0\0\0\x08mdat', 'latin1')]);
}
