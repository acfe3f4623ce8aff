import assert from 'node:assert/strict';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { checkImageBytes, checkImageFile } from '../../../src/images/checkImage.ts';
import { isDecodable } from '../../../src/images/imageLimits.ts';
import { BadImageError } from '../../../src/images/imageFacts.ts';
import { type OpenToRead, readWindowed, UnreadableError } from '../../../src/images/parts.ts';
import { planWithoutMetadata } from '../../../src/images/withoutMetadata.ts';

const megabyte = 1024 * 1024;

/** A beginning, and a piece again and again. */
function endless(head: Buffer, piece: Buffer, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(sizeBytes, piece);
  // The filling begins anew behind the head.
  return Buffer.concat([head, bytes]).subarray(0, sizeBytes);
}

function pngChunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, body, sum]);
}

const size = Buffer.from([0, 0, 0, 9, 0, 0, 0, 9, 8, 2, 0, 0, 0]);
const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), pngChunk('IHDR', size)]);
const webp = Buffer.from(
  'RIFF\xff\xff\x1f\x02WEBPVP8X\x0a\0\0\0\0\0\0\0\x08\0\0\x08\0\0',
  'latin1',
);

/** Images that are made to be walked through without end, each of some 35 MB. */
const endlessImages: [string, Buffer][] = [
  ['JPEG', endless(Buffer.from('ffd8', 'hex'), Buffer.from('ffe10002', 'hex'), 35 * megabyte)],
  [
    'JPEG of comments',
    endless(Buffer.from('ffd8', 'hex'), Buffer.from('fffe0002', 'hex'), 35 * megabyte),
  ],
  [
    'JPEG of small previews',
    endless(Buffer.from('ffd8', 'hex'), Buffer.from('ffe00002', 'hex'), 35 * megabyte),
  ],
  [
    'PNG of pieces that nobody knows',
    endless(png, pngChunk('prVt', Buffer.alloc(0)), 35 * megabyte),
  ],
  ['WebP of camera data', endless(webp, Buffer.from('EXIF\0\0\0\0', 'latin1'), 35 * megabyte)],
  ['PNG', endless(png, pngChunk('IDAT', Buffer.alloc(0)), 35 * megabyte)],
  ['PNG of texts', endless(png, pngChunk('tEXt', Buffer.alloc(0)), 35 * megabyte)],
  ['WebP', endless(webp, Buffer.from('none\0\0\0\0', 'latin1'), 35 * megabyte)],
];

describe('an image without end', () => {
  for (const [what, bytes] of endlessImages)
    it(`is refused as ${what}, and lets others have their turn meanwhile`, async () => {
      let turns = 0;
      const turning = setInterval(() => (turns += 1), 0);
      try {
        await assert.rejects(checkImageBytes(bytes), BadImageError);
      } finally {
        clearInterval(turning);
      }
      assert.ok(turns > 10, `${String(turns)} turns`);
    });

  it('is given up after a million reads, be it as long as it likes', async () => {
    const { upTo } = readWindowed(() => Promise.resolve(Buffer.alloc(8)), 8);
    const walk = async () => {
      for (let reads = 0; reads <= 1_000_000; reads += 1) await upTo(0, 8);
    };
    await assert.rejects(walk(), UnreadableError);
  });

  it('is not begun where the file is larger than any image', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'endless-'));
    const path = join(folder, 'sparse.jpg');
    let reads = 0;
    const counted: OpenToRead = async (name, flags) => {
      const file = await open(name, flags);
      return {
        read: (...args) => {
          reads += 1;
          return file.read(...args);
        },
        stat: () => file.stat(),
        close: () => file.close(),
      };
    };
    try {
      await writeFile(path, Buffer.from('ffd8', 'hex'));
      await truncate(path, 100 * 1024 * megabyte);
      await assert.rejects(checkImageFile(path, counted), /too large/);
      assert.equal(reads, 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is not sent as a million parts', async () => {
    // What is left out and what is kept, in turns.
    const turns = endless(
      Buffer.from('ffd8', 'hex'),
      Buffer.from('ffe10002ffdb0002', 'hex'),
      megabyte,
    );
    const read = (offset: number, length: number) =>
      Promise.resolve(turns.subarray(offset, offset + length));
    await assert.rejects(planWithoutMetadata(read, turns.length), UnreadableError);
  });
});

describe('what an image claims to measure', () => {
  it('decides whether it is decoded', () => {
    assert.ok(isDecodable({ width: 16_384, height: 16_384 }));
    for (const [width, height] of [
      [65_535, 65_535],
      [2 ** 31, 1],
      [16_385, 16_384],
    ] as const)
      assert.ok(!isDecodable({ width, height }));
  });
});
