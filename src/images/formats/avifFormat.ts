import type { ImageFacts } from '../imageFacts.ts';
import { isAvif } from '../otherImageTypes.ts';
import { UnreadableError, type Windowed } from '../parts.ts';
import type { ImageFormat } from './imageFormat.ts';

export const avifFormat: ImageFormat = { name: 'AVIF', begins: isAvif, check };

/** Sizes stand among what describes the images, before their data. */
const describedBytes = 256 * 1024;

/** An image or, of a moving one, its tracks: as large as the largest of them. */
async function check(windowed: Windowed): Promise<ImageFacts> {
  const bytes = await windowed.upTo(0, describedBytes);
  const sides = [...imageSides(bytes), ...trackSides(bytes)];
  const [largest] = sides.toSorted(
    (one, other) => other.width * other.height - one.width * one.height,
  );
  if (!largest || largest.width * largest.height === 0) throw new UnreadableError();
  return { type: 'avif', ...largest };
}

type Sides = Pick<ImageFacts, 'width' | 'height'>;

/** Of a grid the whole and its tiles have a size, and so has what lies over an image. */
function imageSides(bytes: Buffer): Sides[] {
  return boxesOf(bytes, 'ispe', 20).map((box) => ({
    width: box.readUInt32BE(12),
    height: box.readUInt32BE(16),
  }));
}

/** In numbers with sixteen bits behind the point, at the end of a track's head. */
function trackSides(bytes: Buffer): Sides[] {
  return [92, 104].flatMap((sizeBytes) =>
    boxesOf(bytes, 'tkhd', sizeBytes).map((box) => ({
      width: box.readUInt16BE(sizeBytes - 8),
      height: box.readUInt16BE(sizeBytes - 4),
    })),
  );
}

/** The boxes of this name and this size, wherever they stand, that are not empty. */
function boxesOf(bytes: Buffer, name: string, sizeBytes: number): Buffer[] {
  const boxes: Buffer[] = [];
  for (let at = bytes.indexOf(name, 4); at !== -1; at = bytes.indexOf(name, at + 1)) {
    const box = bytes.subarray(at - 4, at - 4 + sizeBytes);
    const isWhole = box.length === sizeBytes && box.readUInt32BE() === sizeBytes;
    if (isWhole) boxes.push(box);
  }
  return boxes;
}
