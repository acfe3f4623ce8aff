import type * as vscode from 'vscode';
import { imageSize } from '../editor/files/imageSize.ts';
import { createLimiter } from '../jobs/async/limiter.ts';
import type { Job } from '../jobs/job.ts';
import type { ImageLink } from './imageMarkup.ts';
import { imagePath } from './imagePath.ts';
import { imageWords } from './imageWords.ts';

const readsAtOnce = 4;

/** What a text needs to know of images to link them: where they are, what they show, how large. */
export async function linksToImages(
  document: vscode.TextDocument,
  images: readonly vscode.Uri[],
  jobs: readonly Job[],
): Promise<ImageLink[]> {
  const gate = createLimiter(readsAtOnce);
  const { signal } = new AbortController();
  return await Promise.all(
    images.map(async (image) => {
      const size = await gate.run(() => imageSize(image), signal);
      const link = { path: imagePath(document, image), alt: imageWords(image.toString(), jobs) };
      return size ? { ...link, size } : link;
    }),
  );
}
