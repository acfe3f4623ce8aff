import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { checkImageBytes, checkImageFile } from '../../../src/images/checkImage.ts';
import { BadImageError } from '../../../src/images/imageFacts.ts';
import { encodeChunk, textChunk } from '../../fakeEvolink/drawing/png.ts';

const [width, height] = [230, 170];
const windowBytes = 256 * 1024;

/** Noise, so that no format makes it small. */
function picture(channels: 3 | 4 = 3) {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 60 };
  const background = channels === 4 ? { r: 9, g: 9, b: 9, alpha: 0.5 } : '#888';
  return sharp({ create: { width, height, channels, background, noise } });
}

const told = (image: Sharp) =>
  image
    .withExif({ IFD0: { Make: 'Camera' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
    .withIccProfile('p3');

async function film(): Promise<Sharp> {
  const frames = [await picture().png().toBuffer(), await picture().negate().png().toBuffer()];
  const gif = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 200] })
    .toBuffer();
  return sharp(gif, { animated: true });
}

/** Two by libjpeg's tools, as sharp makes no such JPEG. Each is grey, 24×16. */
const jpegHead =
  'ffd8ffe000104a46494600010100000100010000ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e2931302e292d2c333a4a3e333646372c2d405741464c4e525352323e5a615a50604a51524fff';
const arithmetic = `${jpegHead}c9000b080010001801011100ffcc000600101005ffda0008010100003f00fd9e20ffd9`;
const restarts = `${jpegHead}c0000b080010001801011100ffc40014000100000000000000000000000000000004ffc40014100100000000000000000000000000000000ffdd00040001ffda0008010100003f002bffd02bffd12bffd22bffd32bffd42bffd9`;

