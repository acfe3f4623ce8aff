import type { ImageFacts } from '../imageFacts.ts';
import { UnreadableError, type Windowed } from '../parts.ts';
import { chunksOfFrame, chunksOfWebp, isWebp, type WebpChunk } from '../webpChunks.ts';
import type { ImageFormat } from './imageFormat.ts';

export const webpFormat: ImageFormat = { name: 'WebP', begins: isWebp, check };

type Sides = Pick<ImageFacts, 'width' | 'height'>;

async function check(windowed: Windowed): Promise<ImageFacts> {
  let sides: Sides | undefined;
  let hasPicture = false;
  for await (const chunk of chunksOfWebp(windowed)) {
    if (chunk.name === 'VP8X') sides ??= await readExtended(windowed, chunk);
    const picture = await readPicture(windowed, chunk);
    sides ??= picture;
    hasPicture ||= picture !== undefined;
  }
  if (!sides || !hasPicture) throw new UnreadableError();
  return { type: 'webp', ...sides };
}

async function readExtended(windowed: Windowed, { dataStart }: WebpChunk): Promise<Sides> {
  const sides = await windowed.bytes(dataStart + 4, 6);
  return { width: sides.readUIntLE(0, 3) + 1, height: sides.readUIntLE(3, 3) + 1 };
}

async function readPicture(windowed: Windowed, chunk: WebpChunk): Promise<Sides | undefined> {
  if (chunk.name !== 'ANMF') return await readStill(windowed, chunk);
  for await (const part of chunksOfFrame(windowed, chunk)) {
    const still = await readStill(windowed, part);
    if (still) return still;
  }
  throw new UnreadableError();
}

/** The first bytes of an image as VP8 codes it, behind its tag. */
const codedStart = Buffer.from([0x9d, 0x01, 0x2a]);
const losslessStart = 0x2f;

/** @throws UnreadableError when it says that it is one, and is not. */
async function readStill(windowed: Windowed, chunk: WebpChunk): Promise<Sides | undefined> {
  const { name, dataStart, dataBytes } = chunk;
  if (name !== 'VP8 ' && name !== 'VP8L') return undefined;
  const begin = await windowed.bytes(dataStart, Math.min(10, dataBytes));
  const sides = name === 'VP8L' ? losslessSides(begin) : codedSides(begin);
  if (!sides || sides.width === 0 || sides.height === 0) throw new UnreadableError();
  return sides;
}

function losslessSides(begin: Buffer): Sides | undefined {
  if (begin.length < 5 || begin[0] !== losslessStart) return undefined;
  const sides = begin.readUInt32LE(1);
  return { width: (sides & 0x3fff) + 1, height: ((sides >> 14) & 0x3fff) + 1 };
}

function codedSides(begin: Buffer): Sides | undefined {
  if (begin.length < 10 || !begin.subarray(3, 6).equals(codedStart)) return undefined;
  return { width: begin.readUInt16LE(6) & 0x3fff, height: begin.readUInt16LE(8) & 0x3fff };
}
