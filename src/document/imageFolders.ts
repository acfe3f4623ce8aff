import { posix } from 'node:path';
import type { LanguageName } from './languageIds.ts';
import { codeOf, isInCode } from './links/codeOf.ts';

const imagesdir = /^:imagesdir:[ \t]+(\S[^\n]*)$/gm;
const graphicspath = /\\graphicspath[ \t]*\{((?:\{[^{}\n]{1,300}\}){1,50})\}/g;

/**
 * Folders that a document names for its images, from its own folder on: what its links start from. The
 * last one counts, as a processor reads it.
 */
export function imageFolders(language: LanguageName, text: string): string[] {
  if (language === 'asciidoc') {
    const folder = lastMatch(imagesdir, text, language)?.trim();
    return folder !== undefined && isPlainFolder(folder) ? [folder] : [];
  }
  if (language !== 'latex') return [];
  const folders = lastMatch(graphicspath, text, language)?.split(/[{}]+/) ?? [];
  return folders.filter((folder) => folder !== '');
}

/**
 * What a document in AsciiDoc names for its images that is no folder beside it: an address, a path from
 * the root, or what attributes make of it.
 */
export function otherImagesFolder(language: LanguageName, text: string): string | undefined {
  const folder = language === 'asciidoc' ? lastMatch(imagesdir, text, language)?.trim() : undefined;
  return folder === undefined || isPlainFolder(folder) ? undefined : folder;
}

/** The folder of the images of Antora's module that a page is in; no `imagesdir` counts there. */
export function imagesOfAntora(documentPath: string): string | undefined {
  const [, module] =
    /^(.*\/modules\/[^/]+)\/(?:pages|partials|examples)\//.exec(documentPath) ?? [];
  return module === undefined ? undefined : `${module}/images`;
}

/** From the document's folder on. */
export function isPlainFolder(folder: string): boolean {
  return !/[{}]|^[a-z][\w+.-]+:|^\//i.test(folder);
}

/**
 * A path from the document's folder, as it is written where links start from another folder.
 * @param documentPath absolute; the way back from a folder outside needs the names on it
 */
export function pathFromFolder(folder: string, path: string, documentPath: string): string {
  if (/^(?:[a-z]:)?\//i.test(path)) return path;
  const from = posix.dirname(documentPath);
  return posix.relative(posix.resolve(from, folder), posix.join(from, path));
}

/** In code and comments nothing is named. */
function lastMatch(pattern: RegExp, text: string, language: LanguageName): string | undefined {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return undefined;
  const code = codeOf(text, language);
  return found.findLast(({ index }) => !isInCode(code, index))?.[1];
}
