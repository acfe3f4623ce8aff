import { posix } from 'node:path';

const hashChars = 8;

/**
 * What a converted file is called: as its target is, with the width where there are several, or where
 * it would have its source's own name; and with the beginning of its hash where that is wanted.
 * @param extension with its dot
 */
export function nameConverted({
  targetPath,
  sourcePath,
  extension,
  width,
  scaledWidth,
  sha256,
}: {
  targetPath: string;
  sourcePath: string;
  extension: string;
  /** One of several. */
  width?: number;
  scaledWidth: number;
  sha256?: string;
}): string {
  const { dir, name, ext } = posix.parse(targetPath);
  // `photo.jpeg` stays what it is called when it is a JPEG.
  const end = isSameType(ext, extension) && targetPath !== sourcePath ? ext : extension;
  const hash = sha256 === undefined ? '' : `.${sha256.slice(0, hashChars)}`;
  const isOwnName = posix.join(dir, `${name}${hash}${end}`) === sourcePath;
  const shownWidth = width ?? (isOwnName ? scaledWidth : undefined);
  return `${name}${shownWidth === undefined ? '' : `-${String(shownWidth)}`}${hash}${end}`;
}

function isSameType(one: string, other: string): boolean {
  const typeOf = (extension: string) => extension.toLowerCase().replace(/^\.jpe?g$/, '.jpg');
  return typeOf(one) === typeOf(other);
}
