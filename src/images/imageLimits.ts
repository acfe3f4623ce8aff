/** Twenty times the largest image known; what goes on beyond is not one, and would fill the disk. */
export const maxImageBytes = 512 * 1024 * 1024;

/** A gigabyte when it is decoded, and the largest area that the editor's browser draws. */
const maxImagePixels = 2 ** 28;

/** Whether an image of these dimensions, which its first bytes claim, may be decoded to be shown. */
export function isDecodable({ width, height }: { width: number; height: number }): boolean {
  return width * height <= maxImagePixels;
}
