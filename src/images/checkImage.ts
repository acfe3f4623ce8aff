import { open } from 'node:fs/promises';
import { avifFormat } from './formats/avifFormat.ts';
import { bmpFormat } from './formats/bmpFormat.ts';
import { gifFormat } from './formats/gifFormat.ts';
import { icoFormat } from './formats/icoFormat.ts';
import type { ImageFormat } from './formats/imageFormat.ts';
import { jpegFormat } from './formats/jpegFormat.ts';
import { pngFormat } from './formats/pngFormat.ts';
import { checkSvg } from './formats/svgFormat.ts';
import { webpFormat } from './formats/webpFormat.ts';
import { BadImageError, type ImageFacts } from './imageFacts.ts';
import { maxImageBytes } from './imageLimits.ts';
import { foundTypeOf } from './otherImageTypes.ts';
import {
  type OpenToRead,
  readerOf,
  readWindowed,
  type ReadBytes,
  UnreadableError,
} from './parts.ts';

const formats: readonly ImageFormat[] = [
  jpegFormat,
  pngFormat,
  webpFormat,
  gifFormat,
  avifFormat,
  bmpFormat,
  icoFormat,
];

/**
 * Type and size of the image in a file, by its bytes and not its name, after a walk through the
 * whole of a PNG, JPEG or WebP: what a decoder would stop at is refused, what it passes over is
 * not. The pixels are not decoded. Reads in windows; 50 MB take a tenth of a second. References and
 * results are judged by this alone.
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

/** Enough to tell what it is; an AVIF may name many families first. */
const headBytes = 256;

async function checkImage(read: ReadBytes, sizeBytes: number): Promise<ImageFacts> {
  if (sizeBytes === 0) throw new BadImageError('The file is empty');
  if (sizeBytes > maxImageBytes) throw new BadImageError('The file is too large for an image');
  const windowed = readWindowed(read, sizeBytes);
  // What is read holds until the next is.
  const head = Buffer.from(await windowed.upTo(0, headBytes));
  const foundType = foundTypeOf(head);
  if (foundType !== undefined)
    throw new BadImageError(`The file is a ${foundType} image, which cannot be used`, foundType);
  const format = formats.find(({ begins }) => begins(head));
  if (format) return await whole(format.name, format.check(windowed));
  const facts = await whole('SVG', checkSvg(windowed));
  if (!facts) throw new BadImageError('The file is not an image');
  return facts;
}

async function whole<T>(format: string, checking: Promise<T>): Promise<T> {
  try {
    return await checking;
  } catch (thrown) {
    if (!(thrown instanceof UnreadableError)) throw thrown;
    throw new BadImageError(`The ${format} image is not whole`);
  }
}
