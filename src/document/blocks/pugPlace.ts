import { isBlank, lastOfIndented, indentOf, type ImagePlace } from './textBlock.ts';

/** Where an image stands in Pug, whose lines are in each other by how they are indented. */

/** What lies deeper is no markup: text, a script, a comment, a filter, code. */
const textBegins = /^(?:(?:script|style)\b|\/\/|:|-\s*$)/;
const elseBegins = /^(?:else|when|default)\b/;
/** What stands beside them must be of their kind, or must not stand at all. */
const fixed = /^(?:when|default|case|extends|include|doctype|else|block|append|prepend|import)\b/;

/**
 * Where an image goes that belongs to an offset: behind the line there and what lies deeper, as far
 * indented as it. @returns undefined where it stands in the line
 */
export function pugPlace(
  lines: readonly string[],
  at: number,
  column: number,
  offsetOf: (line: number, column: number) => number,
  eol: string,
): ImagePlace | undefined {
  const line = lines[at] ?? '';
  const owner = textOwner(lines, at);
  if (owner === undefined && isBlank(line)) return blankLine(lines, at, column, offsetOf);
  const first = owner ?? firstOfText(lines, at);
  const opening = lines[first] ?? '';
  const text = opening.trimStart();
  if (owner === undefined) {
    const head = headLength(line);
    // In the attributes, or in what has no text yet.
    if (head === undefined || column < head || line.slice(head).trim() === '') return undefined;
    if (fixed.test(text) || isInAttributes(lines, at) || isGap(line, column, head))
      return undefined;
  }
  const indent = opening.slice(0, opening.length - text.length);
  const last = lastOfBlock(lines, first);
  return { offset: offsetOf(last, (lines[last] ?? '').length), lead: eol + indent, trail: '' };
}

/** Where what belongs to a line ends: what lies deeper, other cases, more lines of the same text. */
function lastOfBlock(lines: readonly string[], first: number): number {
  const column = indentOf(lines[first] ?? '');
  const isText = (lines[first] ?? '').trimStart().startsWith('|');
  let last = lastOfIndented(lines, first, column);
  for (;;) {
    let next = last + 1;
    while (next < lines.length && isBlank(lines[next])) next += 1;
    const line = lines[next];
    if (line === undefined || indentOf(line) !== column) return last;
    const text = line.trimStart();
    const goesOn = elseBegins.test(text) || (isText && text.startsWith('|'));
    if (!goesOn) return last;
    last = lastOfIndented(lines, next, column);
  }
}

/** The line whose text a line is, where that is no markup. */
function textOwner(lines: readonly string[], at: number): number | undefined {
  for (let index = 0; index <= at; index += 1) {
    const line = lines[index] ?? '';
    if (isBlank(line)) continue;
    const text = line.trimStart();
    const head = headLength(line);
    const isDot = head !== undefined && line.slice(head).trimEnd() === '.';
    if (!isDot && !textBegins.test(text)) continue;
    const last = lastOfIndented(lines, index, indentOf(line));
    const isIn = at > index && at <= last;
    if (isIn || (at === index && !isDot && textBegins.test(text))) return index;
    index = Math.max(index, Math.min(last, at));
  }
  return undefined;
}

/** The first of the lines of a text with bars. */
function firstOfText(lines: readonly string[], at: number): number {
  const line = lines[at] ?? '';
  if (!line.trimStart().startsWith('|')) return at;
  let first = at;
  while (
    first > 0 &&
    (lines[first - 1] ?? '').trimStart().startsWith('|') &&
    indentOf(lines[first - 1] ?? '') === indentOf(line)
  )
    first -= 1;
  return first;
}

/** How long tag and attributes of a line are; undefined where the attributes go on in the next line. */
function headLength(line: string): number | undefined {
  let at = line.length - line.trimStart().length;
  if (line.charAt(at) === '|' || line.charAt(at) === '<') return at + 1;
  while (/[\w#.:+-]/.test(line.charAt(at))) at += 1;
  // The dot of a text is none of a class.
  if (line.charAt(at - 1) === '.' && line.slice(at).trim() === '') at -= 1;
  if (line.charAt(at) !== '(') return at;
  let depth = 0;
  let quote = '';
  for (; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** In brackets that an earlier line opened. */
function isInAttributes(lines: readonly string[], at: number): boolean {
  for (let index = at - 1; index >= 0; index -= 1) {
    if (headLength(lines[index] ?? '') === undefined) return true;
    if (indentOf(lines[index] ?? '') < indentOf(lines[at] ?? '')) return false;
  }
  return false;
}

/** A gap that was made in a sentence. */
function isGap(line: string, column: number, head: number): boolean {
  const [before, after] = [line.slice(head, column), line.slice(column)];
  return (
    /[ \t]$/.test(before) && /^[ \t]/.test(after) && before.trim() !== '' && after.trim() !== ''
  );
}

/** The blank line itself, where the lines around it leave a place for that indentation. */
function blankLine(
  lines: readonly string[],
  at: number,
  column: number,
  offsetOf: (line: number, column: number) => number,
): ImagePlace | undefined {
  const line = lines[at] ?? '';
  if (line !== '') return undefined;
  const next = lines.slice(at + 1).find((each) => !isBlank(each));
  const before = lines.slice(0, at).findLast((each) => !isBlank(each));
  const like = next ?? before ?? '';
  const lead = like.slice(0, like.length - like.trimStart().length);
  return lead === '' ? undefined : { offset: offsetOf(at, column), lead, trail: '' };
}
