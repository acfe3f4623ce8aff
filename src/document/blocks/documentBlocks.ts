import {
  indentOf,
  isBlank,
  lastOfIndented,
  lastOfParagraph,
  lastUntil,
  spaces,
  type TextBlock,
} from './textBlock.ts';

/** Blocks in languages of documents other than Markdown. */

const asciidocVerbatim = /^(?:-{4,}|\.{4,}|\+{4,}|\/{4,}|`{3,}.*|[|,:!]={3,})[ \t]*$/;
const asciidocCompound = /^(?:={4,}|\*{4,}|_{4,}|--|\+)[ \t]*$/;
const asciidocHeading = /^={2,6}[ \t]+\S/;
const asciidocItem =
  /^[ \t]*(?:\*{1,5}|-|\.{1,5}|\d{1,9}\.)[ \t]+\S|^[^\s:][^\n]*?:{2,4}(?:[ \t]|$)/;
const asciidocAbout = /^(?:\[[^\n]*\]|\.[^\s.][^\n]*)[ \t]*$/;

export function asciidocBlock(lines: readonly string[], first: number): TextBlock {
  // What is said of a block belongs to it.
  let begin = first;
  while (asciidocAbout.test(lines[begin] ?? '') && !isBlank(lines[begin + 1])) begin += 1;
  const line = lines[begin] ?? '';
  const isJoined = lines[first - 1]?.trimEnd() === '+';
  const block = { first, indent: '', ...(isJoined && { joint: '\n+\n' }) };
  if (asciidocVerbatim.test(line)) {
    const closing = line.startsWith('`') ? '```' : line.trimEnd();
    const last = lastUntil(lines, begin, (each) => each.trimEnd() === closing);
    const isTable = /^[|,:!]=/.test(line);
    return { ...block, last, ...(isTable ? { isTable } : { isVerbatim: true }) };
  }
  if (asciidocHeading.test(line) || asciidocCompound.test(line)) return { ...block, last: begin };
  const isItem = asciidocItem.test(line);
  const last = lastOfParagraph(
    lines,
    begin,
    (each) =>
      asciidocVerbatim.test(each) ||
      asciidocCompound.test(each) ||
      asciidocAbout.test(each) ||
      ((isItem || isJoined) && asciidocItem.test(each)),
  );
  return { ...block, last, ...(isItem && { joint: '\n+\n' }) };
}

const restItem = /^[ \t]*(?:[-*+•]|\(?(?:\d{1,9}|#|[a-zA-Z])[.)])[ \t]+/;
const restRule = /^([!-/:-@[-`{-~])\1{2,}[ \t]*$/;

export function restructuredtextBlock(lines: readonly string[], first: number): TextBlock {
  const line = lines[first] ?? '';
  const column = indentOf(line);
  if (/^[ \t]*\.\.(?:[ \t]|$)/.test(line))
    return { first, last: lastOfIndented(lines, first, column), indent: spaces(column) };
  const [marker] = restItem.exec(line) ?? [];
  if (marker !== undefined) {
    const last = lastOfParagraph(lines, first, (each) => restItem.test(each));
    return withLiteral(lines, { first, last, indent: spaces(marker.length) }, column);
  }
  const next = lines[first + 1] ?? '';
  const isTitle = !restRule.test(line) && restRule.test(next);
  if (isTitle) return { first, last: first + 1, indent: '' };
  const last = lastOfParagraph(lines, first, () => false);
  return withLiteral(lines, { first, last, indent: spaces(indentOf(lines[last] ?? '')) }, column);
}

/** `::` at the end of a paragraph begins a literal block, which belongs to it. */
function withLiteral(lines: readonly string[], block: TextBlock, column: number): TextBlock {
  if (!lines[block.last]?.trimEnd().endsWith('::')) return block;
  return { ...block, last: lastOfIndented(lines, block.last, column) };
}

const orgItem = /^[ \t]*(?:[-+]|\d{1,9}[.)])[ \t]+/;
const orgHeading = /^\*+[ \t]/;
const orgBegin = /^[ \t]*#\+begin_(\w+)/i;
const orgDrawer = /^[ \t]*:[\w-]+:[ \t]*$/;
const orgPlanning = /^[ \t]*(?:SCHEDULED|DEADLINE|CLOSED):/;

