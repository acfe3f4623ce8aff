import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { maxImageBytes } from './imageLimits.ts';
import { BadImageError, type ImageFacts, inspectImageBy, readFacts } from './inspectImage.ts';
import { endOfImage, isJpeg, type JpegPiece, piecesOfJpeg, startOfScan } from './jpegPieces.ts';
import {
  type OpenToRead,
  readerOf,
  readWindowed,
  type ReadBytes,
  stepBytes,
  UnreadableError,
  type Windowed,
} from './parts.ts';
import { chunksBetween, chunksOfWebp, isWebp, type WebpChunk } from './webpChunks.ts';

/**
 * Type and size of the image in a file, by its bytes and not its name, after a walk through the
 * whole of a PNG, JPEG or WebP: what a decoder would stop at is refused, what it passes over is
 * not. The pixels are not decoded. Reads in windows; 50 MB take a tenth of a second.
 * @throws BadImageError when it is no image, or not a whole one; else what the file system says.
 */
export async function checkImageFile(
  path: string,
  openFile: OpenToRead = open,
): Promise<ImageFacts & { sizeBytes: number }> {
  const file = await openFile(path, 'r');
  try {
    const { size: sizeBytes } = await file.stat();
    return { ...(await checkImage(readerOf(file), sizeBytes)), sizeBytes };
  } finally {
    await file.close();
  }
}

/** The same for an image whose bytes are at hand. @throws BadImageError */
export async function checkImageBytes(bytes: Uint8Array): Promise<ImageFacts> {
  const read: ReadBytes = (offset, length) =>
    Promise.resolve(bytes.subarray(offset, offset + length));
  return await checkImage(read, bytes.length);
}

/** Enough to tell what it is. */
const headBytes = 64;

async function checkImage(read: ReadBytes, sizeBytes: number): Promise<ImageFacts> {
  if (sizeBytes > maxImageBytes) throw new BadImageError('The file is too large for an image');
  const windowed = readWindowed(read, sizeBytes);
  const head = await windowed.upTo(0, headBytes);
  if (isJpeg(head)) return await whole('JPEG', checkJpeg(windowed));
  if (isPng(head)) return await whole('PNG', checkPng(windowed, head));
  if (isWebp(head)) return await whole('WebP', checkWebp(windowed, head));
  const facts = await inspectImageBy(read, sizeBytes);
  // What only nearly begins as one of these was not walked through.
  if (walkedTypes.includes(facts.type)) throw new BadImageError('The file is not an image');
  return facts;
}

const walkedTypes: readonly ImageFacts['type'][] = ['png', 'jpg', 'webp'];

async function whole(format: string, checking: Promise<ImageFacts>): Promise<ImageFacts> {
  try {
    return await checking;
  } catch (thrown) {
    if (!(thrown instanceof UnreadableError)) throw thrown;
    throw new BadImageError(`The ${format} image is not whole`);
  }
}

async function checkJpeg(windowed: Windowed): Promise<ImageFacts> {
  let facts: ImageFacts | undefined;
  let [hasTables, hasScan] = [false, false];
  for await (const piece of piecesOfJpeg(windowed)) {
    const { code, end, headEnd } = piece;
    if (isFrame(code)) {
      facts ??= await readFrame(windowed, piece);
      hasTables ||= losslessFrames.includes(code);
    } else if (code === quantisation) hasTables = true;
    else if (code === startOfScan) {
      if (!facts || !hasTables) break;
      // A header alone opens as a grey image.
      hasScan ||= end > headEnd;
    } else if (code === endOfImage && facts && hasScan) return facts;
  }
  throw new UnreadableError();
}

const quantisation = 0xdb;
const losslessFrames: readonly number[] = [0xc3, 0xc7, 0xcb, 0xcf];
/** Codes among those of frames that begin something else: DHT, JPG and DAC. */
const otherThanFrames: readonly number[] = [0xc4, 0xc8, 0xcc];

function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && !otherThanFrames.includes(code);
}

async function readFrame(windowed: Windowed, { start }: JpegPiece): Promise<ImageFacts> {
  const sides = await windowed.bytes(start + 5, 4);
  const [height, width] = [sides.readUInt16BE(), sides.readUInt16BE(2)];
  if (width === 0 || height === 0) throw new UnreadableError();
  return { type: 'jpg', width, height };
}

const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function isPng(head: Buffer): boolean {
  return head.subarray(0, pngSignature.length).equals(pngSignature);
}

async function checkPng(windowed: Windowed, head: Buffer): Promise<ImageFacts> {
  const facts = readFacts(head);
  let hasData = false;
  let name = '';
  for (let at = pngSignature.length; name !== 'IEND';) {
    const begin = await windowed.bytes(at, 8);
    const isFirst = name === '';
    name = begin.toString('latin1', 4);
    const end = at + 8 + begin.readUInt32BE();
    if (!chunkName.test(name) || isFirst !== (name === 'IHDR')) throw new UnreadableError();
    await checkChunk(windowed, { name, start: at + 4, end });
    hasData ||= name === 'IDAT';
    at = end + 4;
  }
  if (!hasData) throw new UnreadableError();
  return facts;
}

const chunkName = /^[A-Za-z]{4}$/;

/** By its checksum, when no decoder can do without it: its name begins with a capital letter then. */
async function checkChunk(
  windowed: Windowed,
  { name, start, end }: { name: string; start: number; end: number },
): Promise<void> {
  if (name >= 'a') return;
  let sum = 0;
  for (let at = start; at < end;) {
    const data = await windowed.upTo(at, Math.min(stepBytes, end - at));
    if (data.length === 0) throw new UnreadableError();
    sum = crc32(data, sum);
    at += data.length;
  }
  if ((await windowed.bytes(end, 4)).readUInt32BE() !== sum) throw new UnreadableError();
}

async function checkWebp(windowed: Windowed, head: Buffer): Promise<ImageFacts> {
  const facts = readFacts(head);
  let hasPicture = false;
  for await (const chunk of chunksOfWebp(windowed)) hasPicture ||= await isPicture(windowed, chunk);
  if (!hasPicture) throw new UnreadableError();
  return facts;
}

/** Place and duration of a frame, before its own chunks. */
const frameHeadBytes = 16;

async function isPicture(windowed: Windowed, chunk: WebpChunk): Promise<boolean> {
  if (chunk.name !== 'ANMF') return await isStill(windowed, chunk);
  for await (const part of chunksBetween(windowed, chunk.dataStart + frameHeadBytes, chunk.end))
    if (await isStill(windowed, part)) return true;
  throw new UnreadableError();
}

/** The first bytes of an image as VP8 and as VP8 lossless code it. */
const codedStart = Buffer.from([0x9d, 0x01, 0x2a]);
const losslessStart = 0x2f;

/** @throws UnreadableError when it says that it is one, and is not. */
async function isStill(windowed: Windowed, chunk: WebpChunk): Promise<boolean> {
  const { name, dataStart, dataBytes } = chunk;
  if (name !== 'VP8 ' && name !== 'VP8L') return false;
  const begin = await windowed.bytes(dataStart, Math.min(6, dataBytes));
  const isCoded =
    name === 'VP8L' ? begin[0] === losslessStart : begin.subarray(3).equals(codedStart);
  if (!isCoded) throw new UnreadableError();
  return true;
}
