/** Extensions of names, in small letters and without the dot. What an image is, its bytes tell. */

/** What the provider takes as it is, and what menus offer to edit. */
export const sentExtensions: readonly string[] = ['png', 'jpg', 'jpeg', 'webp'];

/** What a result may be called. */
export const resultExtensions: readonly string[] = [...sentExtensions, 'gif', 'avif'];

/** Everything that can be used as a reference, or put into a document. */
export const imageExtensions: readonly string[] = [...resultExtensions, 'bmp', 'svg'];

/** Cameras write .JPG. */
export function hasExtension(path: string, extensions: readonly string[]): boolean {
  const [, extension = ''] = /\.([^./]+)$/.exec(path) ?? [];
  return extensions.includes(extension.toLowerCase());
}

/** Finds them in all folders; a file system may tell .JPG from .jpg. */
export const imageGlob = `**/*.{${imageExtensions.flatMap((name) => [name, name.toUpperCase()]).join(',')}}`;
