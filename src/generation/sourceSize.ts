import { imageSize } from '../editor/files/imageSize.ts';
import type { ShownSize } from '../images/shownSize.ts';
import { sourceOf } from './askedRequest.ts';

/**
 * Pixels of the first reference, whose proportions its edit keeps. Undefined for an address on the
 * web, and for what cannot be read or is no image, which the check of references reports.
 */
export async function sourceSize(references: readonly string[]): Promise<ShownSize | undefined> {
  const source = sourceOf(references);
  return source && (await imageSize(source));
}
