import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type * as vscode from 'vscode';
import { readPlaceholder } from '../editor/settings.ts';
import { parsePixels } from '../evolink/models/sizes.ts';
import { formatOfExtension } from '../images/convert/outputFormat.ts';
import { extensionOf } from '../images/imageExtensions.ts';
import { placeholderPng } from '../images/placeholderPng.ts';
import type { ImageRequest } from '../requests/imageRequest.ts';
import type { FollowedShape } from './followedShape.ts';
import type { GenerationDeps } from './generationDeps.ts';

/** Takes a placeholder away again. */
export type RemovePlaceholder = () => Promise<void>;

const quality = 60;
/** A build waits for its image longer than this anyway; a user who has agreed does not. */
const limitMs = 5_000;
const unknownSize = { width: 1024, height: 1024 };

/**
 * Puts a placeholder where an image will be, where the user wants one: valid, in the format of its
 * name, and of the size that was asked for. Never throws: no image fails for want of one.
 * @param shape what the link asks for
 */
export async function placeholderFor(
  { placeholders, converting, log }: GenerationDeps,
  file: vscode.Uri,
  { prompt, size }: Pick<ImageRequest, 'prompt' | 'size'>,
  shape: FollowedShape | undefined,
): Promise<RemovePlaceholder | undefined> {
  const format = formatOfExtension(extensionOf(file.path));
  if (file.scheme !== 'file' || !format || !readPlaceholder(file)) return undefined;
  try {
    const pixels = shape?.from === 'link' ? shape : (parsePixels(size) ?? unknownSize);
    const png = placeholderPng(pixels, {
      Title: 'Placeholder',
      Software: 'Image Studio',
      Comment: `Put here while ${posix.basename(file.path)} is made, and replaced by it. ${randomUUID()}`,
      Description: prompt,
    });
    const bytes = format === 'png' ? png : await inFormat(png, format);
    return bytes && (await placeholders.put(file.fsPath, bytes, converting.placeImage));
  } catch (thrown) {
    log.info(`No placeholder was put: ${String(thrown)}`);
    return undefined;
  }

  async function inFormat(bytes: Uint8Array, wanted: 'jpeg' | 'webp') {
    const order = { bytes, format: wanted, quality, widths: [undefined] };
    const { images } = await converting.converter.convert(order, AbortSignal.timeout(limitMs));
    return images[0]?.bytes;
  }
}
