import type { ImageFacts } from '../imageFacts.ts';
import { UnreadableError, type Windowed } from '../parts.ts';
import type { ImageFormat } from './imageFormat.ts';

export const gifFormat: ImageFormat = {
  name: 'GIF',
  begins: (head) => /^GIF8[79]a/.test(head.toString('latin1', 0, 6)),
  check,
};

const screenAt = 6;
const headBytes = 13;
const extension = 0x21;
const frame = 0x2c;
const trailer = 0x3b;
const frameHeadBytes = 9;
const hasTableFlag = 0x80;

/**
 * A GIF is shown once its first image is whole: its trailer may be missing, and anything may
 * stand behind it.
 */
async function check(windowed: Windowed): Promise<ImageFacts> {
  const head = await windowed.bytes(screenAt, headBytes - screenAt);
  const [width, height] = [head.readUInt16LE(), head.readUInt16LE(2)];
  let at = headBytes + tableBytes(head[4]);
  // What an image needs to know stands before it.
  for (;;) {
    const [kind] = await windowed.bytes(at, 1);
    if (kind === frame) break;
    if (kind !== extension) throw new UnreadableError();
    // Behind a label.
    at = (await skipBlocks(windowed, at + 2)).end;
  }
  const place = await windowed.bytes(at + 1, frameHeadBytes);
  // An image may reach over the screen, which grows then.
  const facts: ImageFacts = {
    type: 'gif',
    width: Math.max(width, place.readUInt16LE() + place.readUInt16LE(4)),
    height: Math.max(height, place.readUInt16LE(2) + place.readUInt16LE(6)),
  };
  // Behind the number of bits with which its data begin.
  const dataAt = at + 1 + frameHeadBytes + tableBytes(place[8]) + 1;
  const { end, dataBytes } = await skipBlocks(windowed, dataAt);
  const [next = trailer] = await windowed.upTo(end, 1);
  // A hole in the data ends them too, and goes on behind that.
  const isWhole = dataBytes > 0 && [extension, frame, trailer].includes(next);
  if (!isWhole || facts.width === 0 || facts.height === 0) throw new UnreadableError();
  return facts;
}

/** Whether a whole GIF has more than one frame. */
export async function hasSecondFrame(windowed: Windowed): Promise<boolean> {
  const [flags] = await windowed.bytes(screenAt + 4, 1);
  let frames = 0;
  for (let at = headBytes + tableBytes(flags); ;) {
    const [kind] = await windowed.upTo(at, 1);
    if (kind === extension) {
      at = (await skipBlocks(windowed, at + 2)).end;
      continue;
    }
    if (kind !== frame) return false;
    frames += 1;
    if (frames > 1) return true;
    const place = await windowed.bytes(at + 1, frameHeadBytes);
    at = (await skipBlocks(windowed, at + 1 + frameHeadBytes + tableBytes(place[8]) + 1)).end;
  }
}

function tableBytes(flags = 0): number {
  return (flags & hasTableFlag) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

/** Blocks that begin with their lengths, up to an empty one. */
async function skipBlocks(windowed: Windowed, start: number) {
  let dataBytes = 0;
  for (let at = start; ;) {
    const [length = 0] = await windowed.bytes(at, 1);
    at += 1 + length;
    if (length === 0) return { end: at, dataBytes };
    dataBytes += length;
  }
}
