import sharp from 'sharp';
import { drawnImage } from '../task.ts';
import type { DrawnImage } from '../task.ts';
import { drawFastImage } from './fastImage.ts';
import type { Subject } from './subject.ts';

/** Draws an image, in the format the provider is to send. */
export async function drawImage(
  subject: Subject,
  drawing: 'full' | 'fast',
  format: 'png' | 'webp' | 'jpeg',
): Promise<DrawnImage> {
  const png = drawing === 'fast' ? drawFastImage(subject) : await drawFull(subject);
  if (format === 'png') return drawnImage(png, 'image/png');
  return drawnImage(await sharp(png).toFormat(format).toBuffer(), `image/${format}`);
}

/** Loads fonts and scenery only for images that are to be looked at. */
async function drawFull(subject: Subject): Promise<Buffer> {
  const { drawFullImage } = await import('./fullImage.ts');
  return drawFullImage(subject);
}
