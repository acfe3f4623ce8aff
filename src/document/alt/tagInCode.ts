import { hasOpenCode } from '../blocks/tagPlace.ts';
import type { LanguageName } from '../languageIds.ts';
import { languages } from '../languages.ts';

/** Tags that a program of a page has in its strings, whose quotes end these. */

/** So much of a line tells whether a string is open. */
const reachChars = 2_000;

/** Whether a tag is a string of code, or stands in a program that goes on to the end of the text. */
export function isInCode(text: string, from: number, language: LanguageName): boolean {
  if (/["'`]/.test(text.charAt(from - 1))) return true;
  // In Markdown it is a word like others.
  return !languages[language].links.includes('frontMatter') && hasOpenCode(text, from);
}

/** Which quotes the line of a tag has before it: of a string that the tag may stand in. */
export function quotesBefore(text: string, from: number): readonly string[] {
  const lineFrom = text.lastIndexOf('\n', from - 1) + 1;
  const line = text.slice(Math.max(lineFrom, from - reachChars), from);
  return ['"', "'", '`'].filter((quote) => line.includes(quote));
}
