import sharp from 'sharp';
import { pictureOf } from '../task.ts';
import type { Picture } from '../task.ts';
import { drawFastPicture } from './fastPicture.ts';
import type { Subject } from './subject.ts';

/** Draws a picture, in the format the provider is to send. */
export async function drawPicture(
  subject: Subject,
  _drawing: 'full' | 'fast',
  format: 'png' | 'webp' | 'jpeg',
): Promise<Picture> {
  const png = drawFastPicture(subject);
  if (format === 'png') return pictureOf(png, 'image/png');
  return pictureOf(await sharp(png).toFormat(format).toBuffer(), `image/${format}`);
}
