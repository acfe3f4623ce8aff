import { crc32 } from 'node:zlib';
import { orientationOf, orientationTiff } from './exifOrientation.ts';
import { endOfImage, isJpeg, type JpegPiece, piecesOfJpeg, startOfScan } from './jpegPieces.ts';
import {
  type FileRange,
  type Part,
  readWindowed,
  type ReadBytes,
  sizeOfParts,
  UnreadableError,
  type Windowed,
} from './parts.ts';
import { chunksOfPng, isPng, pngSignatureBytes } from './pngChunks.ts';
import {
  chunksOfFrame,
  chunksOfWebp,
  frameHeadBytes,
  isWebp,
  type WebpChunk,
} from './webpChunks.ts';

export type { Part, ReadBytes } from './parts.ts';

/**
 * What of an image is to be sent so that it tells nothing but the image: of PNG, JPEG and WebP no
 * place, camera, author, time, text, comment, workflow, thumbnail or provenance (C2PA, which would
 * no longer be true of it), nothing that its format does not know, and nothing behind the image's
 * end, where phones put films and second images. Kept are the pixels as they are compressed, also
 * those of moving images, how they are coloured, and which way is up. Other types stay whole.
 *
 * Reads headers, and a JPEG once in windows; holds none of the image.
 * @throws UnreadableError when the image is not as its format says: what it tells is not known.
 * Else what `read` throws.
 */
export async function planWithoutMetadata(read: ReadBytes, sizeBytes: number): Promise<Part[]> {
  const windowed = readWindowed(read, sizeBytes);
  const head = await windowed.upTo(0, 12);
  if (isJpeg(head)) return await planJpeg(windowed);
  if (isPng(head)) return await planPng(windowed);
  if (isWebp(head)) return await planWebp(windowed);
  return [{ start: 0, end: sizeBytes }];
}

const app0 = 0xe0;
const app1 = 0xe1;
const app2 = 0xe2;
const app14 = 0xee;

async function planJpeg(windowed: Windowed): Promise<Part[]> {
  const parts = new PartList();
  parts.add({ start: 0, end: 2 });
  let orientation = 1;
  let last = 0;
  for await (const piece of piecesOfJpeg(windowed)) {
    last = piece.code;
    parts.add(...(await keptOf(windowed, piece)));
    if (piece.code === endOfImage) return parts.all;
    if (piece.code !== app1 || orientation !== 1) continue;
    orientation = await orientationIn(windowed, piece);
    if (orientation !== 1) parts.add(orientationSegment(orientation));
  }
  if (last !== startOfScan) throw new UnreadableError();
  // Forgotten by whoever wrote the image.
  parts.add(Buffer.from([0xff, endOfImage]));
  return parts.all;
}

/** Of what programs may add, only that without which the image looks different. */
async function keptOf(windowed: Windowed, piece: JpegPiece): Promise<Part[]> {
  const { code, start, end } = piece;
  if (code < app0) return [{ start, end }];
  const begins = (await windowed.upTo(start + 4, 12)).toString('latin1');
  if (code === app0 && begins.startsWith('JFIF\0')) return await withoutThumbnail(windowed, piece);
  const isProfile = code === app2 && begins.startsWith('ICC_PROFILE\0');
  // How the colours are coded.
  const isColours = code === app14 && begins.startsWith('Adobe');
  return isProfile || isColours ? [{ start, end }] : [];
}

/** A JFIF head up to the size of its thumbnail. */
const jfifBytes = 16;

async function withoutThumbnail(windowed: Windowed, { start, end }: FileRange): Promise<Part[]> {
  if (end - start <= jfifBytes + 2) return [{ start, end }];
  const head = Buffer.from(await windowed.bytes(start, jfifBytes + 2));
  head.writeUInt16BE(jfifBytes, 2);
  head.writeUInt16BE(0, jfifBytes);
  return [head];
}

const exifHead = Buffer.from('Exif\0\0', 'latin1');

async function orientationIn(windowed: Windowed, segment: FileRange): Promise<number> {
  const body = await windowed.bytes(segment.start + 4, segment.end - segment.start - 4);
  if (!body.subarray(0, exifHead.length).equals(exifHead)) return 1;
  return orientationOf(body.subarray(exifHead.length));
}