export function orgBlock(lines: readonly string[], first: number): TextBlock {
  const line = lines[first] ?? '';
  const [, name] = orgBegin.exec(line) ?? [];
  if (name !== undefined) {
    const end = `#+end_${name}`.toLowerCase();
    const last = lastUntil(lines, first, (each) => each.trim().toLowerCase() === end);
    return { first, last, indent: spaces(indentOf(line)), isVerbatim: true };
  }
  if (orgHeading.test(line)) {
    // A heading and its properties are one.
    let last = first;
    while (orgPlanning.test(lines[last + 1] ?? '')) last += 1;
    return { first, last: lastOfDrawer(lines, last + 1) ?? last, indent: '' };
  }
  const drawer = lastOfDrawer(lines, first);
  if (drawer !== undefined) return { first, last: drawer, indent: '' };
  const isOther = (each: string) =>
    orgHeading.test(each) || orgBegin.test(each) || orgItem.test(each) || orgDrawer.test(each);
  const last = lastOfParagraph(lines, first, isOther);
  const [marker = ''] = orgItem.exec(line) ?? [];
  const isTable = line.trimStart().startsWith('|');
  return { first, last, indent: spaces(marker.length || indentOf(line)), isTable };
}

function lastOfDrawer(lines: readonly string[], first: number): number | undefined {
  if (!orgDrawer.test(lines[first] ?? '')) return undefined;
  const end = lines.findIndex((each, index) => index > first && /^[ \t]*:END:/i.test(each));
  return end < 0 ? undefined : end;
}

const typstItem = /^[ \t]*(?:[-+]|\d{1,9}\.|\/[^\n:]*:)[ \t]+/;

export function typstBlock(lines: readonly string[], first: number): TextBlock {
  const line = lines[first] ?? '';
  const text = line.trim();
  const indent = spaces(indentOf(line));
  if (text.startsWith('```')) {
    const isClosed = text.length > 3 && text.endsWith('```');
    const last = isClosed ? first : lastUntil(lines, first, (each) => each.trim() === '```');
    return { first, last, indent, isVerbatim: true };
  }
  if (text.startsWith('/*'))
    return { first, last: lastIn(lines, first, '*/'), indent, isVerbatim: true };
  if (/^=+[ \t]/.test(text)) return { first, last: first, indent };
  const isOther = (each: string) =>
    typstItem.test(each) || /^[ \t]*=+[ \t]/.test(each) || each.trimStart().startsWith('```');
  const last = lastOfParagraph(lines, first, isOther);
  const [marker] = typstItem.exec(line) ?? [];
  return { first, last, indent: marker === undefined ? indent : spaces(marker.length) };
}

function lastIn(lines: readonly string[], first: number, end: string): number {
  return (lines[first] ?? '').includes(end)
    ? first
    : lastUntil(lines, first, (line) => line.includes(end));
}

const latexEnvironment =
  /^[ \t]*\\begin\{((?:verbatim|lstlisting|minted|comment|tabular|tabularx|longtable|array|equation|align|gather|multline|figure|table|tikzpicture|displaymath)\*?)\}/;
const latexAlone = /^[ \t]*\\(?:begin|end|(?:sub){0,2}section|chapter|part|paragraph)\b/;

export function latexBlock(lines: readonly string[], first: number): TextBlock {
  const line = lines[first] ?? '';
  const indent = spaces(indentOf(line));
  const [, name] = latexEnvironment.exec(line) ?? [];
  if (name !== undefined) {
    const last = lastIn(lines, first, `\\end{${name}}`);
    const takesImages = /^(?:figure|table)/.test(name);
    return { first, last, indent, isVerbatim: true, takesImages };
  }
  if (first === lines.findIndex((each) => !isBlank(each))) {
    // What is before the document shows nothing.
    const begin = lines.findIndex((each) => each.trimStart().startsWith('\\begin{document}'));
    if (begin >= 0) return { first, last: begin, indent: '' };
  }
  if (/^[ \t]*(?:\\\[|\$\$)/.test(line)) {
    const end = line.trimStart().startsWith('$$') ? '$$' : '\\]';
    const isClosed = line.trimStart().slice(2).includes(end);
    const last = isClosed ? first : lastUntil(lines, first, (each) => each.includes(end));
    return { first, last, indent, isVerbatim: true };
  }
  if (latexAlone.test(line)) return { first, last: first, indent };
  const isOther = (each: string) => latexAlone.test(each) || /^[ \t]*\\item\b/.test(each);
  return { first, last: lastOfParagraph(lines, first, isOther), indent };
}
