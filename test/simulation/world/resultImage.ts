import { encodeTwoColourPng, insertChunks, textChunk } from '../../fakeEvolink/drawing/png.ts';

const plain = encodeTwoColourPng(
  8,
  8,
  Buffer.from([0, 0, 0, 255, 255, 255]),
  Buffer.alloc(8 * 2, 0),
);

/** A whole, small PNG, that no other text makes. */
export function imageOf(text: string): Buffer {
  // What follows the last chunk belongs to the file all the same.
  return Buffer.concat([insertChunks(plain, [textChunk('Comment', text)]), Buffer.from('end')]);
}
