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

/** Of one pixel, lossless. */
const plainWebp = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');

/** The WebP that is made of the image with this hash, and of no other. */
export function convertedOf(sha256: string): Buffer {
  const head = Buffer.from('TEXT\0\0\0\0', 'latin1');
  head.writeUInt32LE(sha256.length, 4);
  const image = Buffer.concat([plainWebp, head, Buffer.from(sha256)]);
  image.writeUInt32LE(image.length - 8, 4);
  return image;
}
