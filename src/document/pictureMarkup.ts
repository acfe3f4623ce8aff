import { sizesOf } from '../images/convert/srcset.ts';
import type { ImageSet, SetFile } from './imageSets.ts';
import type { Language } from './languages.ts';

/** How the files of an image are written in a tag. @returns attributes, each with a space before it */
export function srcsetAttributes(
  files: readonly SetFile[],
  { srcset = 'srcset' }: Language,
  pathOf: (path: string) => string,
): string {
  const [only, another] = files;
  if (!only) return '';
  if (!another) return ` ${srcset}="${pathOf(only.path)}"`;
  const value = files.map(({ path, width }) => `${pathOf(path)} ${String(width)}w`).join(', ');
  return ` ${srcset}="${value}" sizes="${sizesOf(files)}"`;
}

/**
 * An image in several formats. @param image the tag that every browser shows
 * @param isInLine whether all of it stands in one line
 */
export function pictureMarkup(
  { sources }: ImageSet,
  image: string,
  language: Language,
  pathOf: (path: string) => string,
  isInLine: boolean,
): string {
  if (sources.length === 0) return image;
  const end = image.endsWith('/>') ? ' />' : '>';
  const tags = sources.map(
    ({ type, files }) => `<source type="${type}"${srcsetAttributes(files, language, pathOf)}${end}`,
  );
  return isInLine
    ? `<picture>${[...tags, image].join('')}</picture>`
    : ['<picture>', ...[...tags, image].map((each) => `  ${each}`), '</picture>'].join('\n');
}
