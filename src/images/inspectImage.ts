import { open } from 'node:fs/promises';
import { imageSize } from 'image-size';
import { foundTypeOf, isAvif, type OtherImageType } from './otherImageTypes.ts';
import { type OpenToRead, readerOf, type ReadBytes } from './parts.ts';

export interface ImageFacts {
  type: 'png' | 'jpg' | 'webp' | 'gif' | 'avif' | 'bmp' | 'svg';
  width: number;
  height: number;
}

/** Bytes that claim to be an image and are not, or not a whole one. */
export class BadImageError extends Error {
  readonly code = 'badImage';
  /** The format when they are an image, but of a kind that is of no use here. */
  readonly foundType?: OtherImageType;

  constructor(message: string, foundType?: OtherImageType) {
    super(message);
    this.name = 'BadImageError';
    if (foundType !== undefined) this.foundType = foundType;
  }
}

/** Enough for the dimensions of a JPEG with a long camera header. */
const headBytes = 512 * 1024;
const tailBytes = 4 * 1024;

const knownTypes: readonly string[] = ['png', 'jpg', 'webp', 'gif', 'avif', 'bmp', 'svg'];

/**
 * Type and size of the image in a file, by its bytes and not its name. Only the file's beginning
 * and end are looked at; `checkImageFile` walks through it.
 * @throws BadImageError when it is none, or its end is missing.
 */
export async function inspectImageFile(
  path: string,
  openFile: OpenToRead = open,
): Promise<ImageFacts & { sizeBytes: number }> {
  const file = await openFile(path, 'r');
  try {
    const { size: sizeBytes } = await file.stat();
    return { ...(await inspectImageBy(readerOf(file), sizeBytes)), sizeBytes };
  } finally {
    await file.close();
  }
}

/** The same for an image of `sizeBytes` that is read by a function. */
export async function inspectImageBy(read: ReadBytes, sizeBytes: number): Promise<ImageFacts> {
  const head = await read(0, Math.min(headBytes, sizeBytes));
  const tailStart = Math.max(0, sizeBytes - tailBytes);
  return inspectImage(head, await read(tailStart, sizeBytes - tailStart), sizeBytes);
}

/** The same for an image of which the first and last bytes are at hand. */
export function inspectImage(head: Uint8Array, tail: Uint8Array, sizeBytes: number): ImageFacts {
  if (sizeBytes === 0) throw new BadImageError('The file is empty');
  const facts = readFacts(head);
  if (!hasEnd(facts.type, head, tail, sizeBytes))
    throw new BadImageError(`The ${facts.type} image is not whole`);
  return facts;
}

/**
 * What the first bytes of an image tell.
 * @throws BadImageError when they are of none, or of a kind that is of no use here.
 */
export function readFacts(head: Uint8Array): ImageFacts {
  const foundType = foundTypeOf(head);
  if (foundType !== undefined)
    throw new BadImageError(`The file is a ${foundType} image, which cannot be used`, foundType);
  let read: ReturnType<typeof imageSize>;
  try {
    read = imageSize(head);
  } catch {
    throw new BadImageError('The file is not an image');
  }
  const { width, height } = read;
  // Of an AVIF that names its family first, the library tells the family.
  const type = isAvif(head) ? 'avif' : read.type;
  if (type === undefined || !knownTypes.includes(type) || !(width > 0) || !(height > 0))
    throw new BadImageError('The file is not an image of a known kind');
  if (type === 'svg' && !beginsAsSvg(head)) throw new BadImageError('The file is not an image');
  return { type: type as ImageFacts['type'], width, height };
}

/** A web page with a drawing in it is no drawing. */
function beginsAsSvg(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('utf8');
  const before = /^\ufeff?(\s|<\?xml[^>]*>|<!--[^]*?-->|<!doctype svg[^>[]*(\[[^\]]*\]\s*)?>)*/i;
  return /^<svg\b/i.test(text.replace(before, ''));
}

/** Whether the file ends as its format says. A header alone opens as a grey image. */
function hasEnd(
  type: ImageFacts['type'],
  head: Uint8Array,
  tail: Uint8Array,
  sizeBytes: number,
): boolean {
  const end = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength);
  switch (type) {
    case 'png': {
      const chunk = end.lastIndexOf('IEND', undefined, 'latin1');
      // The four letters are followed by the checksum, and that by nothing we care for.
      return chunk !== -1 && chunk + 8 <= end.length;
    }
    case 'jpg':
      return end.includes(Buffer.from([0xff, 0xd9]));
    case 'webp': {
      const start = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
      // RIFF counts from after its own eight bytes.
      return sizeBytes >= start.readUInt32LE(4) + 8;
    }
    case 'gif': {
      const last = end.findLastIndex((byte) => byte !== 0);
      // The end of the last block, and the trailer.
      return end[last] === 0x3b && end[last - 1] === 0;
    }
    case 'avif':
    case 'bmp':
    case 'svg':
      return true;
  }
}