describe('checking an image', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'check-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function check(bytes: Buffer | string) {
    const path = join(folder, 'image');
    await writeFile(path, bytes);
    return await checkImageFile(path);
  }

  async function isTaken(bytes: Buffer): Promise<void> {
    const { type, ...facts } = await check(bytes);
    assert.ok(['png', 'jpg', 'webp'].includes(type));
    assert.deepEqual(facts, { width, height, sizeBytes: bytes.length });
    assert.deepEqual(await checkImageBytes(bytes), { type, width, height });
  }

  async function isRefused(bytes: Buffer, why = /^The (PNG|JPEG|WebP) image is not whole$/) {
    const thrown: unknown = await check(bytes).catch((reason: unknown) => reason);
    if (!(thrown instanceof BadImageError)) assert.fail(`it was taken: ${JSON.stringify(thrown)}`);
    assert.match(thrown.message, why);
    await assert.rejects(checkImageBytes(bytes), { message: thrown.message });
  }

  const kinds: [string, () => Promise<Buffer>][] = [
    ['PNG', () => picture().png().toBuffer()],
    ['interlaced PNG', () => picture().png({ progressive: true }).toBuffer()],
    ['PNG with a palette', () => picture().png({ palette: true }).toBuffer()],
    ['PNG of 16 bit', () => picture().toColourspace('rgb16').png().toBuffer()],
    ['see-through PNG', () => picture(4).png().toBuffer()],
    ['grey PNG', () => picture().greyscale().png().toBuffer()],
    ['PNG with metadata', () => told(picture().png()).toBuffer()],
    ['JPEG', () => picture().jpeg().toBuffer()],
    ['progressive JPEG', () => picture().jpeg({ progressive: true }).toBuffer()],
    ['JPEG by mozjpeg', () => picture().jpeg({ mozjpeg: true }).toBuffer()],
    ['JPEG in CMYK', () => picture().toColourspace('cmyk').jpeg().toBuffer()],
    ['grey JPEG', () => picture().greyscale().jpeg().toBuffer()],
    ['JPEG with metadata', () => told(picture().jpeg()).toBuffer()],
    ['WebP', () => picture().webp().toBuffer()],
    ['lossless WebP', () => picture().webp({ lossless: true }).toBuffer()],
    ['see-through WebP', () => picture(4).webp().toBuffer()],
    ['WebP with metadata', () => told(picture(4).webp()).toBuffer()],
    ['moving WebP', async () => (await film()).webp().toBuffer()],
    ['moving lossless WebP', async () => (await film()).webp({ lossless: true }).toBuffer()],
  ];
  for (const [name, make] of kinds) {
    it(`takes a ${name}, and not one that is cut off`, async () => {
      const bytes = await make();
      await isTaken(bytes);
      const isJpeg = bytes[0] === 0xff;
      const half = Math.floor(bytes.length / 2);
      // Behind its first two bytes a JPEG is told to be one.
      // Its end marker alone may be forgotten.
      const least = isJpeg ? 3 : 1;
      for (const length of [isJpeg ? 3 : 40, 300, half, bytes.length - 5, bytes.length - least])
        await isRefused(bytes.subarray(0, length));
    });
  }

  it('takes JPEGs coded arithmetically, and with restarts', async () => {
    for (const hex of [arithmetic, restarts]) {
      const bytes = Buffer.from(hex, 'hex');
      const facts = { type: 'jpg', width: 24, height: 16, sizeBytes: bytes.length };
      assert.deepEqual(await check(bytes), facts);
    }
  });

  it('takes what decoders pass over in a PNG', async () => {
    const png = await picture().png().toBuffer();
    const text = encodeChunk(textChunk('Title', 'A red fox'));
    const wrong = Buffer.concat([text.subarray(0, -4), Buffer.from('oops')]);
    await isTaken(Buffer.concat([png.subarray(0, 33), wrong, png.subarray(33)]));
    await isTaken(Buffer.concat([png, randomBytes(10_000)]));
  });

  it('takes what decoders pass over in a JPEG', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const between = (...bytes: number[]) =>
      Buffer.concat([jpeg.subarray(0, 2), Buffer.from(bytes), jpeg.subarray(2)]);
    const passedOver = [
      [0xff, 0xff, 0xff],
      [0xff, 0x01],
      [0xff, 0xd0],
      [0, 7],
      [0xff, 0, 7],
    ];
    for (const bytes of passedOver) await isTaken(between(...bytes));
    for (const behind of [Buffer.alloc(100_000), jpeg, randomBytes(5000)])
      await isTaken(Buffer.concat([jpeg, behind]));
  });

  it('finds the size of a JPEG behind more than half a megabyte of profiles', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const segment = Buffer.alloc(65_000);
    segment.writeUInt32BE(0xffe10000 + segment.length - 2);
    const more = Array.from({ length: 12 }, () => segment);
    await isTaken(Buffer.concat([jpeg.subarray(0, 2), ...more, jpeg.subarray(2)]));
  });

  it('takes a WebP without its last filling byte, or with something behind it', async () => {
    const webp = await picture().webp().toBuffer();
    await isTaken(Buffer.concat([webp, randomBytes(9)]));
    const bare = riff(Buffer.concat([chunk('VP8 ', vp8(webp)), chunk('ABCD', 'xyz')]));
    await isTaken(bare);
    const odd = bare.subarray(0, -1);
    odd.writeUInt32LE(odd.length - 8, 4);
    await isTaken(odd);
  });

  it('refuses a PNG with zeros anywhere in what a decoder needs', async () => {
    for (const png of [await picture().png().toBuffer(), await manyChunks()])
      for (const part of [0.02, 0.3, 0.5, 0.8, 0.97])
        for (const length of [1, 512, 4096]) {
          const holed = Buffer.from(png);
          const start = Math.floor(part * (png.length - length));
          // Noise, of which a byte may be zero already.
          while (holed[start] === 0) holed[start] = 1;
          await isRefused(length > 1 ? holed.fill(0, start, start + length) : flipped(png, start));
        }
  });

  it('refuses a PNG with one bit that is wrong in its header, palette, data or end', async () => {
    const png = await picture().png({ palette: true }).toBuffer();
    const data = png.indexOf('IDAT');
    for (const at of [18, png.indexOf('PLTE') + 9, data + 9, data - 1, png.length - 2])
      await isRefused(flipped(png, at));
    await isRefused(flipped(png, 24), /not whole|not an image/);
  });

  it('refuses a PNG without data, or in another order', async () => {
    const png = await picture().png().toBuffer();
    const [head, end] = [png.subarray(0, 33), png.subarray(-12)];
    const first = [png.subarray(0, 8), encodeChunk(textChunk('a', 'b')), png.subarray(8)];
    await isRefused(Buffer.concat([head, end]));
    await isRefused(Buffer.concat([head, head.subarray(8), png.subarray(33)]));
    await isRefused(Buffer.concat(first));
    await isRefused(Buffer.concat([head, chunkOfLength(0xfffffff0), png.subarray(33)]));
    await isRefused(png.subarray(0, -12));
    for (const type of ['\0\0\0\0', '{|}~']) {
      const hole = encodeChunk({ type, data: Buffer.alloc(0) });
      await isRefused(Buffer.concat([head, hole, png.subarray(33)]));
    }
  });

  it('refuses a JPEG without a frame, tables, a scan, data or an end', async () => {
    const jpeg = Buffer.from(restarts, 'hex');
    const [tables, frame, coding] = [20, 89, 102];
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xda]));
    const headEnd = scan + 10;
    const parts = (...ends: [number, number][]) =>
      Buffer.concat(ends.map(([start, end]) => jpeg.subarray(start, end)));
    const markers = [tables, frame, coding].map((at) => jpeg.readUInt16BE(at));
    assert.deepEqual(markers, [0xffdb, 0xffc0, 0xffc4]);
    await isRefused(parts([0, frame], [coding, jpeg.length]));
    await isRefused(parts([0, tables], [frame, jpeg.length]));
    await isRefused(parts([0, scan], [jpeg.length - 2, jpeg.length]));
    await isRefused(parts([0, headEnd], [jpeg.length - 2, jpeg.length]));
    await isRefused(parts([0, jpeg.length - 3]));
    const coded = [coding, jpeg.length - 2] as [number, number];
    const end = [jpeg.length - 2, jpeg.length] as [number, number];
    // Its frame and its tables after the image.
    await isRefused(parts([0, frame], coded, [frame, coding], end));
    await isRefused(parts([0, tables], [frame, coding], coded, [tables, frame], end));
    // The tables of its coding before the frame.
    const { type, ...sides } = await check(
      parts([0, frame], [coding, scan], [frame, coding], [scan, end[1]]),
    );
    assert.deepEqual([type, sides.width, sides.height], ['jpg', 24, 16]);
  });

  it('refuses a JPEG in which a decoder would stop', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const between = (...bytes: number[]) =>
      Buffer.concat([jpeg.subarray(0, 2), Buffer.from(bytes), jpeg.subarray(2)]);
    // A marker that means nothing, a second beginning, and lengths that cannot be.
    const stops = [
      [0xff, 0x02, 0, 4, 1, 1],
      [0xff, 0xd8, 0, 2],
      [0xff, 0xe1, 0, 1],
      [0xff, 0xe1, 0, 0],
    ];
    for (const bytes of stops) await isRefused(between(...bytes));
    const noHeight = Buffer.from(arithmetic, 'hex');
    noHeight.writeUInt16BE(0, 94);
    await isRefused(noHeight);
    await isRefused(Buffer.from(jpeg).fill(0, Math.floor(jpeg.length / 2)));
  });

  it('takes a JPEG that lacks its end marker, and not one that lacks more', async () => {
    const odd = (image: Sharp) => image.extract({ left: 0, top: 0, width: 203, height: 117 });
    const jpegs = [
      Buffer.from(restarts, 'hex'),
      await odd(picture()).jpeg().toBuffer(),
      await odd(picture()).jpeg({ chromaSubsampling: '4:4:4', quality: 100 }).toBuffer(),
      await odd(picture()).jpeg({ optimiseCoding: false }).toBuffer(),
      await odd(picture().greyscale()).jpeg().toBuffer(),
      await odd(picture()).toColourspace('cmyk').jpeg().toBuffer(),
    ];
    for (const jpeg of jpegs) {
      const facts = await checkImageBytes(jpeg);
      for (const left of [1, 2])
        assert.deepEqual(await checkImageBytes(jpeg.subarray(0, -left)), facts);
      for (let left = 3; left < 60; left += 1) await isRefused(jpeg.subarray(0, -left));
    }
    // A part of it would look worse, and nothing tells which part is the last.
    const progressive = await picture().jpeg({ progressive: true }).toBuffer();
    await isRefused(progressive.subarray(0, -2));
    // One restart, and what it stands before.
    const holed = jpegs[0]!.subarray(0, -2);
    await isRefused(Buffer.concat([holed.subarray(0, -3), holed.subarray(-1)]));
  });

  it('finds the end of a JPEG wherever its data are read in two', async () => {
    const jpeg = Buffer.from(arithmetic, 'hex');
    const head = jpeg.subarray(0, -2);
    const step = 64 * 1024;
    for (const size of [step, 2 * step, windowBytes, 2 * windowBytes])
      for (let more = -8; more <= 0; more += 1)
        // From the file's beginning, and from that of the data.
        for (const from of [0, jpeg.indexOf(Buffer.from([0xff, 0xda])) + 10]) {
          const data = Buffer.concat([head, Buffer.alloc(size + more - head.length + from)]);
          const whole = Buffer.concat([data, Buffer.from([0xff, 0xd9])]);
          assert.equal((await checkImageBytes(whole)).type, 'jpg');
          await assert.rejects(checkImageBytes(whole.subarray(0, -1)), BadImageError);
        }
  });

  it('refuses a WebP without an image, or with a hole', async () => {
    const webp = await picture().webp().toBuffer();
    const [data, extended] = [vp8(webp), chunk('VP8X', Buffer.alloc(10))];
    const pieces: [string, Buffer[], boolean][] = [
      ['a picture', [chunk('VP8 ', data)], true],
      ['a head and a picture', [extended, chunk('VP8 ', data)], true],
      ['no picture', [extended, chunk('EXIF', 'MM')], false],
      ['a picture of zeros', [extended, chunk('VP8 ', Buffer.alloc(99))], false],
      ['a lossless picture of zeros', [extended, chunk('VP8L', Buffer.alloc(99))], false],
      ['an empty picture', [extended, chunk('VP8 ', '')], false],
      ['a frame', [extended, chunk('ANMF', [Buffer.alloc(16), chunk('VP8 ', data)])], true],
      ['a frame of zeros', [extended, chunk('ANMF', Buffer.alloc(200))], false],
      ['a frame without picture', [extended, chunk('ANMF', Buffer.alloc(16))], false],
      ['zeros behind a picture', [extended, chunk('VP8 ', data), Buffer.alloc(80)], false],
      ['a name of its own', [extended, chunk('XMP\0', 'a'), chunk('VP8 ', data)], true],
      ['a longer head', [chunk('VP8X', Buffer.alloc(12)), chunk('VP8 ', data)], false],
    ];
    for (const [what, chunks, isFine] of pieces) {
      const bytes = riff(Buffer.concat(chunks));
      const answer = await checkImageBytes(bytes).catch((thrown: unknown) => thrown);
      assert.equal(!(answer instanceof BadImageError), isFine, what);
    }
    const long = riff(chunk('VP8 ', data));
    long.writeUInt32LE(data.length + 3, 16);
    await isRefused(long);
  });

  it('refuses what only nearly begins as a PNG, JPEG or WebP', async () => {
    const png = await picture().png().toBuffer();
    png[0] = 0x88;
    await isRefused(png, /not an image/);
    await isRefused(Buffer.from('RIFF\x04\0\0\0WEBP', 'latin1'));
    await isRefused(Buffer.from([0xff, 0xd8]));
    await isRefused(Buffer.from([0xff]), /not an image/);
  });

  it('says so when there is no file', async () => {
    await assert.rejects(checkImageFile(join(folder, 'absent')), { code: 'ENOENT' });
  });

  it('walks through 50 MB with little work, without holding them', async () => {
    const png = await picture().png().toBuffer();
    const data = encodeChunk({ type: 'IDAT', data: randomBytes(50_000_000) });
    const path = join(folder, 'large');
    await writeFile(path, Buffer.concat([png.subarray(0, 33), data, png.subarray(-12)]));
    const bufferedBytes = () => process.memoryUsage().arrayBuffers;
    const before = bufferedBytes();
    let most = before;
    const looking = setInterval(() => (most = Math.max(most, bufferedBytes())), 1);
    const startedCpu = process.cpuUsage();
    await checkImageFile(path);
    const { user, system } = process.cpuUsage(startedCpu);
    clearInterval(looking);
    // The processor's time, as other programs may make it wait.
    const cpuMs = (user + system) / 1000;
    assert.ok(cpuMs < 900, `${cpuMs.toFixed(0)} ms`);
    assert.ok(most - before < 1e6, `${String(most - before)} bytes`);
  });

  async function manyChunks(): Promise<Buffer> {
    const png = await picture().png().toBuffer();
    const data = png.subarray(png.indexOf('IDAT') + 4, -16);
    const pieces = Array.from({ length: Math.ceil(data.length / 3001) }, (_, index) =>
      encodeChunk({ type: 'IDAT', data: data.subarray(index * 3001, (index + 1) * 3001) }),
    );
    const whole = Buffer.concat([png.subarray(0, 33), ...pieces, png.subarray(-12)]);
    await isTaken(whole);
    return whole;
  }
});

