import {
  hasElements,
  indentation,
  isImported,
  isInLine,
  isInTarget,
  quoteAround,
  type Around,
} from './cursorPlace.ts';
import { imageFolders, otherImagesFolder, pathFromFolder } from './imageFolders.ts';
import type { LanguageName } from './languageIds.ts';
import { withSets, type LinkedImage } from './imageSets.ts';
import { languages, type Language } from './languages.ts';
import { pictureMarkup, srcsetAttributes } from './pictureMarkup.ts';
import { spelledAlt, spelledPath } from './spelling.ts';

/** How an image is written in a language. Plain functions, so plain Node tests them. */
export interface ImageLink {
  /** From the document's folder, with forward slashes; whole where none leads to the image. */
  path: string;
  /** What the image shows. */
  alt: string;
  /** In pixels, as it is shown; missing where that cannot be told. */
  size?: { width: number; height: number };
}

/**
 * How an image is written where the form of the language is not what is wanted.
 * @param alt in one line, not escaped yet
 * @param path spelled as the language needs it
 * @returns undefined for the form of the language
 */
export type OwnForm = (
  name: LanguageName,
  link: ImageLink,
  alt: string,
  path: string,
) => string | undefined;

const nowhere: Around = { before: '', after: '' };

/**
 * What links images where the cursor is: a line or a paragraph each, or side by side in a line that
 * has other text; several of a page as a gallery, and the files of one image as a `<picture>`. In an
 * unknown language it is their paths.
 * @param ownForm of the user or of the project, in place of the language's own
 * @param takesBlocks whether a gallery may stand there
 */
export function imageMarkup(
  language: LanguageName | undefined,
  links: readonly ImageLink[],
  around: Around = nowhere,
  ownForm?: OwnForm,
  takesBlocks = false,
): string {
  if (!language) return inLines(links.map(({ path }) => path).join('\n'), around);
  const place = placeIn(language, around);
  if (place.kind === 'target') return links.slice(0, 1).map(place.write).join('');
  if (place.kind === 'string') return links.map(place.write).join(`${place.quote}, ${place.quote}`);
  const { name } = place;
  const own = languages[name];
  const images: readonly LinkedImage[] = own.srcset ? withSets(links) : links;
  const written = images.map((link) => markupOf(name, link, around, ownForm));
  if (around.isArgument === true)
    return inLines(written.map((each) => each.replace(/^#/, '')).join(', '), around);
  if (written.length > 1 && own.gallery && takesBlocks && !isInLine(around)) {
    const figures = written.map((each) => within(['<figure>', '</figure>'], [each]));
    return inLines(within(own.gallery, figures), around);
  }
  if (written.length > 1 && own.group) return inLines(within(own.group, written), around);
  const { between = '\n', betweenInLine = between } = own;
  return inLines(written.join(isInLine(around) ? betweenInLine : between), around);
}

/** Each thing in lines of its own, indented by one step. */
function within([begin, end]: readonly [string, string], things: readonly string[]): string {
  const lines = things.map((each) => `  ${each.replaceAll('\n', '\n  ')}`);
  return [begin, ...lines, end].join('\n');
}

type Place =
  | { kind: 'target'; write: (link: ImageLink) => string }
  | { kind: 'string'; quote: string; write: (link: ImageLink) => string }
  | { kind: 'text'; name: LanguageName };

/** Where the cursor is: in a target or a string that is there already, or in a text. */
function placeIn(name: LanguageName, around: Around): Place {
  const language = languages[name];
  const isScript = language.links.includes('script');
  const plain = ({ path }: ImageLink) => plainPath(name, path, around);
  if (isImported(around)) {
    const write = (link: ImageLink) => spelledPath.string(modulePath(plain(link)));
    return { kind: 'target', write };
  }
  if (isInTarget(language.links, around)) {
    const write = (link: ImageLink) => spelledPath[isScript ? 'url' : language.path](plain(link));
    return { kind: 'target', write };
  }
  const quote = isScript ? quoteAround(around) : undefined;
  if (quote !== undefined)
    return { kind: 'string', quote, write: (link) => spelledPath.string(plain(link)) };
  return { kind: 'text', name: name === 'script' && hasElements(around) ? 'jsx' : name };
}

/** A path that begins with no dot would be the name of a package. */
export function modulePath(path: string): string {
  return path.startsWith('.') ? path : `./${path}`;
}

/** Each line begins as that of the cursor does. */
function inLines(text: string, around: Around): string {
  return text.replace(/\n(?!\n|$)/g, `\n${indentation(around)}`);
}

/** What begins otherwise than paths do: with a scheme, a share, a home, or what a build replaces. */
const notPlain = /^[\s\\~@$:-]|^[a-z](?:[\w+.-]+:|:(?!\/))/i;

function markupOf(
  name: LanguageName,
  link: LinkedImage,
  around: Around,
  ownForm: OwnForm | undefined,
): string {
  const language = languages[name];
  const pathOf = (plain: string) => spelledPath[language.path](plainPath(name, plain, around));
  const path = pathOf(link.path);
  const alt = inOneLine(link.alt);
  const { size, set } = link;
  const own = ownForm?.(name, link, alt, path);
  if (own !== undefined) return asBlock(language, own, around);
  const values: Record<string, string> = {
    path,
    alt: spelledAlt[language.alt](alt),
    width: String(size?.width),
    height: String(size?.height),
  };
  const files = set && set.files.length > 1 ? srcsetAttributes(set.files, language, pathOf) : '';
  const sized = (size && language.size) ?? '';
  const image = formOf(language, alt, around)
    .replace('{size}', () => files + sized + fromHere(name, around, alt + sized))
    .replace(/\{(path|alt|width|height)\}/g, (_, value: string) => values[value] ?? '');
  return set ? pictureMarkup(set, image, language, pathOf, isInLine(around)) : image;
}

/** The image is beside the document, whatever that names for its images. */
function fromHere(name: LanguageName, { before }: Around, others: string): string {
  if (otherImagesFolder(name, before) === undefined) return '';
  return `${others === '' ? '' : ','}imagesdir=.`;
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
  return isInLine(around) && goesToLineEnd !== true && inlineForm !== undefined
    ? inlineForm
    : asBlock(language, ownForm, around);
}

/** Behind a line that has other text, a block begins as a paragraph of its own. */
function asBlock({ goesToLineEnd }: Language, form: string, around: Around): string {
  return goesToLineEnd && isInLine(around) ? `\n\n${form}\n` : form;
}

/** Nothing that describes an image has more lines, or what cannot be seen. */
function inOneLine(words: string): string {
  return words
    .toWellFormed()
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
}
