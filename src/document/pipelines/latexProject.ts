import { imageFolders } from '../imageFolders.ts';
import { codeOf } from '../links/codeOf.ts';

/** What a text of LaTeX says of the document that it is part of: from its folder all paths start. */
export interface LatexRoot {
  /** Whether it is that document itself. */
  isMain: boolean;
  /** The path of that document, where the text names it. */
  main?: string;
}

/** A class is named before all text. */
const maxHeadChars = 20_000;
const maxMagicChars = 3_000;
const documentClass = /\\document(?:class|style)(?![a-zA-Z])/g;
/** Its option is the main document. */
const subfile = /^\\documentclass[ \t]{0,20}\[([^\]\n]{1,300})\][ \t]{0,20}\{subfiles\}/;
const magic = /^[ \t]*%+[ \t]*!TEX[ \t]+root[ \t]*=[ \t]*(\S[^\n]*)$/im;
const magicOfEmacs = /^[ \t]*%+[ \t]*TeX-master:[ \t]*"([^"\n]{1,300})"/im;

/** Texts of LaTeX, by the ends of their names; any of them may name folders of images. */
const latexFile = /\.(?:tex|ltx|latex|rnw|rtex|sty|cls|dtx)$/i;

export function isLatexFile(name: string): boolean {
  return latexFile.test(name);
}

export function rootOfLatex(text: string): LatexRoot {
  const [, named] =
    magic.exec(text.slice(0, maxMagicChars)) ?? magicOfEmacs.exec(text.slice(-maxMagicChars)) ?? [];
  if (named !== undefined) return { isMain: false, main: named.trim() };
  const head = text.slice(0, maxHeadChars);
  if (!head.includes('\\document')) return { isMain: false };
  const code = codeOf(head, 'latex');
  for (const { index } of head.matchAll(documentClass)) {
    if (code.some(([from, to]) => from <= index && index < to)) continue;
    const [, main] = subfile.exec(head.slice(index, index + maxMagicChars)) ?? [];
    return main === undefined ? { isMain: true } : { isMain: false, main: main.trim() };
  }
  return { isMain: false };
}

/** Folders that texts of one project name for its images, each once. */
export function graphicsFolders(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => imageFolders('latex', text)))];
}
