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
  [
    'JPEG of long blocks',
    jpegOf(
      { sidePx: 65_535, sampling: [0x24, 0x11, 0x11], symbol: 15 },
      Buffer.alloc(16 * megabyte),
    ),
  ],
  ['WebP', endless(webp, Buffer.from('none\0\0\0\0', 'latin1'), 35 * megabyte)],
];

/** What a JPEG's frame and scan say of themselves. Each component is one byte of sampling. */
interface Claims {
  sidePx: number;
  sampling: number[];
  /** How often the scan names the first component; each of them once unless told. */
  repeated?: number;
  /** The one symbol of the coefficients' table, which is one zero bit. */
  symbol?: number;
}

/** A sequential JPEG that lacks its end marker, so that its blocks are counted. */
function jpegOf({ sidePx, sampling, repeated, symbol = 0 }: Claims, scan: Buffer): Buffer {
  const side = [sidePx >> 8, sidePx & 0xff];
  const components = sampling.flatMap((each, index) => [index + 1, each, 0]);
  const named = repeated === undefined ? sampling.map((_, at) => at + 1) : Array(repeated).fill(1);
  const oneCode = [1, ...Array<number>(15).fill(0)];
  const piece = (code: number, body: number[]) => {
    const length = body.length + 2;
    return Buffer.from([0xff, code, length >> 8, length & 0xff, ...body]);
  };
  return Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    piece(0xdb, [0, ...Array<number>(64).fill(1)]),
    piece(0xc0, [8, ...side, ...side, sampling.length, ...components]),
    piece(0xc4, [0x00, ...oneCode, symbol, 0x10, ...oneCode, symbol]),
    piece(0xda, [named.length, ...named.flatMap((id: number) => [id, 0]), 0, 63, 0]),
    scan,
  ]);
}

describe('a JPEG without its end marker', () => {
  const whole: [string, Claims, number][] = [
    ['one component', { sidePx: 8, sampling: [0x11] }, 1],
    ['four of them', { sidePx: 8, sampling: [0x11, 0x11, 0x11, 0x11] }, 1],
    ['ten blocks in a unit', { sidePx: 8, sampling: [0x24, 0x11, 0x11] }, 3],
    ['a sampling of four', { sidePx: 8, sampling: [0x44] }, 1],
  ];
  for (const [what, claims, bytes] of whole)
    it(`is one with ${what}`, async () => {
      const { type } = await checkImageBytes(jpegOf(claims, Buffer.alloc(bytes)));
      assert.equal(type, 'jpg');
    });

  // Their blocks are all there, but no decoder takes them, and a few bytes can speak of very many.
  const impossible: [string, Claims][] = [
    ['five components in its scan', { sidePx: 8, sampling: [0x11], repeated: 5 }],
    ['a hundred of them', { sidePx: 8, sampling: [0x11], repeated: 100 }],
    ['eleven blocks in a unit', { sidePx: 8, sampling: [0x24, 0x12, 0x11] }],
    ['sixteen blocks in a unit', { sidePx: 8, sampling: [0x22, 0x22, 0x22, 0x22] }],
    ['a sampling of five', { sidePx: 8, sampling: [0x51] }],
    ['a sampling of fifteen', { sidePx: 8, sampling: [0x1f] }],
    ['no sampling', { sidePx: 8, sampling: [0x11, 0x01] }],
  ];
  for (const [what, claims] of impossible)
    it(`is none with ${what}`, async () => {
      for (const bytes of [1, 2, 3, 4, 5, 25])
        await assert.rejects(checkImageBytes(jpegOf(claims, Buffer.alloc(bytes))), BadImageError);
    });
});

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
