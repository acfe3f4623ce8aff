import {
  indentOf,
  isBlank,
  lastOfParagraph,
  lastUntil,
  spaces,
  type ReadBlock,
  type TextBlock,
} from './textBlock.ts';

const bullet = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)/;
const firstOfList = /^[ \t]*(?:[-*+]|1[.)])[ \t]+\S/;
const heading = /^[ \t]*#{1,6}(?:[ \t]|$)/;
const quote = /^[ \t]*>/;
const underline = /^[ \t]*(?:=+|-+)[ \t]*$/;
const fence = /^(`{3,}|~{3,})/;
const container = /^[ \t]*:{3,}/;
const delimiterRow = /^[ \t]*[|:-][ \t|:-]*$/;
/** What is read as it stands until its end, blank lines included. */
const verbatim: readonly [begin: RegExp, end: RegExp][] = [
  [/^<!--/, /-->/],
  [/^<(?:pre|script|style|textarea)(?:[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
  [/^\$\$/, /\$\$[ \t]*$/],
  [/^\{\/\*/, /\*\/\}/],
];

/** Blocks of CommonMark, and of what extends it. */
export function markdownReader(): ReadBlock {
  /** Where the text of the open list items begins, the outer ones first. */
  let columns: number[] = [];

  return function readBlock(lines, first) {
    const line = lines[first] ?? '';
    const frontMatter = first === 0 ? lastOfFrontMatter(lines) : undefined;
    if (frontMatter !== undefined)
      return { first, last: frontMatter, indent: '', isVerbatim: true };
    columns = columns.filter((column) => column <= indentOf(line));
    const base = columns.at(-1) ?? 0;
    if (indentOf(line) - base >= 4) return indentedCode(lines, first, base);
    const { text, column } = withoutBullets(line, base, columns);
    const block = { first, indent: spaces(column) };
    const isItem = column > 0;
    const code = fence.exec(text)?.[0];
    if (code !== undefined)
      return { ...block, last: lastOfCode(lines, first, code, column), isVerbatim: true };
    for (const [begin, end] of verbatim)
      if (begin.test(text)) return { ...block, last: lastIn(lines, first, end), isVerbatim: true };
    if (quote.test(text)) return { ...block, last: lastOfQuote(lines, first) };
    if (heading.test(text) || container.test(text) || isRule(text))
      return { ...block, last: first };
    return { ...block, ...paragraph(lines, first, isItem) };
  };
}

function lastOfFrontMatter(lines: readonly string[]): number | undefined {
  const opening = lines[0]?.trimEnd();
  if (opening !== '---' && opening !== '+++') return undefined;
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === opening);
  return end < 0 ? undefined : end;
}

/** What follows the bullets of a line, and the column in which that begins. */
function withoutBullets(
  line: string,
  base: number,
  columns: number[],
): { text: string; column: number } {
  let column = base;
  let text = line;
  let isFirst = true;
  while (!isRule(text)) {
    const [marker] = bullet.exec(text) ?? [];
    if (marker === undefined) break;
    const widths = marker.replaceAll('\t', '    ').length;
    // What is indented further is code in the item.
    const width = widths > marker.trim().length + 5 ? marker.trim().length + 1 : widths;
    column = isFirst ? width : column + width;
    isFirst = false;
    if (marker.trim() === marker) column += 1;
    columns.push(column);
    text = text.slice(marker.length);
  }
  return { text: text.trimStart(), column };
}

function indentedCode(lines: readonly string[], first: number, base: number): TextBlock {
  let last = first;
  for (let index = first + 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (isBlank(line)) continue;
    if (indentOf(line) - base < 4) break;
    last = index;
  }
  return { first, last, indent: spaces(base), isVerbatim: true };
}

/** A fence ends at its like, or where the list item does that it is in. */
function lastOfCode(
  lines: readonly string[],
  first: number,
  opening: string,
  column: number,
): number {
  const char = opening.charAt(0);
  for (let index = first + 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const text = line.trim();
    if (text.length >= opening.length && text === repeated(text) && text.startsWith(char))
      return index;
    if (column > 0 && text !== '' && indentOf(line) < column) return index - 1;
  }
  return lines.length - 1;
}

/** Three or more stars, dashes or low lines, and nothing else. */
function isRule(line: string): boolean {
  const text = line.replace(/\s/g, '');
  return text.length >= 3 && '*-_'.includes(text.charAt(0)) && text === repeated(text);
}

function repeated(text: string): string {
  return text.charAt(0).repeat(text.length);
}

/** Lines without the sign go on with the paragraph in it. */
function lastOfQuote(lines: readonly string[], first: number): number {
  return lastOfParagraph(lines, first, (line) => !quote.test(line) && startsBlock(line));
}

function lastIn(lines: readonly string[], first: number, end: RegExp): number {
  const opening = lines[first] ?? '';
  const rest = opening.trimStart().slice(2);
  return end.test(rest) ? first : lastUntil(lines, first, (line) => end.test(line));
}

function paragraph(
  lines: readonly string[],
  first: number,
  isItem: boolean,
): Pick<TextBlock, 'last' | 'isTable'> {
  const next = lines[first + 1] ?? '';
  const isTable = next.includes('|') && delimiterRow.test(next);
  if (isTable) return { last: lastOfParagraph(lines, first, () => false), isTable };
  const isOther = (line: string) => startsBlock(line) || (isItem && bullet.test(line));
  const last = lastOfParagraph(lines, first, (line) => underline.test(line) || isOther(line));
  const end = lines[last + 1] ?? '';
  return { last: !isItem && underline.test(end) && !isBlank(end) ? last + 1 : last };
}

/** Whether a line ends the paragraph before it. */
function startsBlock(line: string): boolean {
  const text = line.trimStart();
  return (
    firstOfList.test(line) ||
    heading.test(line) ||
    quote.test(line) ||
    isRule(line) ||
    container.test(line) ||
    fence.test(text) ||
    text.startsWith('<!--')
  );
}
