import assert from 'node:assert/strict';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { AppError } from '../../../../src/appError.ts';
import { createConverter } from '../../../../src/images/convert/converter.ts';
import { checkImageBytes } from '../../../../src/images/checkImage.ts';
import { createCodecs } from '../../../../src/images/convert/codecs.ts';
import { ConversionError } from '../../../../src/images/convert/conversionError.ts';
import {
  type ConversionOrder,
  convertPixels,
} from '../../../../src/images/convert/convertPixels.ts';
import type { OutputFormat } from '../../../../src/images/convert/outputFormat.ts';
import { sha256OfBytes } from '../../../../src/images/sha256.ts';
import { installedCodecs, testConverter } from '../../../support/testConverter.ts';

const sources = ['png', 'jpeg', 'webp'] as const;
const targets: readonly OutputFormat[] = ['png', 'jpeg', 'webp'];
const never = () => new AbortController().signal;

/** Its left half is red, its right half blue, and its upper half is not to be seen. */
function picture(width: number, height: number, isOpaque = false) {
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      data[at + (x < width / 2 ? 0 : 2)] = 255;
      data[at + 3] = isOpaque || y >= height / 2 ? 255 : 0;
    }
  return sharp(data, { raw: { width, height, channels: 4 } });
}

/** The pixel at a part of width and height: red, green, blue, alpha. */
async function pixelAt(bytes: Uint8Array, across: number, down: number): Promise<number[]> {
  const { data, info } = await sharp(bytes)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const x = Math.min(info.width - 1, Math.floor(info.width * across));
  const y = Math.min(info.height - 1, Math.floor(info.height * down));
  return [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)];
}

function assertNear(actual: readonly number[], expected: readonly number[], what: string): void {
  const isNear = actual.every((value, index) => Math.abs(value - (expected[index] ?? 0)) <= 12);
  assert.ok(isNear, `${what}: ${actual.join()} is not ${expected.join()}`);
}

const red = [255, 0, 0, 255];
const blue = [0, 0, 255, 255];
const white = [255, 255, 255, 255];

