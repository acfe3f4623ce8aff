import { type FileRange, UnreadableError, type Windowed } from './parts.ts';

/** A chunk of a PNG (ISO/IEC 15948), with its length and its checksum. */
export interface PngChunk extends FileRange {
  name: string;
  dataStart: number;
  dataEnd: number;
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
export const pngSignatureBytes = signature.length;
const headBytes = 8;
const checksumBytes = 4;
const chunkName = /^[A-Za-z]{4}$/;

export function isPng(head: Buffer): boolean {
  return head.subarray(0, signature.length).equals(signature);
}

/**
 * The chunks of a PNG from IHDR to IEND, which may have something behind it.
 * @throws UnreadableError when one of both is missing, or stands elsewhere.
 */
export async function* chunksOfPng(windowed: Windowed): AsyncGenerator<PngChunk, void, void> {
  let name = '';
  for (let at = pngSignatureBytes; name !== 'IEND';) {
    const head = await windowed.bytes(at, headBytes);
    const isFirst = name === '';
    name = head.toString('latin1', 4);
    if (!chunkName.test(name) || isFirst !== (name === 'IHDR')) throw new UnreadableError();
    const dataStart = at + headBytes;
    const dataEnd = dataStart + head.readUInt32BE();
    const end = dataEnd + checksumBytes;
    if (end > windowed.sizeBytes) throw new UnreadableError();
    yield { name, start: at, end, dataStart, dataEnd };
    at = end;
  }
}
