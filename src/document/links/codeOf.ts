import type { LanguageName } from '../languageIds.ts';
import { codeLines } from './codeLines.ts';
import type { Span } from './writtenLink.ts';

/** Finds where code or a comment begins, or what only looks so. */
interface Marks {
  opening: RegExp;
  /** Where it ends; undefined for what is no code. Without it, the opening is the whole. */
  endOf?: (text: string, opened: RegExpExecArray) => number | undefined;
}

/** Code in a line of text is shorter. */
const maxShortChars = 1_000;
/** A listing, a comment, short code with its options, and what escapes or comments the rest of a line. */
const latexOpening =
  /\\(?:begin[ \t]{0,20}\{((?:[BL]?V|v)erbatim\*?|SaveVerbatim|spverbatim|lstlisting|minted|comment|alltt|filecontents\*?)\}|(iffalse)(?![a-zA-Z])|(?:verb\*?|(?:Verb|spverb|lstinline)\*?(?:\[[^\]\n]{0,300}\])?|(?:mint|mintinline|pygment)(?:\[[^\]\n]{0,300}\])?\{[^{}\n]{1,60}\})(?![a-zA-Z*])[ \t]{0,20}([^\sa-zA-Z])|[^])|%/g;
/** A string, an escape, comments and code. */
const typstOpening = /"(?:\\.|[^"\\\n]){0,2000}"|\\.|(?<!:)\/\/|\/\*|`+/g;

const marks: Readonly<Partial<Record<LanguageName, Marks>>> = {
  latex: { opening: latexOpening, endOf: endInLatex },
  typst: { opening: typstOpening, endOf: endInTypst },
  asciidoc: { opening: /^\/\/[^\n]*|`\+[^`\n]{1,500}\+`|\\image::?/gm },
  org: {
    opening:
      /^[ \t]*(?:#(?=\s)|:[ \t])[^\n]*|(?<![^\s\-({'"])(?:=[^\s=](?:[^=\n]{0,500}[^\s=])?=|~[^\s~](?:[^~\n]{0,500}[^\s~])?~)(?![^\s\-.,;:!?'")}[\\])/gm,
  },
  restructuredtext: { opening: /``[^`\n]{1,500}``/g },
};

/**
 * The parts of a document that are code or comments, in their order; what nothing ends goes on to the
 * end of the text. None in languages that have a parser.
 */
export function codeOf(text: string, language: LanguageName): Span[] {
  const lines = codeLines(text, language);
  const found = marks[language];
  if (!found) return lines;
  const inLines = spansOf(text, found);
  if (lines.length === 0) return inLines;
  const all = [...lines, ...inLines].toSorted((one, other) => one[0] - other[0]);
  let end = 0;
  return all.filter(([from, to]) => {
    if (from < end) return false;
    end = to;
    return true;
  });
}

/** @param code in its order */
export function isInCode(code: readonly Span[], index: number): boolean {
  let [from, to] = [0, code.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((code[middle]?.[1] ?? 0) <= index) from = middle + 1;
    else to = middle;
  }
  return (code[from]?.[0] ?? Number.POSITIVE_INFINITY) <= index;
}

function spansOf(text: string, { opening, endOf }: Marks): Span[] {
  const spans: Span[] = [];
  opening.lastIndex = 0;
  for (let opened = opening.exec(text); opened; opened = opening.exec(text)) {
    const end = endOf ? endOf(text, opened) : opening.lastIndex;
    if (end === undefined) continue;
    spans.push([opened.index, end]);
    opening.lastIndex = end;
  }
  return spans;
}

function endInLatex(text: string, opened: RegExpExecArray): number | undefined {
  const { index, 0: whole, 1: environment, 2: never, 3: delimiter } = opened;
  const from = index + whole.length;
  const closing = `\\end{${String(environment)}}`;
  if (environment !== undefined) return behind(text, closing, from) ?? text.length;
  if (never !== undefined) return endOfNever(text, from);
  if (whole === '%') return endOfLine(text, from);
  if (delimiter === undefined) return undefined;
  const line = restOfLine(text, from);
  const end = delimiter === '{' ? endOfBraces(line) : behind(line, delimiter, 0);
  return end && from + end;
}

function endOfNever(text: string, from: number): number {
  const rest = text.slice(from).search(/\\fi(?![a-zA-Z])/);
  return rest < 0 ? text.length : from + rest + '\\fi'.length;
}

function endOfBraces(line: string): number | undefined {
  let depth = 1;
  for (const { index, 0: brace } of line.matchAll(/[{}]/g)) {
    depth += brace === '{' ? 1 : -1;
    if (depth === 0) return index + 1;
  }
  return undefined;
}

function endInTypst(text: string, { index, 0: whole }: RegExpExecArray): number | undefined {
  const from = index + whole.length;
  if (whole === '//') return endOfLine(text, from);
  if (whole === '/*') return behind(text, '*/', from) ?? text.length;
  if (!whole.startsWith('`')) return undefined;
  if (whole.length >= 3) return behind(text, whole, from) ?? text.length;
  // Two of them hold nothing, and one is closed in its line.
  const end = whole === '`' ? behind(restOfLine(text, from), whole, 0) : undefined;
  return end && from + end;
}

function behind(text: string, closing: string, from: number): number | undefined {
  const at = text.indexOf(closing, from);
  return at < 0 ? undefined : at + closing.length;
}

/** As far as short code goes. */
function restOfLine(text: string, from: number): string {
  const [line = ''] = text.slice(from, from + maxShortChars).split('\n', 1);
  return line;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