describe('a conversion of an image', () => {
  const codecs = createCodecs(installedCodecs);
  const convert = (order: ConversionOrder) => convertPixels(order, codecs);
  const convertOne = async (order: Partial<ConversionOrder> & Pick<ConversionOrder, 'bytes'>) => {
    const whole = { format: 'webp', quality: 80, widths: [undefined], ...order } as const;
    const { images, losesProvenance } = await convert(whole);
    const [image] = images;
    assert.ok(image);
    return { ...image, losesProvenance };
  };
  const refusal = async (bytes: Uint8Array) => {
    const thrown = await convertOne({ bytes }).then(
      () => assert.fail('It was converted'),
      (reason: unknown) => reason,
    );
    assert.ok(thrown instanceof ConversionError, String(thrown));
    return thrown.problem;
  };

  for (const source of sources)
    for (const format of targets)
      it(`makes a whole ${format} of a ${source}, as large and of the same pixels`, async () => {
        const bytes = await picture(64, 48, true).toFormat(source, { quality: 95 }).toBuffer();
        const made = await convertOne({ bytes, format, quality: 95 });
        const facts = await checkImageBytes(made.bytes);
        assert.deepEqual(facts, {
          type: format === 'jpeg' ? 'jpg' : format,
          width: 64,
          height: 48,
        });
        assert.deepEqual([made.width, made.height], [64, 48]);
        assert.equal(made.sha256, sha256OfBytes(made.bytes));
        assertNear(await pixelAt(made.bytes, 0.2, 0.5), red, 'left');
        assertNear(await pixelAt(made.bytes, 0.8, 0.5), blue, 'right');
      });

  it('keeps what is transparent, and puts it on white where a format has no alpha', async () => {
    for (const source of ['png', 'webp'] as const) {
      const bytes = await picture(64, 48).toFormat(source, { lossless: true }).toBuffer();
      for (const format of ['png', 'webp'] as const) {
        const { bytes: made } = await convertOne({ bytes, format });
        assert.equal((await pixelAt(made, 0.2, 0.2))[3], 0, `${source} to ${format}`);
        assertNear(await pixelAt(made, 0.2, 0.9), red, `${source} to ${format}`);
      }
      const { bytes: jpeg } = await convertOne({ bytes, format: 'jpeg' });
      assertNear(await pixelAt(jpeg, 0.2, 0.2), white, `${source} to jpeg`);
      assertNear(await pixelAt(jpeg, 0.8, 0.9), blue, `${source} to jpeg`);
    }
  });

  it('turns an image upright, however its Exif says that it lies, in every format', async () => {
    const upright = await picture(64, 48, true).png().toBuffer();
    for (const source of sources)
      for (let orientation = 1; orientation <= 8; orientation += 1) {
        const bytes = await sharp(upright)
          .toFormat(source, { quality: 100 })
          .withMetadata({ orientation })
          .toBuffer();
        const expected = await sharp(bytes)
          .autoOrient()
          .png()
          .toBuffer({ resolveWithObject: true });
        const made = await convertOne({ bytes, format: 'png' });
        const what = `${source}, orientation ${String(orientation)}`;
        assert.deepEqual(
          [made.width, made.height],
          [expected.info.width, expected.info.height],
          what,
        );
        for (const [across, down] of [
          [0.1, 0.1],
          [0.9, 0.1],
          [0.1, 0.9],
          [0.9, 0.9],
        ] as const)
          assertNear(
            await pixelAt(made.bytes, across, down),
            await pixelAt(expected.data, across, down),
            what,
          );
        assert.equal((await sharp(made.bytes).metadata()).orientation ?? 1, 1);
      }
  });

  it('keeps the colour profile, from every format to every format', async () => {
    for (const source of sources) {
      const bytes = await picture(64, 48, true).withIccProfile('p3').toFormat(source).toBuffer();
      const { icc: before } = await sharp(bytes).metadata();
      assert.ok(before);
      for (const format of targets) {
        const made = await convertOne({ bytes, format });
        await checkImageBytes(made.bytes);
        const { icc, width, height } = await sharp(made.bytes).metadata();
        assert.deepEqual([icc, width, height], [before, 64, 48], `${source} to ${format}`);
      }
    }
  });

  it('keeps alpha beside the colour profile in a WebP', async () => {
    const bytes = await picture(64, 48).withIccProfile('p3').png().toBuffer();
    const made = await convertOne({ bytes });
    const { icc, hasAlpha } = await sharp(made.bytes).metadata();
    assert.ok(icc);
    assert.equal(hasAlpha, true);
    assert.equal((await pixelAt(made.bytes, 0.2, 0.2))[3], 0);
  });

  it('leaves out a profile that is not of red, green and blue', async () => {
    const bytes = await picture(8, 8, true).withIccProfile('p3').png().toBuffer();
    const { icc } = await sharp(bytes).metadata();
    assert.ok(icc);
    icc.write('GRAY', 16, 'latin1');
    const plain = await picture(8, 8, true).png().toBuffer();
    const data = Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(icc)]);
    const made = await convertOne({ bytes: withPngChunk(plain, 'iCCP', data), format: 'png' });
    assert.ok(!Buffer.from(made.bytes).includes('iCCP'));
  });

  it('scales to each width that is asked for, and enlarges nothing', async () => {
    const bytes = await picture(600, 301, true).png().toBuffer();
    const order = {
      bytes,
      format: 'webp',
      quality: 80,
      widths: [200, 599, 1280, undefined],
    } as const;
    const { images } = await convert(order);
    assert.deepEqual(
      images.map(({ width, height }) => [width, height]),
      [
        [200, 100],
        [599, 300],
        [600, 301],
        [600, 301],
      ],
    );
    for (const image of images) {
      const { width, height } = await checkImageBytes(image.bytes);
      assert.deepEqual([width, height], [image.width, image.height]);
      assertNear(await pixelAt(image.bytes, 0.2, 0.5), red, 'left');
    }
  });

  it('converts an image of one pixel, and one of one row', async () => {
    for (const [width, height] of [
      [1, 1],
      [500, 1],
      [1, 500],
    ] as const)
      for (const source of sources)
        for (const format of targets) {
          const bytes = await picture(width, height, true).toFormat(source).toBuffer();
          const made = await convertOne({ bytes, format, widths: [100] });
          const facts = await checkImageBytes(made.bytes);
          assert.equal(facts.width, Math.min(width, 100));
          assert.equal(facts.height, width === 500 ? 1 : height);
        }
  });

  it('makes a smaller file of less quality', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const bytes = await sharp({
      create: { width: 128, height: 128, channels: 3, background: '#888', noise },
    })
      .png()
      .toBuffer();
    for (const format of ['jpeg', 'webp'] as const) {
      const low = await convertOne({ bytes, format, quality: 20 });
      const high = await convertOne({ bytes, format, quality: 90 });
      assert.ok(low.bytes.length < high.bytes.length / 2, format);
    }
  });

  it('reads 16 bits, palettes, gray and interlaced PNGs', async () => {
    const whole = picture(64, 48, true);
    const variants = [
      await whole.clone().toColourspace('rgb16').png().toBuffer(),
      await whole.clone().png({ palette: true }).toBuffer(),
      await whole.clone().png({ progressive: true }).toBuffer(),
    ];
    for (const bytes of variants) {
      const made = await convertOne({ bytes, format: 'png' });
      assertNear(await pixelAt(made.bytes, 0.2, 0.5), red, 'left');
      assertNear(await pixelAt(made.bytes, 0.8, 0.5), blue, 'right');
    }
    const gray = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#777' } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const made = await convertOne({ bytes: gray, format: 'png' });
    assertNear(await pixelAt(made.bytes, 0.5, 0.5), [0x77, 0x77, 0x77, 255], 'gray');
  });

  it('tells that a signed record of the origin is lost, and keeps none', async () => {
    const png = await picture(8, 8, true).png().toBuffer();
    const webp = await picture(8, 8, true).webp().toBuffer();
    const jpeg = await picture(8, 8, true).jpeg().toBuffer();
    const record = Buffer.from('a record');
    const signed = [
      withPngChunk(png, 'caBX', record),
      withJpegSegment(jpeg, 0xeb, Buffer.concat([Buffer.from('JP'), record])),
      withWebpChunk(webp, 'C2PA', record),
    ];
    for (const bytes of signed)
      for (const format of targets) {
        const made = await convertOne({ bytes, format });
        assert.equal(made.losesProvenance, true);
        assert.ok(!Buffer.from(made.bytes).includes(record));
      }
    for (const bytes of [png, webp, jpeg])
      assert.equal((await convertOne({ bytes })).losesProvenance, false);
  });

  it('refuses what is no image, what is cut off, and what only a browser reads', async () => {
    const png = await picture(64, 48, true).png().toBuffer();
    const gif = await picture(8, 8, true).gif().toBuffer();
    assert.equal(await refusal(Buffer.from('<html>not an image</html>')), 'notWhole');
    assert.equal(await refusal(Buffer.alloc(0)), 'notWhole');
    for (const source of sources) {
      const bytes = await picture(64, 48, true).toFormat(source).toBuffer();
      assert.equal(await refusal(bytes.subarray(0, bytes.length / 2)), 'notWhole', source);
    }
    assert.equal(await refusal(gif), 'needsBrowser');
    assert.equal(await refusal(await sharp(png).avif().toBuffer()), 'needsBrowser');
    assert.equal(
      await refusal(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
      'needsBrowser',
    );
  });

  it('refuses an animation, of which the first frame alone would stay', async () => {
    const frames = [picture(8, 8, true), picture(8, 8)].map((each) => each.png().toBuffer());
    const animated = sharp(await Promise.all(frames), { join: { animated: true } });
    assert.equal(await refusal(await animated.clone().webp().toBuffer()), 'animated');
    assert.equal(await refusal(await animated.clone().gif().toBuffer()), 'animated');
    const png = await picture(8, 8).png().toBuffer();
    assert.equal(await refusal(withPngChunk(png, 'acTL', Buffer.alloc(8))), 'animated');
  });

  it('refuses a bomb before it decodes it', async () => {
    const row = Buffer.alloc(1 + 30_000 * 4);
    const bomb = pngOf(30_000, 30_000, deflateSync(Buffer.concat([row, row])));
    assert.equal(await refusal(bomb), 'tooLarge');
  });

  it('refuses pixels that are not there', async () => {
    const hollow = pngOf(400, 400, deflateSync(Buffer.alloc(10)));
    assert.equal(await refusal(hollow), 'undecodable');
    const broken = await picture(64, 48, true).webp().toBuffer();
    broken.fill(0x5a, 40, broken.length - 2);
    await convertOne({ bytes: broken }).catch((thrown: unknown) => {
      assert.ok(thrown instanceof ConversionError);
    });
    await convertOne({ bytes: await picture(8, 8).png().toBuffer() });
  });

  it('survives images of which any byte is another', async () => {
    for (const source of sources) {
      const whole = await picture(24, 24, true).toFormat(source).toBuffer();
      for (let turn = 0; turn < 8; turn += 1) {
        const bytes = Buffer.from(whole);
        for (let at = turn; at < bytes.length; at += 37) bytes[at] = (at * 7919 + turn * 31) % 256;
        await convertOne({ bytes, widths: [12] }).catch((thrown: unknown) => {
          assert.ok(thrown instanceof ConversionError, String(thrown));
        });
      }
    }
  });
});

