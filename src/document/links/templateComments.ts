import type { LanguageName } from '../languageIds.ts';
import type { Span } from './writtenLink.ts';

type Comment = readonly [opening: RegExp, closing: RegExp];

/** As Liquid, Django and Markdoc have it. */
const block: Comment = [
  /\{%[-~+]?\s{0,20}comment\b[^%\n]{0,200}%\}/y,
  /\{%[-~+]?\s{0,20}endcomment\s{0,20}[-~+]?%\}/g,
];
/** Comments that may hold other expressions, whose ends do not end them. */
const inPages: readonly Comment[] = [
  block,
  [/\{\{~?!?--/y, /--~?\}\}/g],
  [/<%!?--/y, /--%>/g],
  [/<#--/y, /-->/g],
  [/@\*/y, /\*@/g],
];
const inMarkdown: Readonly<Partial<Record<LanguageName, readonly Comment[]>>> = {
  mdx: [[/\{\s{0,100}\/\*/y, /\*\/(?:\s{0,100}\})?/g]],
  markdown: [block],
  pandoc: [block],
  jinjaMarkdown: [block, [/\{#/y, /#\}/g]],
};

/**
 * Where a comment ends that is opened at an index, or undefined where none is or nothing ends it.
 * @param unclosed what is known to end nothing in the rest of the text
 */
export function endOfComment(
  text: string,
  index: number,
  unclosed: Set<string>,
  comments = inPages,
): number | undefined {
  for (const [opening, closing] of comments) {
    opening.lastIndex = index;
    if (unclosed.has(closing.source) || !opening.test(text)) continue;
    closing.lastIndex = opening.lastIndex;
    if (closing.test(text)) return closing.lastIndex;
    unclosed.add(closing.source);
  }
  return undefined;
}

/** The comments of a text in Markdown that its own parser does not know. */
export function commentsOfMarkdown(text: string, language: LanguageName): Span[] {
  const comments = inMarkdown[language] ?? [];
  const spans: Span[] = [];
  const unclosed = new Set<string>();
  for (let index = text.indexOf('{'); index >= 0; index = text.indexOf('{', index)) {
    const end = endOfComment(text, index, unclosed, comments);
    if (end !== undefined) spans.push([beginOfComment(text, index, end), end]);
    index = end ?? index + 1;
  }
  return spans;
}

/** The brace stays where an expression goes on behind a comment in it. */
function beginOfComment(text: string, index: number, end: number): number {
  return text.startsWith('*/', end - 2) ? text.indexOf('/*', index) : index;
}
