import { open } from 'node:fs/promises';
import { checkImageBytes, checkImageFile } from './checkImage.ts';
import { orientationOf } from './exifOrientation.ts';
import type { ImageFacts } from './imageFacts.ts';
import { piecesOfJpeg, startOfScan } from './jpegPieces.ts';
import {
  type OpenToRead,
  readerOf,
  readWindowed,
  type ReadBytes,
  UnreadableError,
  type Windowed,
} from './parts.ts';
import { chunksOfPng } from './pngChunks.ts';
import { chunksOfWebp } from './webpChunks.ts';

/** Pixels of an image as it is shown: turned as its Exif says. */
export interface ShownSize {
  width: number;
  height: number;
}

/** @throws BadImageError when it is no whole image; else what the file system says. */
export async function shownSizeOfFile(
  path: string,
  openFile: OpenToRead = open,
): Promise<ShownSize> {
  const facts = await checkImageFile(path, openFile);
  const file = await openFile(path, 'r');
  try {
    return await turned(facts, readWindowed(readerOf(file), facts.sizeBytes));
  } finally {
    await file.close();
  }
}

/** The same for an image whose bytes are at hand. @throws BadImageError */
export async function shownSizeOfBytes(bytes: Uint8Array): Promise<ShownSize> {
  const read: ReadBytes = (offset, length) =>
    Promise.resolve(bytes.subarray(offset, offset + length));
  return await turned(await checkImageBytes(bytes), readWindowed(read, bytes.length));
}

async function turned({ type, width, height }: ImageFacts, windowed: Windowed): Promise<ShownSize> {
  // From 5 on it lies on its side.
  const isOnItsSide = (await orientationOfImage(type, windowed)) >= 5;
  return isOnItsSide ? { width: height, height: width } : { width, height };
}

/** 1 to 8, as Exif says how an image is to be turned; 1 where it says nothing. */
export async function orientationOfImage(
  type: ImageFacts['type'],
  windowed: Windowed,
): Promise<number> {
  const exif = await findExif(type, windowed).catch((thrown: unknown) => {
    if (!(thrown instanceof UnreadableError)) throw thrown;
    return undefined;
  });
  return exif === undefined ? 1 : orientationOf(exif);
}

/** More than this no program reads for an orientation, which stands at the beginning. */
const maxExifBytes = 64 * 1024;

async function findExif(
  type: ImageFacts['type'],
  windowed: Windowed,
): Promise<Uint8Array | undefined> {
  switch (type) {
    case 'jpg':
      return await exifOfJpeg(windowed);
    case 'png':
      for await (const { name, dataStart, dataEnd } of chunksOfPng(windowed))
        if (name === 'eXIf') return await atMost(windowed, dataStart, dataEnd - dataStart);
      return undefined;
    case 'webp':
      for await (const { name, dataStart, dataBytes } of chunksOfWebp(windowed))
        if (name === 'EXIF') return await atMost(windowed, dataStart, dataBytes);
      return undefined;
    default:
      return undefined;
  }
}

const app1 = 0xe1;

async function exifOfJpeg(windowed: Windowed): Promise<Uint8Array | undefined> {
  for await (const { code, start, end } of piecesOfJpeg(windowed)) {
    if (code === startOfScan) return undefined;
    if (code !== app1) continue;
    const body = await atMost(windowed, start + 4, end - start - 4);
    if (body.toString('latin1', 0, 4) === 'Exif') return body;
  }
  return undefined;
}

function atMost(windowed: Windowed, start: number, length: number): Promise<Buffer> {
  return windowed.upTo(start, Math.min(length, maxExifBytes));
}
