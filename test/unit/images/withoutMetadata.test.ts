import assert from 'node:assert/strict';
import sharp, { type Sharp } from 'sharp';
import { UnreadableError } from '../../../src/images/parts.ts';
import { type Part, planWithoutMetadata } from '../../../src/images/withoutMetadata.ts';

const secret = 'Secret Camera';
const place = {
  IFD0: { Make: secret },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
};
const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><!--${secret}--></x:xmpmeta>`;

/** Noise, so that the compressed data have every kind of byte in them. */
function picture(channels: 3 | 4 = 3, width = 230, height = 170) {
  const pixels = Buffer.alloc(width * height * channels);
  let state = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    pixels[at] = state >> 16;
  }
  return sharp(pixels, { raw: { width, height, channels } });
}

const told = (image: Sharp) => image.withExif(place).withXmp(xmp).withIccProfile('p3');

function segment(code: number, text: string): Buffer {
  const body = Buffer.from(text, 'latin1');
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** What other programs put behind the beginning of a JPEG. */
function withMore(jpeg: Buffer, ...segments: Buffer[]): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

function findAll(bytes: Buffer, wanted: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1))
    places.push(at);
  return places;
}

interface Reads {
  longest: number;
  total: number;
}

async function strip(bytes: Buffer, reads: Reads = { longest: 0, total: 0 }): Promise<Buffer> {
  return assemble(bytes, await plan(bytes, reads));
}

async function plan(bytes: Buffer, reads: Reads = { longest: 0, total: 0 }): Promise<Part[]> {
  return await planWithoutMetadata((offset, length) => {
    reads.longest = Math.max(reads.longest, length);
    reads.total += length;
    return Promise.resolve(bytes.subarray(offset, offset + length));
  }, bytes.length);
}

function assemble(bytes: Buffer, parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (part instanceof Uint8Array ? part : bytes.subarray(part.start, part.end))),
  );
}

async function looks(bytes: Buffer) {
  const { data, info } = await sharp(bytes, { animated: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { icc, orientation = 1, pages, delay } = await sharp(bytes).metadata();
  return { data, info, icc, orientation, pages, delay };
}

async function assertOnlyPicture(before: Buffer, after: Buffer): Promise<void> {
  const { exif, xmp: xmpAfter, iptc, comments, orientation = 1 } = await sharp(after).metadata();
  assert.deepEqual(await looks(after), await looks(before));
  assert.deepEqual([xmpAfter, iptc, comments], [undefined, undefined, undefined]);
  // The smallest Exif there is: its head, one entry, and no second directory.
  // In a PNG the library adds six bytes in front.
  if (orientation !== 1) assert.ok((exif?.length ?? 0) <= 38, `${String(exif?.length)} bytes`);
  else assert.equal(exif, undefined);
  if (after.toString('latin1', 12, 16) === 'VP8X') {
    const flags = after[20] ?? 0;
    assert.deepEqual([flags & 0x04, (flags & 0x08) !== 0], [0, exif !== undefined]);
  }
  for (const word of [secret, 'adobe:ns:meta', 'Photoshop'])
    assert.equal(after.includes(word), false, `it tells ${word}`);
}

const jpegs: [string, () => Promise<Buffer>][] = [
  ['baseline', () => told(picture().jpeg()).toBuffer()],
  ['progressive', () => told(picture().jpeg({ progressive: true })).toBuffer()],
  ['with restarts and little colour', () => told(picture().jpeg({ mozjpeg: true })).toBuffer()],
  ['coded as CMYK', () => picture().toColourspace('cmyk').jpeg().withExif(place).toBuffer()],
  ['in grey', () => told(picture().greyscale().jpeg()).toBuffer()],
];

const pngs: [string, () => Promise<Buffer>][] = [
  ['in colour', () => told(picture().png()).toBuffer()],
  ['interlaced', () => told(picture().png({ progressive: true })).toBuffer()],
  ['with a palette', () => told(picture().png({ palette: true })).toBuffer()],
  ['see-through PNG', () => told(picture(4).png()).toBuffer()],
];

const webps: [string, () => Promise<Buffer>][] = [
  ['lossy', () => told(picture().webp()).toBuffer()],
  ['lossless', () => told(picture().webp({ lossless: true })).toBuffer()],
  ['see-through', () => told(picture(4).webp()).toBuffer()],
  ['moving', async () => await told(sharp(await film(), { animated: true }).webp()).toBuffer()],
];

async function film(): Promise<Buffer> {
  const frames = [await picture().png().toBuffer(), await picture().negate().png().toBuffer()];
  return await sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 200] })
    .toBuffer();
}

describe('an image without metadata', () => {
  for (const [name, make] of [...jpegs, ...pngs, ...webps])
    it(`looks the same and tells nothing else, ${name}`, async () => {
      const before = await make();
      assert.ok(before.includes(secret), 'there is something to remove');
      await assertOnlyPicture(before, await strip(before));
    });

  it('has no comment, IPTC, thumbnail or provenance either', async () => {
    const before = withMore(
      await told(picture().jpeg()).toBuffer(),
      segment(0xfe, secret),
      segment(0xed, `Photoshop 3.0\0${secret}`),
      segment(0xe1, `http://ns.adobe.com/xmp/extension/\0${secret}`),
      segment(0xe0, `JFXX\0${secret}`),
      segment(0xeb, `JP\0\0${secret}`),
      segment(0xe2, `MPF\0${secret}`),
    );
    await assertOnlyPicture(before, await strip(before));
  });

  it('has nothing behind its end', async () => {
    for (const make of [jpegs[0]![1], jpegs[1]![1], pngs[0]![1], webps[0]![1]]) {
      const before = await make();
      const film = Buffer.concat([before, Buffer.from(`ftypmp42 ${secret}`), before]);
      const after = await strip(film);
      assert.deepEqual(after, await strip(before));
    }
  });

  it('has the end that its file forgot', async () => {
    const before = await told(picture().jpeg()).toBuffer();
    const after = await strip(before);
    assert.deepEqual(await strip(before.subarray(0, -2)), after);
    // Half of it is filling then.
    assert.deepEqual(
      (await looks(await strip(before.subarray(0, -1)))).data,
      (await looks(after)).data,
    );
  });

  it('has the last filling byte that its file forgot', async () => {
    for (let width = 20; ; width += 1) {
      const before = await picture(3, width, 30).webp({ lossless: true }).toBuffer();
      if (before.readUInt32LE(16) % 2 === 0) continue;
      const without = Buffer.from(before.subarray(0, -1));
      without.writeUInt32LE(without.length - 8, 4);
      assert.deepEqual(await strip(without), before);
      return;
    }
  });

  for (let orientation = 1; orientation <= 8; orientation += 1)
    it(`stands as it stood, turned as ${String(orientation)}`, async () => {
      for (const image of [picture().jpeg(), picture().png(), picture().webp()]) {
        const before = await image.withMetadata({ orientation }).withExifMerge(place).toBuffer();
        const after = await strip(before);
        assert.equal((await looks(after)).orientation, orientation);
        await assertOnlyPicture(before, after);
        const isExifLeft = (await sharp(after).metadata()).exif !== undefined;
        assert.equal(isExifLeft, orientation !== 1);
      }
    });

  it('is told to stand by a little-endian Exif too, and is upright by a broken one', async () => {
    const upright = await picture().jpeg().toBuffer();
    const tiff = Buffer.from('49492a0008000000010012010300010000000800000000000000', 'hex');
    const exif = (body: Buffer) =>
      withMore(upright, segment(0xe1, `Exif\0\0${body.toString('latin1')}`));
    assert.equal((await looks(await strip(exif(tiff)))).orientation, 8);
    for (const broken of [
      tiff.subarray(0, 12),
      Buffer.alloc(0),
      Buffer.from('II*\0\xff\xff', 'latin1'),
    ])
      assert.deepEqual(await strip(exif(broken)), upright);
  });

  it('is the same to the byte when there is nothing to remove', async () => {
    for (const image of [picture().jpeg(), picture().png(), picture().webp(), picture(4).webp()]) {
      const before = await image.toBuffer();
      assert.deepEqual(await strip(before), before);
      assert.deepEqual(await strip(await strip(before)), before);
    }
  });

  it('has no second images, as phones and cameras put behind the first', async () => {
    const first = await told(picture().jpeg()).toBuffer();
    const second = await told(picture(3, 60, 40).jpeg()).toBuffer();
    // What of the index matters here is that it is one (CIPA DC-007).
    const both = Buffer.concat([withMore(first, segment(0xe2, 'MPF\0II*\0')), second]);
    assert.deepEqual(await strip(both), await strip(first));
  });

  it('has nothing that stands between or behind its scans', async () => {
    const told = segment(0xe1, `Exif\0\0MM\0*${secret}`);
    const more = [
      told,
      segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${secret}`),
      Buffer.from(secret),
    ];
    for (const image of [picture().jpeg(), picture().jpeg({ progressive: true })]) {
      const plain = await image.toBuffer();
      const scans = [...findAll(plain, Buffer.from([0xff, 0xda])), plain.length - 2];
      for (const at of scans) {
        const before = Buffer.concat([plain.subarray(0, at), ...more, plain.subarray(at)]);
        const after = await strip(before);
        assert.deepEqual(after, plain);
      }
    }
  });

  it('has no thumbnail in the segment that says how large its pixels are', async () => {
    const plain = await picture().jpeg().toBuffer();
    const density = 'JFIF\0\x01\x02\x01\0\x48\0\x48';
    const before = withMore(plain, segment(0xe0, `${density}\x02\x02abcabcabcabc`));
    const after = withMore(plain, segment(0xe0, `${density}\0\0`));
    assert.deepEqual(await looks(before), await looks(after));
    assert.deepEqual(await strip(before), after);
    assert.deepEqual(await strip(after), after);
  });

  it('keeps nothing of what fills the gaps in a JPEG', async () => {
    const plain = await picture().jpeg().toBuffer();
    for (const gap of [Buffer.from(secret), Buffer.from([0xff, 0xff]), Buffer.from([0xff, 0x01])])
      assert.deepEqual(await strip(withMore(plain, gap)), plain);
    assert.deepEqual(await strip(withMore(plain, segment(0xf0, secret))), plain);
  });

  it('is the whole file when its type is another', async () => {
    const others = [await told(picture().gif()).toBuffer(), Buffer.alloc(0), Buffer.from('words')];
    for (const bytes of others)
      assert.deepEqual(await plan(bytes), [{ start: 0, end: bytes.length }]);
  });

  it('is refused when it is not as its format says, as nobody knows what it tells', async () => {
    const jpeg = await told(picture().jpeg()).toBuffer();
    const png = await told(picture().png()).toBuffer();
    const webp = await told(picture().webp()).toBuffer();
    const longer = Buffer.from(webp);
    longer.writeUInt32LE(0x7fffffff, webp.indexOf('EXIF') + 4);
    const odd: [string, Buffer][] = [
      ['a beginning', Buffer.from([0xff, 0xd8, 0xff])],
      ['a segment behind the end', withMore(jpeg, Buffer.from([0xff, 0xe1, 0xff, 0xff]))],
      ['a segment without length', withMore(jpeg, Buffer.from([0xff, 0xe1, 0, 0]))],
      ['no scan', jpeg.subarray(0, jpeg.lastIndexOf(Buffer.from([0xff, 0xda])))],
      ['a marker that means nothing', withMore(jpeg, segment(0x02, secret))],
      ['a PNG that is cut off', png.subarray(0, -1)],
      ['a PNG with a chunk that reaches behind its end', png.subarray(0, -12)],
      ['a WebP that is cut off', webp.subarray(0, 60)],
      ['a WebP that is cut off behind a chunk', webp.subarray(0, webp.indexOf('EXIF'))],
      ['a chunk behind the end', longer],
    ];
    for (const [what, bytes] of odd)
      await assert.rejects(plan(bytes), UnreadableError, `it was taken: ${what}`);
  });

  it('is planned in windows, and nearly nothing of it twice', async () => {
    const before = await told(picture(3, 1300, 1000).jpeg({ quality: 100 })).toBuffer();
    const reads = { longest: 0, total: 0 };
    const parts = await plan(before, reads);
    assert.ok(before.length > 1e6);
    assert.ok(reads.longest <= 256 * 1024, `${String(reads.longest)} bytes at once`);
    assert.ok(reads.total < before.length * 1.2, `${String(reads.total)} bytes`);
    const own = parts.filter((part) => part instanceof Uint8Array);
    assert.ok(
      own.reduce((sum, part) => sum + part.length, 0) < 100,
      'the rest is read from the file',
    );
    await assertOnlyPicture(before, assemble(before, parts));
  });
});
