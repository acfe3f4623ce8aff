import { posix } from 'node:path';
import type { LanguageName } from './languageIds.ts';
import { languages } from './languages.ts';
import type { imageLinkAt } from './linkAt.ts';
import type { pathOfLink } from './linkTargets.ts';
import type { FoundLink } from './linkText.ts';
import { spelledAlt, spelledPath } from './spelling.ts';

/** What is written in place of a part of a text. */
export interface Replacement {
  begin: number;
  end: number;
  text: string;
}

/** A file whose links in a text are to lead to another file. */
export interface ReplacedFile {
  /** Both with forward slashes. */
  oldPath: string;
  newPath: string;
  /** The folder of the text; missing in a text that is no file yet. */
  folder: string | undefined;
}

/** What reads links, given by the caller: its bundle is loaded when it is first needed. */
export interface LinkReading {
  imageLinkAt: typeof imageLinkAt;
  pathOfLink: typeof pathOfLink;
}

/** So many times a name may stand in a text, most of them in links. */
const maxNames = 5_000;

/** The ways in which a name may be written: as it is, for addresses, in strings, in attributes. */
function spellingsIn(language: LanguageName): ((path: string) => string)[] {
  return [
    (path) => path,
    spelledPath[languages[language].path],
    (path) => encodeURI(path.toWellFormed()).replace(/[#?]/g, encodeURIComponent),
    spelledPath.url,
    (path) => path.replaceAll(' ', '%20'),
    spelledAlt.attribute,
    spelledPath.string,
    (path) => path.replace(/[\\()[\] ]/g, '\\$&'),
  ];
}

/** Where a text may name a file in a link, in its order; at most `maxNames` places. */
export function namesOf(text: string, language: LanguageName, path: string): number[] {
  const found = new Set<number>();
  for (const at of placesOf(text, [language], path)) {
    if (found.size >= maxNames) break;
    found.add(at);
  }
  return [...found].sort((one, other) => one - other);
}

/** Whether a text of any language may link to a file. */
export function isNamedIn(text: string, path: string): boolean {
  const all = Object.keys(languages) as LanguageName[];
  return placesOf(text, all, path).next().done === false;
}

function* placesOf(
  text: string,
  inLanguages: readonly LanguageName[],
  path: string,
): Generator<number, void> {
  const spellings = inLanguages.flatMap(spellingsIn);
  for (const word of new Set(spellings.map((spelled) => spelled(posix.basename(path)))))
    for (const at of indexesOf(text, word)) if (beginsName(text, at)) yield at;
  // A short name without its extension is a word of every sentence.
  if (!inLanguages.some((language) => languages[language].links.includes('latex'))) return;
  for (const word of new Set(spellings.map((spelled) => spelled(stemOf(path)))))
    for (const at of indexesOf(text, word)) if (isInBraces(text, at, at + word.length)) yield at;
}

function* indexesOf(text: string, word: string): Generator<number, void> {
  if (word === '') return;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) yield at;
}

/** Not within a longer name. A slash may be written as an address has it. */
function beginsName(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 3), at);
  return before.toLowerCase() === '%2f' || !/[\p{L}\p{M}\p{N}_.-]$/u.test(before);
}

/** The last part of an argument in LaTeX, whose extension may be missing. */
function isInBraces(text: string, begin: number, end: number): boolean {
  const before = text
    .slice(Math.max(0, begin - 3), begin)
    .trimEnd()
    .slice(-1);
  const after = text
    .slice(end, end + 3)
    .trimStart()
    .slice(0, 1);
  return before !== '' && '/{"'.includes(before) && after !== '' && '}".'.includes(after);
}

/**
 * What to write so that a link leads to another file, spelled as the link was spelled.
 * @param at where the name of the file may begin in the link
 * @returns undefined when the link would not lead there, or its target is not there
 */
export function replacementAt(
  text: string,
  language: LanguageName,
  at: number,
  file: ReplacedFile,
  reading: LinkReading,
): Replacement | undefined {
  const link = reading.imageLinkAt(text, at, language);
  if (!link) return undefined;
  const { oldPath, newPath } = file;
  const names = [posix.basename(oldPath), ...(link.extensions ? [stemOf(oldPath)] : [])];
  const folder = link.target.slice(0, link.target.lastIndexOf('/') + 1);
  const isBeside = posix.dirname(oldPath) === posix.dirname(newPath);
  const wanted = isBeside
    ? decoded(folder, reading) + posix.basename(newPath)
    : targetOf(link, file, reading);
  const spellings = spellingsIn(language);
  for (const spelled of spellings) {
    const name = names.find((each) => text.startsWith(spelled(each), at));
    if (name === undefined) continue;
    const end = at + spelled(name).length;
    for (const before of new Set([folder, ...spellings.map((each) => each(folder))])) {
      const begin = at - before.length;
      if (begin < 0 || !text.startsWith(before, begin)) continue;
      const written = isBeside ? before + spelled(posix.basename(newPath)) : spelled(wanted);
      const replaced = text.slice(0, begin) + written + text.slice(end);
      const again = reading.imageLinkAt(replaced, begin + written.length - 1, language);
      if (again && leadsTo(again, wanted, reading)) return { begin, end, text: written };
    }
  }
  return undefined;
}

function leadsTo(
  { target, isPath }: FoundLink,
  wanted: string,
  { pathOfLink }: LinkReading,
): boolean {
  const same = (path: string | undefined) =>
    path !== undefined && posix.normalize(path) === posix.normalize(wanted);
  return same(pathOfLink(target)) || (isPath === true && same(target));
}

/** From where the old target started: the folder of the text, or a root that both files are below. */
function targetOf(
  { target }: FoundLink,
  { oldPath, newPath, folder }: ReplacedFile,
  { pathOfLink }: LinkReading,
): string {
  const plain = pathOfLink(target) ?? target;
  const isRooted = plain.startsWith('/') && oldPath.endsWith(plain);
  const root = isRooted ? oldPath.slice(0, oldPath.length - plain.length) : undefined;
  if (root !== undefined && newPath.startsWith(`${root}/`)) return newPath.slice(root.length);
  const relative = folder === undefined ? newPath : posix.relative(folder, newPath);
  return plain.startsWith('./') && !relative.startsWith('.') ? `./${relative}` : relative;
}

function stemOf(path: string): string {
  return posix.basename(path, posix.extname(path));
}

function decoded(path: string, { pathOfLink }: LinkReading): string {
  return pathOfLink(path) ?? path;
}
