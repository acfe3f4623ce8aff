import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { checkImageBytes } from '../../../src/images/checkImage.ts';
import { planWithoutMetadata } from '../../../src/images/withoutMetadata.ts';
import { encodeChunk } from '../../fakeEvolink/drawing/png.ts';
import { createFuzz, type Fuzz } from '../fuzz.ts';

const secret = 'sk-a-key-in-a-workflow';
const runs = 40;

type Format = 'png' | 'jpeg' | 'webp';

async function plain(fuzz: Fuzz, format: Format): Promise<Buffer> {
  const [width, height] = [1 + fuzz.below(90), 1 + fuzz.below(90)];
  const channels = format === 'jpeg' ? 3 : fuzz.pick([3, 4] as const);
  const pixels = Buffer.from(
    Array.from({ length: width * height * channels }, () => fuzz.below(256)),
  );
  const image = sharp(pixels, { raw: { width, height, channels } });
  if (fuzz.below(2) === 0) image.withIccProfile('p3');
  const progressive = fuzz.below(2) === 0;
  switch (format) {
    case 'png':
      return await image.png({ progressive, palette: fuzz.below(2) === 0 }).toBuffer();
    case 'jpeg':
      return await image.jpeg({ progressive, mozjpeg: fuzz.below(2) === 0 }).toBuffer();
    case 'webp':
      return await image.webp({ lossless: progressive }).toBuffer();
  }
}

const bytesOf = (fuzz: Fuzz) =>
  Buffer.from(Array.from({ length: fuzz.below(300) }, () => fuzz.below(256)));

/** Of each kind of chunk that tells something, and of kinds that nobody knows. */
function pngPiece(fuzz: Fuzz): Buffer {
  const text = Buffer.from(`prompt\0${secret}`, 'latin1');
  const data: Record<string, Buffer> = {
    tEXt: text,
    zTXt: Buffer.concat([Buffer.from('workflow\0\0', 'latin1'), deflateSync(secret)]),
    iTXt: Buffer.from(`parameters\0\0\0\0\0${secret}`, 'latin1'),
    eXIf: Buffer.from(`MM\0*\0\0\0\x08\0\0\0\0\0\0${secret}`, 'latin1'),
    tIME: Buffer.from([7, 234, 11, 26, 21, 0, 0]),
    caBX: Buffer.from(secret),
    prVt: Buffer.concat([bytesOf(fuzz), Buffer.from(secret)]),
    vpAg: Buffer.from(secret),
    iDOT: Buffer.from(secret),
    dSIG: Buffer.from(secret),
  };
  const type = fuzz.pick(Object.keys(data));
  return encodeChunk({ type, data: data[type]! });
}

