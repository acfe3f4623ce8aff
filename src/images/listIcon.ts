import { open } from 'node:fs/promises';
import { checkImageFile } from './checkImage.ts';
import type { OpenToRead } from './parts.ts';

/** For as many rows as a list has. */
const smallBytes = 256 * 1024;
/** For the few that are seen first: what models draw is often larger than one megabyte. */
export const firstIconsBytes = 4 * 1024 * 1024;
/** Sixteen megabytes when it is decoded, for each row that is seen. */
const maxIconPixels = 2 ** 22;

/**
 * Whether the editor may decode a file as the icon of a row. A small file can claim to have any number
 * of pixels, and an SVG can take any time to draw: the window would stand still for a list.
 * @param maxBytes larger files are not read
 */
export async function isFitForIcon(
  path: string,
  sizeBytes: number,
  maxBytes = smallBytes,
  openFile: OpenToRead = open,
): Promise<boolean> {
  if (sizeBytes === 0 || sizeBytes > maxBytes) return false;
  try {
    const { type, width, height } = await checkImageFile(path, openFile);
    return type !== 'svg' && width * height <= maxIconPixels;
  } catch {
    return false;
  }
}
