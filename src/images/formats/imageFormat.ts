import type { ImageFacts } from '../imageFacts.ts';
import type { Windowed } from '../parts.ts';

/** A format of which images are recognized, and walked through. */
export interface ImageFormat {
  /** As users call it. */
  name: string;
  /** @param head the first 64 bytes, or all of a shorter file */
  begins: (head: Buffer) => boolean;
  /** @throws UnreadableError where a decoder would stop */
  check: (windowed: Windowed) => Promise<ImageFacts>;
}
