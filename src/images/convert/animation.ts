import { hasSecondFrame } from '../formats/gifFormat.ts';
import type { ImageFacts } from '../imageFacts.ts';
import { UnreadableError, type Windowed } from '../parts.ts';
import { chunksOfPng } from '../pngChunks.ts';
import { chunksOfWebp } from '../webpChunks.ts';

/** Whether the image has more than one frame, of which a still one would keep the first alone. */
export async function isAnimated(type: ImageFacts['type'], windowed: Windowed): Promise<boolean> {
  switch (type) {
    case 'png':
      for await (const { name } of chunksOfPng(windowed)) {
        if (name === 'acTL') return true;
        if (name === 'IDAT') return false;
      }
      return false;
    case 'webp':
      for await (const { name } of chunksOfWebp(windowed)) if (name === 'ANIM') return true;
      return false;
    case 'gif':
      // What breaks off behind its first frame had more of them.
      return await hasSecondFrame(windowed).catch((thrown: unknown) => {
        if (thrown instanceof UnreadableError) return true;
        throw thrown;
      });
    default:
      return false;
  }
}