function flipped(bytes: Buffer, at: number): Buffer {
  const other = Buffer.from(bytes);
  other[at] = (other[at] ?? 0) ^ 1;
  return other;
}

function chunkOfLength(length: number): Buffer {
  const head = Buffer.from('\0\0\0\0tEXt', 'latin1');
  head.writeUInt32BE(length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(head.subarray(4)));
  return Buffer.concat([head, sum]);
}

/** A chunk of a WebP. */
function chunk(name: string, content: Buffer | Buffer[] | string): Buffer {
  const data = Array.isArray(content) ? Buffer.concat(content) : Buffer.from(content);
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

function riff(chunks: Buffer): Buffer {
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + chunks.length, 4);
  return extendedToSize(Buffer.concat([head, chunks]));
}

/** The size that an extended head tells, when there is one. */
function extendedToSize(webp: Buffer): Buffer {
  if (webp.toString('latin1', 12, 16) !== 'VP8X') return webp;
  webp.writeUIntLE(width - 1, 24, 3);
  webp.writeUIntLE(height - 1, 27, 3);
  return webp;
}

/** The image's own data in a plain WebP. */
function vp8(webp: Buffer): Buffer {
  assert.equal(webp.toString('latin1', 12, 16), 'VP8 ');
  return webp.subarray(20, 20 + webp.readUInt32LE(16));
}
