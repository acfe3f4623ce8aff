import { hasExtension, imageExtensions } from '../../images/imageExtensions.ts';

/**
 * Whether a file may be an image, or may be a folder, by its name alone: what was deleted cannot be
 * looked at any more.
 */
export function mayHoldImages(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return hasExtension(name, imageExtensions) || !name.includes('.', 1);
}
