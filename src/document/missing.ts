import { posix } from 'node:path';
import {
  workspace,
  type CancellationToken,
  type Diagnostic,
  type Range,
  type TextDocument,
  type Uri,
} from 'vscode';
import { visibleWords } from '../requests/visibleWords.ts';
import { canChange } from '../editor/files/documentFile.ts';
import { linksIn, linksNear } from './documentReader.ts';
import { isTargetThere } from './fileOfLink.ts';
import type { Cancellation } from './findPlace.ts';
import type { LanguageName } from './languageIds.ts';
import { isNowhere, isThere } from './isThere.ts';
import { baseFor, baseInProject, baseOf, type LinkBase } from './linkBase.ts';
import { allImages, imagesAt } from './links/linkAtOffset.ts';
import {
  askedSize,
  eligibilityOf,
  isNamedAsImage,
  type AskedSize,
  type Ineligible,
} from './links/missingImage.ts';
import { wordsAround, wordsOfName } from './links/wordsAround.ts';
import type { WrittenLink } from './links/writtenLink.ts';
import { languageOfText } from './textLanguage.ts';

/** An image that a document links to, and that is nowhere. */
export interface MissingImage {
  document: TextDocument;
  /** Where the link leads. */
  file: Uri;
  /** Where the link's target is written. */
  offset: number;
  length: number;
  /** What the link says that it shows; empty where it says nothing. */
  alt: string;
  /** What else may say it: words around the link, or the file's name. */
  suggestion: string;
  /** The size that the link or the file's name asks for. */
  size?: AskedSize;
}

/** A link to an image that is nowhere and cannot be made there. */
export interface RefusedLink {
  target: string;
  reason: Ineligible | 'outsideWorkspace';
}

const filesAtOnce = 16;
/** Of one request; more links than this no selection has that somebody means. */
const maxInRange = 5;

/** The images that are missing where the links in a range of a document lead. */
export async function missingAt(
  document: TextDocument,
  range: Range,
  token: CancellationToken,
): Promise<MissingImage[]> {
  const reading = readingOf(document);
  if (!reading) return [];
  const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  const links = await linksNear(document, from);
  const images = imagesAt(links, [from, to]);
  if (images.length === 0) return [];
  const found: MissingImage[] = [];
  const read = { ...reading, images: links.filter(isNamedAsImage) };
  for (const link of images.slice(0, maxInRange)) {
    if (token.isCancellationRequested) return [];
    const missing = await missingOf(link, read, token);
    if (missing && 'file' in missing) found.push(missing);
  }
  return withoutTwice(found);
}

/**
 * The image that is generated for a link at a place, or for one to a certain file, wherever a text that
 * has changed has that by now. The whole text counts, as it is paid for.
 * @param file the Uri of the only file that is meant
 */
export async function missingFor(
  document: TextDocument,
  offset: number,
  file: string | undefined,
  token: CancellationToken,
): Promise<MissingImage | undefined> {
  const reading = readingOf(document);
  if (!reading) return undefined;
  const links = (await linksIn(document)) ?? (await linksNear(document, offset));
  const here = imagesAt(links, [offset, offset]);
  const base = await baseInProject(reading.base);
  const same =
    file === undefined ? [] : links.flatMap(allImages).filter((link) => leadsTo(link, file, base));
  const found: MissingImage[] = [];
  const read = { ...reading, images: links.filter(isNamedAsImage) };
  for (const link of [...here.slice(0, maxInRange), ...same.slice(0, maxInRange)]) {
    const missing = await missingOf(link, read, token);
    if (!missing || !('file' in missing)) continue;
    if (file === undefined || missing.file.toString() === file) found.push(missing);
  }
  return withoutTwice(found)[0];
}

function leadsTo(link: WrittenLink, file: string, base: LinkBase): boolean {
  const place = isNamedAsImage(link) ? eligibilityOf(link, base) : undefined;
  if (!place || 'reason' in place) return false;
  return [place, ...place.rather].some(({ path }) => base.at(path).toString() === file);
}

interface FoundMissing {
  missing: MissingImage[];
  refused: RefusedLink[];
  /** Whether a text was too long to be read. */
  isUnread: boolean;
}

/**
 * All images that are missing where the links of a document lead, or of the cells of a notebook: each
 * once, in their order.
 */
