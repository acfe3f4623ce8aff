import type { ImageFacts } from '../imageFacts.ts';
import { UnreadableError, type Windowed } from '../parts.ts';
import type { ImageFormat } from './imageFormat.ts';

export const bmpFormat: ImageFormat = {
  name: 'BMP',
  begins: (head) => head.toString('latin1', 0, 2) === 'BM' && headSizes.has(headSizeOf(head)),
  check,
};

const headAt = 14;
const oldHeadBytes = 12;
/** Of OS/2 1, OS/2 2, and Windows 3 to 5 with and without masks. */
const headSizes = new Set([oldHeadBytes, 16, 40, 52, 56, 64, 108, 124]);

function headSizeOf(head: Buffer): number {
  return head.length < headAt + oldHeadBytes ? 0 : head.readUInt32LE(headAt);
}

async function check(windowed: Windowed): Promise<ImageFacts> {
  const head = await windowed.bytes(0, headAt + oldHeadBytes);
  const isOld = headSizeOf(head) === oldHeadBytes;
  // One that begins at its top has a negative height.
  const width = isOld ? head.readUInt16LE(18) : head.readInt32LE(18);
  const height = isOld ? head.readUInt16LE(20) : Math.abs(head.readInt32LE(22));
  if (width <= 0 || height === 0) throw new UnreadableError();
  return { type: 'bmp', width, height };
}
