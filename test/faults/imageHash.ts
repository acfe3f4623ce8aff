import { createHash } from 'node:crypto';

/**
 * The hash of an image, without the zeros that a fault put behind its end: it is saved with them, as
 * everything is that browsers show. No image of the offline EvoLink ends with a zero.
 */
export function imageHash(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return createHash('sha256').update(bytes.subarray(0, end)).digest('hex');
}
