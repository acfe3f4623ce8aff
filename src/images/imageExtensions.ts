/** Extensions of names, in small letters and without the dot. What an image is, its bytes tell. */

/** What the provider takes as it is. Windows saves .jfif. */
const sentExtensions: readonly string[] = [
  ...['png', 'apng'],
  ...['jpg', 'jpeg', 'jpe', 'jfif', 'pjpeg', 'pjp'],
  'webp',
];

/** What a result may be called. */
export const resultExtensions: readonly string[] = [...sentExtensions, 'gif', 'avif'];

/**
 * Everything that can be used as a reference, or put into a document: what browsers show. Menus,
 * lists, dialogs and links offer all of it alike.
 */
export const imageExtensions: readonly string[] = [
  ...resultExtensions,
  ...['avifs', 'bmp', 'dib', 'ico', 'cur', 'svg'],
];

/** Cameras write .JPG. */
export function hasExtension(path: string, extensions: readonly string[]): boolean {
  const [, extension = ''] = /\.([^./]+)$/.exec(path) ?? [];
  return extensions.includes(extension.toLowerCase());
}
