/** Just enough of the PNG format to write one by hand. */
import { crc32, deflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface PngChunk {
  readonly type: string;
  readonly data: Buffer;
}

export function encodeChunk({ type, data }: PngChunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}

/** A text chunk in UTF-8 (iTXt, not compressed). */
export function textChunk(keyword: string, text: string): PngChunk {
  const head = Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1');
  return { type: 'iTXt', data: Buffer.concat([head, Buffer.from(text)]) };
}

/** Puts chunks right after the header chunk of a finished PNG. */
export function insertChunks(png: Buffer, chunks: readonly PngChunk[]): Buffer {
  const headEnd = signature.length + 25;
  return Buffer.concat([
    png.subarray(0, headEnd),
    ...chunks.map(encodeChunk),
    png.subarray(headEnd),
  ]);
}

/** A palette image of one bit a pixel; `rows` are packed and start with their filter byte. */
export function encodeTwoColourPng(
  width: number,
  height: number,
  palette: Buffer,
  rows: Buffer,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 3, 0, 0, 0], 8);
  const chunks: PngChunk[] = [
    { type: 'IHDR', data: header },
    { type: 'PLTE', data: palette },
    { type: 'IDAT', data: deflateSync(rows, { level: 1 }) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ];
  return Buffer.concat([signature, ...chunks.map(encodeChunk)]);
}