export async function missingIn(
  documents: readonly TextDocument[],
  token: CancellationToken,
): Promise<FoundMissing> {
  const missing: MissingImage[] = [];
  let isUnread = false;
  const refused: RefusedLink[] = [];
  for (const document of documents) {
    const known = readingOf(document);
    const read = known ? await linksIn(document) : [];
    isUnread ||= read === undefined;
    const links = read ?? [];
    const reading = known && { ...known, images: links.filter(isNamedAsImage) };
    for (let at = 0; reading && at < links.length; at += filesAtOnce) {
      if (token.isCancellationRequested) break;
      const some = links.slice(at, at + filesAtOnce);
      for (const each of await Promise.all(some.map((link) => missingOf(link, reading, token)))) {
        if (each && 'file' in each) missing.push(each);
        else if (each) refused.push(each);
      }
    }
  }
  return { missing: withoutTwice(missing), refused, isUnread };
}

/** A document as far as its missing images need it. */
interface Reading {
  document: TextDocument;
  language: LanguageName;
  base: LinkBase;
}

/** Its links to images, at least those near the one in question. */
interface Images {
  images: readonly WrittenLink[];
}

/** Undefined for an old version, a log, or a language without links: nobody makes images for them. */
function readingOf(document: TextDocument): Reading | undefined {
  const language = languageOfText(document);
  const base = canChange(document.uri) ? baseOf(document) : undefined;
  return language && base && { document, language, base };
}

/** @returns undefined for a link whose file is there, or that is to no image */
async function missingOf(
  link: WrittenLink,
  { document, language, base, images }: Reading & Images,
  cancellation: Cancellation,
): Promise<MissingImage | RefusedLink | undefined> {
  const { target } = link.target;
  if (!isNamedAsImage(link)) return undefined;
  const found = eligibilityOf(link, await baseFor(link.target, base));
  if ('reason' in found)
    return isLeftOut(found.reason) || (await isTargetThere(link.target, base, cancellation))
      ? undefined
      : { target, reason: found.reason };
  if (await isTargetThere(link.target, base, cancellation)) return undefined;
  const file = base.at(await placeOf(found, base));
  if (!(await isNowhere(file))) return undefined;
  if (!workspace.getWorkspaceFolder(file)) return { target, reason: 'outsideWorkspace' };
  const { alt } = link;
  const size = askedSize(link, file.path);
  return {
    document,
    file,
    offset: link.target.span[0],
    length: link.target.span[1] - link.target.span[0],
    alt: visibleWords(alt?.text ?? ''),
    suggestion: suggestionFor(link, file, { document, language, images }),
    ...(size && { size }),
  };
}

/** The first that says something that a user can see. */
function suggestionFor(
  link: WrittenLink,
  file: Uri,
  { document, language, images }: Pick<Reading, 'document' | 'language'> & Images,
): string {
  return (
    visibleWords(link.title?.text ?? '') ||
    visibleWords(wordsAround(document.getText(), link, language, images)) ||
    visibleWords(wordsOfName(file.path))
  );
}

/** What leads elsewhere, or where only a program knows it, is nothing that anybody misses here. */
function isLeftOut(reason: Ineligible): boolean {
  return reason === 'variable' || reason === 'elsewhere' || reason === 'noFolder';
}

async function placeOf(
  { path, rather }: { path: string; rather: readonly { folder: string; path: string }[] },
  base: LinkBase,
): Promise<string> {
  const areThere = await Promise.all(rather.map(({ folder }) => isThere(base.at(folder))));
  return rather.find((_, index) => areThere[index])?.path ?? path;
}

/** Of several links to one file, the one that says what it shows. */
function withoutTwice(found: readonly MissingImage[]): MissingImage[] {
  const byFile = new Map<string, MissingImage>();
  for (const each of found) {
    const key = each.file.toString();
    const known = byFile.get(key);
    if (!known || (known.alt === '' && each.alt !== '')) byFile.set(key, each);
  }
  return [...byFile.values()];
}

/** The name of the file, as a user knows it. */
export function nameOf({ file }: Pick<MissingImage, 'file'>): string {
  return posix.basename(file.path);
}

/** Whether the editor itself says that the file of a link is not there. */
export function isMissingFile({ code }: Diagnostic): boolean {
  return (typeof code === 'object' ? code.value : code) === 'link.no-such-file';
}
