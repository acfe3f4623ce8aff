import type { ImageFacts } from '../imageFacts.ts';
import { endOfImage, isJpeg, type JpegPiece, piecesOfJpeg, startOfScan } from '../jpegPieces.ts';
import { UnreadableError, type Windowed } from '../parts.ts';
import type { ImageFormat } from './imageFormat.ts';

export const jpegFormat: ImageFormat = { name: 'JPEG', begins: isJpeg, check };

async function check(windowed: Windowed): Promise<ImageFacts> {
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
