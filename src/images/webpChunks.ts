import { type FileRange, UnreadableError, type Windowed } from './parts.ts';

/** A chunk of a WebP (RFC 9649), with its head and its filling byte. */
export interface WebpChunk extends FileRange {
  name: string;
  dataStart: number;
  dataBytes: number;
}

const headBytes = 8;
const firstChunk = 12;
const hole = '\0\0\0\0';
/** Flags and size of an image with more than an image in its file. */
const extendedBytes = 10;

export function isWebp(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP';
}

/**
 * The chunks of a WebP, which may have something behind it.
 * @throws UnreadableError when the file ends before it says so, or a chunk is larger than it.
 */
export async function* chunksOfWebp(windowed: Windowed): AsyncGenerator<WebpChunk, void, void> {
  const end = (await windowed.bytes(4, 4)).readUInt32LE() + headBytes;
  if (end > windowed.sizeBytes) throw new UnreadableError();
  yield* chunksBetween(windowed, firstChunk, end);
}

/** Place and duration of a frame, before its own chunks. */
export const frameHeadBytes = 16;

/** The chunks in an ANMF. @throws UnreadableError when one is larger than it. */
export function chunksOfFrame(
  windowed: Windowed,
  { dataStart, dataBytes }: WebpChunk,
): AsyncGenerator<WebpChunk, void, void> {
  return chunksBetween(windowed, dataStart + frameHeadBytes, dataStart + dataBytes);
}

/** Chunks one after the other. @throws UnreadableError when one reaches behind `end`. */
async function* chunksBetween(
  windowed: Windowed,
  start: number,
  end: number,
): AsyncGenerator<WebpChunk, void, void> {
  for (let at = start; at + headBytes <= end;) {
    const head = await windowed.bytes(at, headBytes);
    const name = head.toString('latin1', 0, 4);
    const dataBytes = head.readUInt32LE(4);
    const dataStart = at + headBytes;
    if (name === hole || dataStart + dataBytes > end) throw new UnreadableError();
    if (name === 'VP8X' && dataBytes !== extendedBytes) throw new UnreadableError();
    // The last one's filling byte is often forgotten.
    const next = Math.min(dataStart + dataBytes + (dataBytes % 2), end);
    yield { name, start: at, end: next, dataStart, dataBytes };
    at = next;
  }
}
