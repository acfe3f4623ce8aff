import { posix } from 'node:path';
import { pathFromFolder } from './imageFolders.ts';
import type { LanguageName } from './languageIds.ts';
import { languages } from './languages.ts';
import type { FoundLink } from './linkText.ts';
import type { WrittenLink, WrittenTarget } from './links/writtenLink.ts';
import { spelledAlt, spelledPath } from './spelling.ts';

/** What is written in place of a part of a text. */
export interface Replacement {
  begin: number;
  end: number;
  text: string;
}

/** A file whose links in a text are to lead to another file. Paths have forward slashes. */
export interface ReplacedFile {
  oldPath: string;
  newPath: string;
  /** The path by which a new link from the text leads to the new file. */
  link: string;
  /** As if it stood where its links start from. Missing in a text that is no file yet. */
  documentPath: string | undefined;
}

/** How the links of a text are read, and what they lead to. */
export interface LinkReading {
  /** @returns undefined when the text cannot be read as a whole */
  read: (text: string) => Promise<readonly WrittenLink[] | undefined>;
  /** Which of the two files a link leads to. */
  leadsTo: (link: FoundLink) => Promise<'old' | 'new' | 'neither'>;
}

export interface Relinked {
  replacements: Replacement[];
  /** Where links are that lead to the old file still: nothing that is written there leads to the new one. */
  left: number[];
  /** Whether the text has the name, and cannot be read: it is too long, or made to be slow. */
  isUnread?: true;
}

/** So often a text is read to find out what its links lead to, whatever it is made of. */
const maxReads = 100;

/**
 * The ways in which a name may be written: as its language writes it, as it is, for addresses, in strings,
 * in attributes.
 */