function orientationSegment(orientation: number): Uint8Array {
  const body = Buffer.concat([exifHead, orientationTiff(orientation)]);
  const head = Buffer.from([0xff, app1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

/** What is drawn, how large a pixel is, and how all is coloured. */
const drawnPngChunks = new Set([
  ...['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'pHYs', 'bKGD'],
  ...['gAMA', 'cHRM', 'sRGB', 'iCCP', 'sBIT', 'cICP', 'mDCV', 'cLLI'],
  // The frames of a moving image.
  ...['acTL', 'fcTL', 'fdAT'],
]);

async function planPng(windowed: Windowed): Promise<Part[]> {
  const parts = new PartList();
  parts.add({ start: 0, end: pngSignatureBytes });
  let orientation = 1;
  for await (const { name, start, end, dataStart, dataEnd } of chunksOfPng(windowed)) {
    if (drawnPngChunks.has(name)) parts.add({ start, end });
    if (name !== 'eXIf' || orientation !== 1) continue;
    const length = Math.min(dataEnd - dataStart, maxExifBytes);
    orientation = orientationOf(await windowed.upTo(dataStart, length));
    if (orientation !== 1) parts.add(pngChunk('eXIf', orientationTiff(orientation)));
  }
  return parts.all;
}

function pngChunk(name: string, data: Buffer): Buffer {
  const chunk = Buffer.concat([Buffer.from(`\0\0\0\0${name}`, 'latin1'), data, Buffer.alloc(4)]);
  chunk.writeUInt32BE(data.length);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}

const keptChunks = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ICCP']);
const exifFlag = 0x08;
const xmpFlag = 0x04;
/** An Exif chunk that is longer is none; the orientation stands at its beginning. */
const maxExifBytes = 64 * 1024;

async function planWebp(windowed: Windowed): Promise<Part[]> {
  const parts = new PartList();
  let orientation = 1;
  let extended: Buffer | undefined;
  for await (const chunk of chunksOfWebp(windowed)) {
    const { name, start, end, dataStart, dataBytes } = chunk;
    if (name === 'VP8X') extended = Buffer.from(await windowed.bytes(start, end - start));
    else if (keptChunks.has(name)) parts.add({ start, end });
    else if (name === 'ANMF') parts.add(...(await drawnOfFrame(windowed, chunk)));
    else if (name === 'EXIF')
      orientation = orientationOf(
        await windowed.upTo(dataStart, Math.min(dataBytes, maxExifBytes)),
      );
  }
  return assembleWebp(parts, orientation, extended);
}

const drawnInFrames = new Set(['VP8 ', 'VP8L', 'ALPH']);

/** A frame may have chunks of anybody's beside its image. */
async function drawnOfFrame(windowed: Windowed, frame: WebpChunk): Promise<Part[]> {
  const { start, end, dataStart } = frame;
  const drawn: FileRange[] = [];
  let isAllDrawn = true;
  for await (const part of chunksOfFrame(windowed, frame)) {
    if (drawnInFrames.has(part.name)) drawn.push({ start: part.start, end: part.end });
    else isAllDrawn = false;
  }
  if (isAllDrawn) return [{ start, end }];
  const head = Buffer.from(await windowed.bytes(start, dataStart + frameHeadBytes - start));
  head.writeUInt32LE(frameHeadBytes + sizeOfParts(drawn), 4);
  const filling = Buffer.alloc(sizeOfParts(drawn) % 2);
  return [head, ...drawn, filling];
}

function assembleWebp(parts: PartList, orientation: number, extended: Buffer | undefined): Part[] {
  // Without the extended header there can be no Exif.
  const exif = extended && orientation !== 1 ? exifChunk(orientation) : undefined;
  if (extended) extended[8] = ((extended[8] ?? 0) & ~exifFlag & ~xmpFlag) | (exif ? exifFlag : 0);
  const kept = [...(extended ? [extended] : []), ...parts.all];
  const filling = parts.sizeBytes % 2;
  const tail = Buffer.concat([Buffer.alloc(filling), exif ?? Buffer.alloc(0)]);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + (extended?.length ?? 0) + parts.sizeBytes + tail.length, 4);
  return [head, ...kept, ...(tail.length > 0 ? [tail] : [])];
}

function exifChunk(orientation: number): Buffer {
  const body = orientationTiff(orientation);
  const head = Buffer.from('EXIF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** Each part is sent by itself. An image of more is made to keep its reader busy. */
const maxParts = 10_000;

/** Parts in their order; ranges that touch become one. @throws UnreadableError of too many */
class PartList {
  readonly all: Part[] = [];
  sizeBytes = 0;

  add(...parts: readonly Part[]): void {
    for (const part of parts) this.#addOne(part);
  }

  #addOne(part: Part): void {
    const sizeBytes = part instanceof Uint8Array ? part.length : part.end - part.start;
    if (sizeBytes === 0) return;
    this.sizeBytes += sizeBytes;
    const last = this.all.at(-1);
    const joins =
      last && !(last instanceof Uint8Array) && !(part instanceof Uint8Array)
        ? last.end === part.start
        : false;
    if (joins)
      this.all[this.all.length - 1] = { ...(last as FileRange), end: (part as FileRange).end };
    else this.all.push(part);
    if (this.all.length > maxParts) throw new UnreadableError();
  }
}
