import { createHash } from 'node:crypto';

/** How every PNG ends: the checksum of its last chunk, which is empty. */
const pngEnd = Buffer.from('ae426082', 'hex');

/**
 * The hash of an image, without the zeros that a fault put behind the end of a PNG: it is saved with
 * them, as everything is that browsers show.
 */
export function imageHash(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  const image = bytes.subarray(0, end);
  const isPng = pngEnd.equals(image.subarray(-pngEnd.length));
  return createHash('sha256')
    .update(isPng ? image : bytes)
    .digest('hex');
}
