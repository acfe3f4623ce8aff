import {
  foundLink,
  withoutBackslashes,
  type FoundLink,
  type LinkForm,
  type Near,
} from './linkText.ts';

/** What stands in the brackets of a tag: strings whole, so that a bracket in them closes nothing. */
const inBrackets = /^(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[^)"'])*\)/;
const source =
  /(?:^|[\s,(])(?:src|srcset|href|poster)\s*!?=\s*(?:"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)')/;

export const pugForms: readonly LinkForm[] = [
  [/(?:#\[)?\b(?:img|source|image|video|link)[\w.#-]{0,100}\(/g, tag],
];

/** `img(src="target" alt="…")` */
function tag(
  { text, cursor }: Near,
  { index, 0: opening }: RegExpExecArray,
): FoundLink | undefined {
  const from = index + opening.length;
  const [inside] = inBrackets.exec(text.slice(from)) ?? [];
  // `#[img()]` stands in a line of text.
  const closes = opening.startsWith('#[') ? ']'.length : 0;
  if (inside === undefined || cursor > from + inside.length + closes) return undefined;
  const [, double, single = double] = source.exec(inside) ?? [];
  return foundLink(single && withoutBackslashes(single), /^\W*im/.test(opening));
}