function jpegPiece(fuzz: Fuzz): Buffer {
  const codes = [0xe0, 0xe1, 0xe2, 0xe3, 0xe5, 0xeb, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xfd, 0xfe];
  const heads = ['', 'Exif\0\0MM\0*', 'http://ns.adobe.com/xap/1.0/\0', 'MPF\0', 'JP\0\0'];
  const body = Buffer.from(`${fuzz.pick([...heads, 'JFXX\0', 'Photoshop 3.0\0'])}${secret}`);
  const head = Buffer.from([0xff, fuzz.pick(codes), 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  const gap = fuzz.pick([Buffer.alloc(0), Buffer.from([0xff]), Buffer.from(secret)]);
  return Buffer.concat([gap, head, body]);
}

function webpChunk(name: string, data: Buffer): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

function webpPiece(fuzz: Fuzz): Buffer {
  return webpChunk(fuzz.pick(['EXIF', 'XMP ', 'C2PA', 'none', 'a b ']), Buffer.from(secret));
}

/** Where a piece may stand: between the chunks, before what is drawn and behind it. */
async function withPieces(fuzz: Fuzz, format: Format, image: Buffer): Promise<Buffer> {
  const pieces = Array.from({ length: 1 + fuzz.below(5) }, () =>
    ({ png: pngPiece, jpeg: jpegPiece, webp: webpPiece })[format](fuzz),
  );
  const behind =
    fuzz.below(2) === 0 ? Buffer.concat([Buffer.from(secret), image]) : Buffer.alloc(0);
  switch (format) {
    case 'png': {
      const [first, last] = [33, image.length - 12];
      const [before, after] = [pieces.slice(0, 2), pieces.slice(2)];
      const drawn = image.subarray(first, last);
      const end = image.subarray(last);
      return Buffer.concat([image.subarray(0, first), ...before, drawn, ...after, end, behind]);
    }
    case 'jpeg':
      return Buffer.concat([image.subarray(0, 2), ...pieces, image.subarray(2), behind]);
    case 'webp':
      return Buffer.concat([await extended(image, pieces), behind]);
  }
}

/** With the head without which a WebP may have nothing beside its image. */
async function extended(webp: Buffer, pieces: Buffer[]): Promise<Buffer> {
  const name = webp.toString('latin1', 12, 16);
  const { width, height } = await checkImageBytes(webp);
  const head = Buffer.alloc(10);
  const isSeeThrough = name === 'VP8L' && ((webp[24] ?? 0) & 0x10) !== 0;
  head[0] = 0x0c | (isSeeThrough ? 0x10 : 0);
  head.writeUIntLE(width - 1, 4, 3);
  head.writeUIntLE(height - 1, 7, 3);
  const own = name === 'VP8X' ? [] : [webpChunk('VP8X', head)];
  const chunks = Buffer.concat([...own, webp.subarray(12), ...pieces]);
  const riff = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  riff.writeUInt32LE(chunks.length + 4, 4);
  return Buffer.concat([riff, chunks]);
}

async function strip(bytes: Buffer): Promise<Buffer> {
  const parts = await planWithoutMetadata(
    (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    bytes.length,
  );
  return Buffer.concat(
    parts.map((part) => (part instanceof Uint8Array ? part : bytes.subarray(part.start, part.end))),
  );
}

async function pixels(bytes: Buffer) {
  const { icc } = await sharp(bytes).metadata();
  return { icc, raw: await sharp(bytes).raw().toBuffer({ resolveWithObject: true }) };
}

function namesOfPng(png: Buffer): string[] {
  const names: string[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    names.push(png.toString('latin1', at + 4, at + 8));
  return names;
}

describe('what is left out of an image', () => {
  for (const format of ['png', 'jpeg', 'webp'] as const)
    it(`is all that does not draw, of ${format} with anything in it`, async () => {
      for (let seed = 1; seed <= runs; seed += 1) {
        const fuzz = createFuzz(seed);
        const image = await plain(fuzz, format);
        const before = await withPieces(fuzz, format, image);
        const after = await strip(before);
        const seeded = `seed ${String(seed)}`;
        assert.ok(!after.includes(secret), `${seeded}: ${after.toString('latin1')}`);
        assert.deepEqual(await pixels(after), await pixels(image), seeded);
        assert.deepEqual(await checkImageBytes(after), await checkImageBytes(before), seeded);
        assert.deepEqual(await strip(after), after, seeded);
        if (format !== 'webp') assert.deepEqual(after, await strip(image), seeded);
        if (format === 'png') {
          const told = ['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'caBX', 'prVt', 'iDOT', 'dSIG'];
          assert.deepEqual(
            namesOfPng(after).filter((name) => told.includes(name)),
            [],
            seeded,
          );
        }
      }
    });

  it('is nothing of what a PNG is drawn with', async () => {
    const png = await sharp({ create: { width: 9, height: 9, channels: 4, background: '#1238' } })
      .png()
      .toBuffer();
    const drawn = ['gAMA', 'cHRM', 'sRGB', 'sBIT', 'cICP', 'mDCV', 'cLLI', 'bKGD', 'acTL', 'fcTL'];
    const more = drawn.map((type) => encodeChunk({ type, data: Buffer.alloc(4) }));
    const frame = encodeChunk({ type: 'fdAT', data: Buffer.alloc(40) });
    const before = Buffer.concat([
      png.subarray(0, 33),
      ...more,
      png.subarray(33, -12),
      frame,
      png.subarray(-12),
    ]);
    assert.deepEqual(await strip(before), before);
  });

  it('is what stands in the frames of a moving WebP beside their images', async () => {
    const frames = await Promise.all(
      ['red', 'blue'].map((background) =>
        sharp({ create: { width: 31, height: 9, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const webp = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const at = webp.indexOf('ANMF');
    const end = at + 8 + webp.readUInt32LE(at + 4);
    for (const told of [secret, `${secret}.`]) {
      const frame = webpChunk(
        'ANMF',
        Buffer.concat([webp.subarray(at + 8, end), webpChunk('none', Buffer.from(told))]),
      );
      const padded = end + ((end - at) % 2);
      const before = Buffer.concat([webp.subarray(0, at), frame, webp.subarray(padded)]);
      before.writeUInt32LE(before.length - 8, 4);
      const after = await strip(before);
      assert.deepEqual(after, webp);
    }
  });

  it('is not held in memory, nor read, when it is large', async () => {
    const png = await plain(createFuzz(1), 'png');
    const large = encodeChunk({ type: 'caBX', data: Buffer.alloc(8_000_000, secret) });
    const before = Buffer.concat([png.subarray(0, 33), large, png.subarray(33)]);
    let readBytes = 0;
    const parts = await planWithoutMetadata((offset, length) => {
      readBytes += length;
      return Promise.resolve(before.subarray(offset, offset + length));
    }, before.length);
    assert.ok(readBytes < 1_000_000, `${String(readBytes)} bytes`);
    assert.ok(parts.every((part) => !(part instanceof Uint8Array)));
  });
});