function spellingsIn(language: LanguageName): ((path: string) => string)[] {
  return [
    spelledPath[languages[language].path],
    (path) => path,
    (path) => encodeURI(path.toWellFormed()).replace(/[#?]/g, encodeURIComponent),
    spelledPath.url,
    (path) => path.replaceAll(' ', '%20'),
    spelledAlt.attribute,
    spelledPath.string,
    (path) => path.replace(/[\\()[\] ]/g, '\\$&'),
  ];
}

/** Whether a text of any language may link to a file. */
export function isNamedIn(text: string, path: string): boolean {
  const all = Object.keys(languages) as LanguageName[];
  const spellings = all.flatMap(spellingsIn);
  for (const word of new Set(spellings.map((spelled) => spelled(posix.basename(path)))))
    for (const at of indexesOf(text, word)) if (beginsName(text, at)) return true;
  // A short name without its extension is a word of every sentence; LaTeX has it in braces.
  for (const word of new Set(spellings.map((spelled) => spelled(stemOf(path)))))
    for (const at of indexesOf(text, word)) if (isInBraces(text, at, at + word.length)) return true;
  return false;
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

/** The parts of a text that link to the old file, in their order; undefined when it cannot be read. */
export async function targetsTo(
  text: string,
  { oldPath }: Pick<ReplacedFile, 'oldPath'>,
  { read, leadsTo }: LinkReading,
): Promise<WrittenTarget[] | undefined> {
  const links = isNamedIn(text, oldPath) ? await read(text) : [];
  if (!links) return undefined;
  const found: WrittenTarget[] = [];
  for (const target of targetsOf(links))
    if (mayName(target, oldPath) && (await leadsTo(target)) === 'old') found.push(target);
  return found;
}

/** Several links may have one target, as that of a definition. */
function targetsOf(links: readonly WrittenLink[]): WrittenTarget[] {
  const all = links.flatMap(({ target, candidates }) => [
    target,
    ...candidates.map((each) => each.target),
  ]);
  return [...new Map(all.map((each) => [each.span[0], each])).values()].sort(
    (one, other) => one.span[0] - other.span[0],
  );
}

/** Only what has its name may lead to a file; the others need not be looked for on the disk. */
function mayName({ target, extensions }: FoundLink, path: string): boolean {
  const names = [posix.basename(path), ...(extensions ? [stemOf(path)] : [])];
  const plain = target.replace(/[?#].*$/s, '');
  const written = [target, plain, decoded(target), decoded(plain)];
  return written.some((each) => names.includes(each.split(/[\\/]/).at(-1) ?? ''));
}

/**
 * What to write so that all links of a text to one file lead to another: each is spelled as it was, and
 * nothing else of the text changes its meaning. A link that would lead elsewhere is left as it is.
 */
export async function relink(
  text: string,
  language: LanguageName,
  file: ReplacedFile,
  reading: LinkReading,
): Promise<Relinked> {
  const targets = await targetsTo(text, file, reading);
  if (!targets) return { replacements: [], left: [], isUnread: true };
  if (targets.length === 0) return { replacements: [], left: [] };
  const all = targetsOf((await reading.read(text)) ?? []);
  const accepted: Replacement[] = [];
  let reads = 0;

  /** Accepts those that lead to the new file. One that breaks the text is found by halving. */
  async function tryAll(given: readonly Replacement[]): Promise<void> {
    if (given.length === 0 || reads >= maxReads) return;
    reads += 1;
    const right = await rightOf(text, all, [...accepted, ...given], reading);
    if (right && accepted.every((each) => right.has(each))) {
      const good = given.filter((each) => right.has(each));
      if (good.length === given.length) accepted.push(...good);
      else await tryAll(good);
    } else if (given.length > 1) {
      const half = Math.ceil(given.length / 2);
      await tryAll(given.slice(0, half));
      await tryAll(given.slice(half));
    }
  }

  const options = targets.map((target) => [...optionsFor(target, language, file)]);
  let open = targets.map((_, index) => index);
  for (let option = 0; open.length > 0 && reads < maxReads; option += 1) {
    const given = open.flatMap((index): Replacement[] => {
      const [begin, end] = targets[index]?.span ?? [0, 0];
      const written = options[index]?.[option];
      return written === undefined ? [] : [{ begin, end, text: written }];
    });
    if (given.length === 0) break;
    await tryAll(given);
    const done = new Set(accepted.map(({ begin }) => begin));
    open = open.filter((index) => !done.has(targets[index]?.span[0] ?? -1));
  }
  return {
    replacements: accepted.sort((one, other) => one.begin - other.begin),
    left: open.map((index) => targets[index]?.span[0] ?? 0),
  };
}

/**
 * Those replacements that lead to the new file when all are made.
 * @returns undefined when other links would no longer be what they were
 */
async function rightOf(
  text: string,
  targets: readonly WrittenTarget[],
  replacements: readonly Replacement[],
  { read, leadsTo }: LinkReading,
): Promise<Set<Replacement> | undefined> {
  const again = await read(withReplacements(text, replacements));
  const now = targetsOf(again ?? []);
  if (now.length !== targets.length) return undefined;
  const byBegin = new Map(replacements.map((each) => [each.begin, each]));
  const right = new Set<Replacement>();
  for (const [index, before] of targets.entries()) {
    const after = now[index];
    const made = byBegin.get(before.span[0]);
    if (after?.written !== (made?.text ?? before.written)) return undefined;
    if (made && (await leadsTo(after)) === 'new') right.add(made);
  }
  return right;
}

export function withReplacements(text: string, replacements: readonly Replacement[]): string {
  let result = '';
  let end = 0;
  for (const each of replacements.toSorted((one, other) => one.begin - other.begin)) {
    result += text.slice(end, each.begin) + each.text;
    end = each.end;
  }
  return result + text.slice(end);
}

/** What may be written in place of a target, the best first. */
function optionsFor(
  target: WrittenTarget,
  language: LanguageName,
  file: ReplacedFile,
): Iterable<string> {
  const { written, extensions } = target;
  const { oldPath, newPath } = file;
  const isAddress = target.isPath !== true || languages[language].path !== 'url';
  const spellings = isAddress
    ? spellingsIn(language)
    : [spelledPath.asIs, ...spellingsIn(language)];
  const names = [posix.basename(oldPath), ...(extensions ? [stemOf(oldPath)] : [])];
  const paths = pathsTo(target, file);
  const isBeside = posix.dirname(oldPath) === posix.dirname(newPath);
  const options: string[] = [];
  for (const spelled of spellings) {
    const [at, name] = namedAt(written, names.map(spelled)) ?? [];
    if (at === undefined || name === undefined) continue;
    const trail = written.slice(at + name.length);
    if (isBeside) options.push(written.slice(0, at) + spelled(posix.basename(newPath)) + trail);
    options.push(...paths.map((path) => spelled(path) + trail));
  }
  // The old name is written in a way that nothing here writes.
  const [query] = /[?#].*$/s.exec(written) ?? [''];
  const others = spellings.flatMap((spelled) => paths.map((path) => spelled(path)));
  const trails = target.isPath === true ? [''] : [query, ''];
  options.push(...trails.flatMap((trail) => others.map((each) => each + trail)));
  return new Set(options);
}

/** Where a name ends the path of a target. */
function namedAt(written: string, names: readonly string[]): [number, string] | undefined {
  for (const name of names) {
    const at = written.lastIndexOf(name);
    if (at === 0 || (at > 0 && /(?:[\\/]|%2f)$/i.test(written.slice(0, at)))) return [at, name];
  }
  return undefined;
}

/** The paths that may lead to the new file: from where the old one started, else as a new link has it. */
function pathsTo(target: FoundLink, { oldPath, newPath, link, documentPath }: ReplacedFile) {
  const plain = decoded(target.target.replace(/[?#].*$/s, ''));
  const name = posix.basename(newPath);
  const inFolders = (target.folders ?? []).flatMap((folder) =>
    documentPath === undefined ? [] : [pathFromFolder(folder, link, documentPath)],
  );
  const paths = [
    // A note that names an image alone does so wherever that lies.
    ...(target.isAnywhere === true && !plain.includes('/') ? [name] : []),
    fromSameRoot(plain, oldPath, newPath),
    ...inFolders,
    ...(plain.startsWith('./') ? [`./${link}`] : []),
    link,
    `./${link}`,
    ...(target.isAnywhere === true ? [name] : []),
  ];
  return [...new Set(paths.filter((path) => path !== undefined))];
}

/** A link is a beginning, as `../`, `/` or an alias, and a path below the folder that it stands for. */
function fromSameRoot(plain: string, oldPath: string, newPath: string): string | undefined {
  const written = plain.split('/');
  const parts = oldPath.split('/');
  let same = 1;
  while (same < written.length && written.at(-1 - same) === parts.at(-1 - same)) same += 1;
  const root = parts.slice(0, -same).join('/');
  if (!newPath.startsWith(`${root}/`)) return undefined;
  return [...written.slice(0, -same), newPath.slice(root.length + 1)].join('/');
}

function stemOf(path: string): string {
  return posix.basename(path, posix.extname(path));
}

function decoded(path: string): string {
  return path.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
