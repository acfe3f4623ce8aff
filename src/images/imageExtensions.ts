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
  return extensions.includes(extensionOf(path).toLowerCase());
}

/** As it is written, without its dot; empty where a name has none. */
export function extensionOf(path: string): string {
  const [, extension = ''] = /\.([^./]+)$/.exec(path) ?? [];
  return extension;
}

/** The format that models draw in and an extension stands for; undefined for any other. */
export function drawnType(extension: string): 'png' | 'jpg' | 'webp' | undefined {
  const small = extension.toLowerCase();
  if (small === 'webp') return small;
  if (small === 'png' || small === 'apng') return 'png';
  return sentExtensions.includes(small) ? 'jpg' : undefined;
}