describe('the thread that converts images', () => {
  const { convert } = testConverter();

  it('gives up what takes too long', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const bytes = await sharp({
      create: { width: 2000, height: 2000, channels: 3, background: '#888', noise },
    })
      .png({ compressionLevel: 0 })
      .toBuffer();
    const order = { bytes, format: 'webp', quality: 80, widths: [undefined] } as const;
    await assert.rejects(
      testConverter({ limitMs: 20 }).convert(order, never()),
      (thrown) => thrown instanceof ConversionError && thrown.problem === 'tooSlow',
    );
  });

  it('ends at once for who leaves, also while another image has its turn', async () => {
    const bytes = await picture(1200, 1200).png().toBuffer();
    const order = { bytes, format: 'webp', quality: 80, widths: [undefined] } as const;
    const leaving = new AbortController();
    const first = convert(order, never());
    const second = convert(order, leaving.signal);
    leaving.abort();
    const isCancelled = (thrown: unknown) =>
      thrown instanceof AppError && thrown.code === 'cancelled';
    await assert.rejects(second, isCancelled);
    await assert.rejects(convert(order, AbortSignal.abort()), isCancelled);
    assert.equal((await first).images.length, 1);
    const running = new AbortController();
    const third = convert(order, running.signal);
    setTimeout(() => running.abort(), 5);
    await assert.rejects(third, isCancelled);
  });

  it('leaves the bytes that it was given to who gave them', async () => {
    const bytes = new Uint8Array(await picture(8, 8).png().toBuffer());
    const before = sha256OfBytes(bytes);
    const order = { bytes, format: 'webp', quality: 80, widths: [undefined] } as const;
    const { images } = await convert(order, never());
    assert.equal(images.length, 1);
    assert.equal(sha256OfBytes(bytes), before);
  });

  it('says why it refuses an image, and goes on with the next one', async () => {
    const order = { format: 'webp', quality: 80, widths: [undefined] } as const;
    const hollow = pngOf(400, 400, deflateSync(Buffer.alloc(10)));
    await assert.rejects(
      convert({ ...order, bytes: hollow }, never()),
      (thrown) => thrown instanceof ConversionError && thrown.problem === 'undecodable',
    );
    const bytes = await picture(8, 8).png().toBuffer();
    assert.equal((await convert({ ...order, bytes }, never())).images.length, 1);
  });

  it('fails with a code when its own script cannot run', async () => {
    const workerPath = join(import.meta.dirname, 'nowhere.ts');
    const lost = createConverter({ workerPath, codecFiles: installedCodecs });
    const order = { bytes: new Uint8Array(8), format: 'webp', quality: 80, widths: [1] } as const;
    await assert.rejects(lost.convert(order, never()), ConversionError);
  });
});

function chunkOf(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

function withPngChunk(png: Buffer, name: string, data: Buffer): Buffer {
  const headEnd = 8 + 25;
  return Buffer.concat([png.subarray(0, headEnd), chunkOf(name, data), png.subarray(headEnd)]);
}

function pngOf(width: number, height: number, data: Buffer): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunkOf('IHDR', head),
    chunkOf('IDAT', data),
    chunkOf('IEND', Buffer.alloc(0)),
  ]);
}

function withJpegSegment(jpeg: Buffer, code: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
}

function withWebpChunk(webp: Buffer, name: string, data: Buffer): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  const whole = Buffer.concat([webp, head, data, Buffer.alloc(data.length % 2)]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}
