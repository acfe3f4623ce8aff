import * as vscode from 'vscode';
import { fileOf } from '../editor/files/documentFile.ts';
import { imageSize } from '../editor/files/imageSize.ts';
import { absoluteLink, relativeLink } from '../editor/files/relativeLink.ts';
import { relativePath } from '../editor/files/workspaceFiles.ts';
import { createLimiter } from '../jobs/async/limiter.ts';
import type { Job } from '../jobs/job.ts';
import type { ImageLink } from './imageMarkup.ts';
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
      const link = { path: pathTo(document, image), alt: imageWords(image.toString(), jobs) };
      return size ? { ...link, size } : link;
    }),
  );
}

function pathTo(document: vscode.TextDocument, image: vscode.Uri): string {
  const from = fileOf(document);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(image) !== undefined;
  const whole = isInWorkspace && !from ? relativePath(image) : absoluteLink(image);
  return (from && relativeLink(from, image)) ?? whole;
}
