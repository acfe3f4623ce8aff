import sharp from 'sharp';
import { pictureOf } from '../task.ts';
import type { Picture } from '../task.ts';
import { drawFastPicture } from './fastPicture.ts';
import type { Subject } from './subject.ts';

/** Draws an image, in the format the provider is to send. */
export async function drawPicture(
  subject: Subject,
  drawing: 'full' | 'fast',
  format: 'png' | 'webp' | 'jpeg',
): Promise<Picture> {
  const png = drawing === 'fast' ? drawFastPicture(subject) : await drawFull(subject);
  if (format === 'png') return pictureOf(png, 'image/png');
  return pictureOf(await sharp(png).toFormat(format).toBuffer(), `image/${format}`);
}

/** Fonts and scenery are loaded by those only who want to look at the images. */
async function drawFull(subject: Subject): Promise<Buffer> {
  const { drawFullPicture } = await import('./fullPicture.ts');
  return drawFullPicture(subject);
}
