import { posix } from 'node:path';
import { imageFolders } from '../imageFolders.ts';
import { codeOf, isInCode } from '../links/codeOf.ts';

/** What a text of LaTeX says of the document that it is part of: from its folder all paths start. */
export interface LatexRoot {
  /** Whether it is that document itself. */
  isMain: boolean;
  /** The path of that document, where the text names it. */
  main?: string;
}

/** A text of LaTeX, as far as others of its project need it. */
export interface LatexFile extends LatexRoot {
  path: string;
  /** Folders that it names for images. */
  folders: readonly string[];
  /** The files that it consists of, as it names them: of a main document alone. */
  inputs: readonly string[];
}

/** A longer text nobody wrote by hand. */
const maxChars = 500_000;
const maxMagicChars = 3_000;
/** Short code is no longer: what is known of an index does not depend on what comes behind. */
const maxBehindChars = 2_000;
/** The class may be named in another file, but the document begins in its own. */
const mainSign = /\\document(?:class|style)(?![a-zA-Z])|\\begin[ \t]{0,20}\{document\}/g;
/** Its option is the main document. */
const subfile = /^\\documentclass[ \t]{0,20}\[([^\]\n]{1,300})\][ \t]{0,20}\{subfiles\}/;
const magic = /^[ \t]*%+[ \t]*!TEX[ \t]+root[ \t]*=[ \t]*(\S[^\n]*)$/im;
const magicOfEmacs = /^[ \t]*%+[ \t]*TeX-master:[ \t]*"([^"\n]{1,300})"/im;
/** What brings another file into a document: its name is the last argument. */
const input =
  /\\(?:input|include|subfile|subfileinclude|(?:sub)?import\*?)[ \t]{0,20}(?:\{[^{}\n]{0,300}\}[ \t]{0,20})?\{([^{}\n]{1,300})\}/g;

/** Texts of LaTeX, by the ends of their names; any of them may name folders of images. */
const latexFile = /\.(?:tex|ltx|latex|rnw|rtex|sty|cls|dtx)$/i;

/** More than this is no folder of one document. */
const maxFiles = 200;
/** As main documents and their preambles are mostly called. */
const likelyName =
  /^(?:main|root|master|index|thesis|dissertation|book|paper|article|report|manuscript|slides|preamble|setup)(?![a-z])/i;

export function isLatexFile(name: string): boolean {
  return latexFile.test(name);
}

/** The files of a folder that may say something of a project: not all, where there are very many. */
export function latexFilesOf(names: readonly string[]): string[] {
  const all = names.filter(isLatexFile).toSorted();
  const likely = all.filter((name) => likelyName.test(name));
  return [...new Set([...likely, ...all])].slice(0, maxFiles);
}

export function rootOfLatex(text: string): LatexRoot {
  const [, named] =
    magic.exec(text.slice(0, maxMagicChars)) ?? magicOfEmacs.exec(text.slice(-maxMagicChars)) ?? [];
  if (named !== undefined) return { isMain: false, main: namedPath(named) };
  const at = firstOutsideCode(text.slice(0, maxChars), mainSign);
  if (at === undefined) return { isMain: false };
  const [, main] = subfile.exec(text.slice(at, at + maxMagicChars)) ?? [];
  return main === undefined ? { isMain: true } : { isMain: false, main: namedPath(main) };
}

/** As editors read it: in quotes or not, with slashes of either kind, and with a comment behind it. */
function namedPath(written: string): string {
  const [, , quoted] = /^(["'])([^"'\n]+)\1/.exec(written.trim()) ?? [];
  const [plain = ''] = written.split(/[ \t]%/, 1);
  const path = (quoted ?? plain).trim().replaceAll('\\', '/');
  return /^[a-z]:\//i.test(path) ? `/${path.charAt(0).toLowerCase()}${path.slice(1)}` : path;
}

/** The files that a name of a main document may mean, whose extension may be missing. */
export function mainPathsOf(part: string, main: string): string[] {
  const path = posix.resolve(posix.dirname(part), main);
  return isLatexFile(path) ? [path] : [`${path}.tex`, path];
}

/** Mostly it is the first, for which little is read. */
function firstOutsideCode(text: string, pattern: RegExp): number | undefined {
  const [first, ...others] = [...text.matchAll(pattern)].map(({ index }) => index);
  if (first === undefined) return undefined;
  if (!isInCode(codeOf(text.slice(0, first + maxBehindChars), 'latex'), first)) return first;
  if (others.length === 0) return undefined;
  const code = codeOf(text, 'latex');
  return others.find((index) => !isInCode(code, index));
}

export function readLatexFile(path: string, text: string): LatexFile {
  const root = rootOfLatex(text);
  const inputs = root.isMain ? inputsOf(text) : [];
  return { path, ...root, folders: imageFolders('latex', text), inputs };
}

function inputsOf(text: string): string[] {
  const found = [...text.matchAll(input)];
  const code = found.length === 0 ? [] : codeOf(text, 'latex');
  return found.flatMap(({ index, 1: name = '' }) => (isInCode(code, index) ? [] : [name.trim()]));
}

/**
 * Folders that a project names for its images, each once: its main document, and what is beside that and
 * is no document itself.
 * @param files all in the folder of the main document
 * @param part of the project; its own folders are known from its text where it is the main document
 * @param main its main document, where that is known
 */
export function graphicsFolders(
  files: readonly LatexFile[],
  part: string,
  main: string | undefined,
): string[] {
  const mains = files.filter(({ isMain }) => isMain);
  const known = main === part ? undefined : mains.find(({ path }) => path === main);
  const own = main === undefined ? mainOf(mains, part) : known;
  const counted = files.filter((file) => !file.isMain || file === own);
  return [...new Set(counted.flatMap(({ folders }) => folders))];
}

/** Of several documents in a folder, the one that consists of a part, or the only one of several files. */
function mainOf(mains: readonly LatexFile[], part: string): LatexFile | undefined {
  const name = stemOf(part);
  const naming = mains.filter(({ inputs }) => inputs.some((each) => stemOf(each) === name));
  const ofSeveral = mains.filter(({ inputs }) => inputs.length > 0);
  const [found] = [mains, naming, ofSeveral].find(({ length }) => length === 1) ?? [];
  return found;
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(latexFile, '');
}
