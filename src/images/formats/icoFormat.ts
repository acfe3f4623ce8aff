import type { ImageFacts } from '../imageFacts.ts';
import { UnreadableError, type Windowed } from '../parts.ts';
import type { ImageFormat } from './imageFormat.ts';

export const icoFormat: ImageFormat = {
  name: 'ICO',
  begins: (head) => /^0000(01|02)00(?!00)..00/.test(head.toString('hex', 0, 6)),
  check,
};

const headBytes = 6;
const entryBytes = 16;

/** An icon or a cursor, as large as the largest image that is whole. */
async function check(windowed: Windowed): Promise<ImageFacts> {
  const count = (await windowed.bytes(4, 2)).readUInt16LE();
  const entries = Buffer.from(await windowed.bytes(headBytes, count * entryBytes));
  let largest: ImageFacts | undefined;
  for (let at = 0; at < entries.length; at += entryBytes) {
    const facts = {
      type: 'ico' as const,
      width: sideOf(entries[at]),
      height: sideOf(entries[at + 1]),
    };
    const end = entries.readUInt32LE(at + 8) + entries.readUInt32LE(at + 12);
    const isWhole = end <= windowed.sizeBytes;
    if (isWhole && (!largest || areaOf(facts) > areaOf(largest))) largest = facts;
  }
  if (!largest) throw new UnreadableError();
  return largest;
}

/** A byte has no room for 256. */
function sideOf(byte = 0): number {
  return byte === 0 ? 256 : byte;
}

function areaOf({ width, height }: ImageFacts): number {
  return width * height;
}
