import type { Steps } from './steps.ts';
import type { Span, WrittenLink } from './writtenLink.ts';

/** Longer than links are, and short enough that many of them are read in no time. */
export const reachChars = 4_000;

const startsOfStep = 100;

/** Where a form begins, and what reads the link from there. */
export type Form = readonly [
  beginning: RegExp,
  read: (text: string, start: RegExpExecArray) => WrittenLink | undefined,
];

/**
 * The links of a language that no parser is kept for.
 * @param plain the text with blanks for its code and comments; of the same length
 */
export function* linksOfForms(
  text: string,
  plain: string,
  forms: readonly Form[],
): Steps<WrittenLink[]> {
  const links: WrittenLink[] = [];
  let count = 0;
  for (const [beginning, read] of forms) {
    let end = 0;
    for (const start of plain.matchAll(beginning)) {
      if ((count += 1) % startsOfStep === 0) yield;
      if (start.index < end) continue;
      const link = read(text, start);
      if (!link) continue;
      end = link.whole[1];
      links.push(link);
    }
  }
  return links;
}

/** A span without the white space at its ends. */
export function trimmedSpan(text: string, [from, to]: Span): Span {
  const written = text.slice(from, to);
  const begin = from + written.length - written.trimStart().length;
  return [begin, begin + written.trim().length];
}

export interface Part {
  span: Span;
  text: string;
}

/**
 * The parts of a list between commas; those in quotes and brackets part nothing.
 * @param from where the list begins in its document
 * @param quotes the signs that quote in its language
 */
export function listParts(list: string, from: number, quotes = '"'): Part[] {
  const parts: Part[] = [];
  let begin = 0;
  let depth = 0;
  let quote = '';
  const end = (index: number): void => {
    const text = list.slice(begin, index);
    parts.push({ span: [from + begin, from + index], text });
    begin = index + 1;
  };
  for (let index = 0; index < list.length; index += 1) {
    const char = list.charAt(index);
    if (char === '\\') index += 1;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (quotes.includes(char)) quote = char;
    else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if (char === ',' && depth <= 0) end(index);
  }
  end(list.length);
  return parts;
}
