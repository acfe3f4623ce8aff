import { type FileRange, stepBytes, UnreadableError, type Windowed } from './parts.ts';

/** A marker of a JPEG (ITU T.81) with what belongs to it; with a scan, its compressed data too. */
export interface JpegPiece extends FileRange {
  /** The marker's second byte. */
  code: number;
  /** Where a scan's compressed data begin; else `end`. */
  headEnd: number;
}

const temporary = 0x01;
const firstUsed = 0xc0;
export const startOfImage = 0xd8;
export const endOfImage = 0xd9;
export const startOfScan = 0xda;

export function isJpeg(head: Buffer): boolean {
  return head[0] === 0xff && head[1] === startOfImage;
}

/**
 * A JPEG from behind its first marker to its end; the last piece is the end, unless it is missing.
 * What stands between the pieces means nothing to a decoder, and neither does what comes behind the
 * end: phones put films and second images there.
 * @throws UnreadableError where a decoder would stop.
 */
export async function* piecesOfJpeg(windowed: Windowed): AsyncGenerator<JpegPiece, void, void> {
  for (let at = 2; ;) {
    const start = await nextMarker(windowed, at);
    const [, code] = await windowed.upTo(start, 2);
    if (code === undefined) return;
    at = start + 2;
    if (code === temporary) continue;
    if (code === endOfImage) {
      yield { code, start, end: at, headEnd: at };
      return;
    }
    if (code < firstUsed || code === startOfImage) throw new UnreadableError();
    const headEnd = at + (await windowed.bytes(at, 2)).readUInt16BE();
    if (headEnd < at + 2) throw new UnreadableError();
    at = code === startOfScan ? await nextMarker(windowed, headEnd) : headEnd;
    yield { code, start, end: at, headEnd };
  }
}

/** Where the first marker at or behind `offset` stands, or the file's end: compressed data have none. */
async function nextMarker(windowed: Windowed, offset: number): Promise<number> {
  for (let at = offset; ;) {
    const data = await windowed.upTo(at, stepBytes);
    const found = markerIn(data);
    if (found !== undefined) return at + found;
    if (data.length < 2 || at + data.length >= windowed.sizeBytes) return windowed.sizeBytes;
    // The last byte may be the first half of a marker.
    at += data.length - 1;
  }
}

/** In compressed data 0xff is followed by 0, or begins a restart, which is part of the data. */
function markerIn(data: Buffer): number | undefined {
  for (let at = data.indexOf(0xff); at !== -1; at = data.indexOf(0xff, at + 1)) {
    // Many of them fill a gap.
    while (data[at + 1] === 0xff) at += 1;
    const code = data[at + 1];
    if (code === undefined) return undefined;
    const isData = code === 0 || (code >= 0xd0 && code <= 0xd7);
    if (!isData) return at;
  }
  return undefined;
}
