import { crc32, deflateSync } from 'node:zlib';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** No screen shows more, and nobody waits for it to be written. */
const maxSide = 4_096;
const maxTextChars = 2_000;
/** One bit a pixel, by a palette. */
const bitDepth = 1;
const paletteType = 3;
const ground = [0xe4, 0xe4, 0xe4];
const line = [0x9c, 0x9c, 0x9c];
/** Of the frame and the cross, of the shorter side. */
const linePart = 1 / 200;

/**
 * A PNG that stands where an image will be: gray, with a frame and a cross, and with texts in it that say
 * what it is. Sides are in pixels; those of more than 4,096 are scaled down.
 * @param texts by their keywords, as `Description`
 */
export function placeholderPng(
  size: { width: number; height: number },
  texts: Readonly<Record<string, string>>,
): Buffer {
  const scale = Math.min(1, maxSide / Math.max(size.width, size.height));
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  const header = Buffer.concat([uint32(width), uint32(height)]);
  return Buffer.concat([
    signature,
    chunk('IHDR', Buffer.concat([header, Buffer.from([bitDepth, paletteType, 0, 0, 0])])),
    chunk('PLTE', Buffer.from([...ground, ...line])),
    ...Object.entries(texts).map(([keyword, text]) => chunk('iTXt', textOf(keyword, text))),
    chunk('IDAT', deflateSync(rowsOf(width, height))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each row begins with its filter, which is none. */
function rowsOf(width: number, height: number): Buffer {
  const rowBytes = 1 + Math.ceil(width / 8);
  const rows = Buffer.alloc(rowBytes * height);
  const thickness = Math.max(1, Math.round(Math.min(width, height) * linePart));
  const draw = (from: number, to: number, y: number) => {
    for (let x = Math.max(0, from); x < Math.min(width, to); x += 1) {
      const at = y * rowBytes + 1 + (x >> 3);
      rows[at] = (rows[at] ?? 0) | (0x80 >> (x & 7));
    }
  };
  // A flat diagonal covers several pixels of a row.
  const reach = thickness + Math.ceil(width / height);
  for (let y = 0; y < height; y += 1) {
    const isEdge = y < thickness || y >= height - thickness;
    draw(0, isEdge ? width : thickness, y);
    draw(width - thickness, width, y);
    const x = Math.floor((y * width) / height);
    draw(x, x + reach, y);
    draw(width - x - reach, width - x, y);
  }
  return rows;
}

/** Keyword, no compression, no language, no translated keyword; then UTF-8. */
function textOf(keyword: string, text: string): Buffer {
  const words = text.toWellFormed().replaceAll('\0', '').slice(0, maxTextChars).toWellFormed();
  return Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(words, 'utf8')]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  return Buffer.concat([uint32(data.length), named, uint32(crc32(named))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
