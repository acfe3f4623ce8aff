import {
  hasElements,
  indentation,
  isImported,
  isInLine,
  isInTarget,
  quoteAround,
  type Around,
} from './cursorPlace.ts';
import { imageFolders, pathFromFolder } from './imageFolders.ts';
import type { LanguageName } from './languageIds.ts';
import { languages, type Language } from './languages.ts';
import { spelledAlt, spelledPath } from './spelling.ts';

/** How an image is written in a language. Plain functions, so plain Node tests them. */
export interface ImageLink {
  /** From the document's folder, with forward slashes; whole where none leads to the image. */
  path: string;
  /** What the image shows. */
  alt: string;
}

const nowhere: Around = { before: '', after: '' };

/** What links images where the cursor is, one a line. In an unknown language it is their paths. */
export function imageMarkup(
  language: LanguageName | undefined,
  links: readonly ImageLink[],
  around: Around = nowhere,
): string {
  const lines = links.map((link) => (language ? markupOf(language, link, around) : link.path));
  return lines.join('\n').replaceAll('\n', `\n${indentation(around)}`);
}

/** What begins otherwise than paths do: with a scheme, a share, a home, or what a build replaces. */
const notPlain = /^[\s\\~@$:-]|^[a-z](?:[\w+.-]+:|:(?!\/))/i;

function markupOf(name: LanguageName, link: ImageLink, around: Around): string {
  const { alt } = link;
  const path = plainPath(name, link.path, around);
  const language = languages[name];
  const isScript = language.links.includes('script');
  if (isImported(around)) return spelledPath.string(path.startsWith('.') ? path : `./${path}`);
  if (isInTarget(language.links, around))
    return spelledPath[isScript ? 'url' : language.path](path);
  const quote = isScript ? quoteAround(around) : undefined;
  if (quote !== undefined) return spelledPath.string(path);
  if (name === 'script' && hasElements(around)) return markupOf('jsx', link, around);
  const words = spelledAlt[language.alt](inOneLine(alt));
  const values = { path: spelledPath[language.path](path), alt: words };
  return formOf(language, values.alt, around).replace(
    /\{(path|alt)\}/g,
    (_, value: keyof typeof values) => values[value],
  );
}

function plainPath(name: LanguageName, path: string, around: Around): string {
  const { before, documentPath } = around;
  // LaTeX searches its folders, and finds the path as it is too.
  const [folder] = name === 'asciidoc' ? imageFolders(name, before) : [];
  const startsThere = folder !== undefined && documentPath !== undefined;
  const fromThere = startsThere ? pathFromFolder(folder, path, documentPath) : path;
  return notPlain.test(fromThere) ? `./${fromThere}` : fromThere;
}

function formOf(language: Language, alt: string, around: Around): string {
  const { form, inlineForm, formWithoutAlt = form, goesToLineEnd } = language;
  const ownForm = alt === '' ? formWithoutAlt : form;
  if (!isInLine(around)) return ownForm;
  return goesToLineEnd ? `\n\n${ownForm}\n` : (inlineForm ?? ownForm);
}

/** Nothing that describes an image has more lines, or what cannot be seen. */
function inOneLine(words: string): string {
  return words
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
}
