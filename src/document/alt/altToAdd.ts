import { indentOf } from '../blocks/textBlock.ts';
import type { LanguageName } from '../languageIds.ts';
import { languages } from '../languages.ts';
import type { WrittenLink } from '../links/writtenLink.ts';
import type { Replacement } from '../linksTo.ts';
import { spelledAlt } from '../spelling.ts';
import { isInCode, quotesBefore } from './tagInCode.ts';

/** Tags that show one image, and have words for it. An `image` of SVG, and a `picture`, have none. */
const isOfImage = /(?:img|image|picture)$/i;
const isOfNone = /^(?:image|picture)$/;
/** Of the tags that link to images in Pug, the one that has such words. */
const isOfImageInPug = /^(?:#\[)?img\b/;
const tagName = /^<([a-z][\w:.-]{0,100})/i;

/**
 * What to write so that a link without an alternative text has one.
 * @returns undefined where its form has no place for it
 */
export function altToAdd(
  text: string,
  link: WrittenLink,
  language: LanguageName,
  words: string,
): Replacement | undefined {
  const { family, whole, target, alt, isInString } = link;
  if (isInString) return undefined;
  const at = (begin: number, added: string): Replacement => ({ begin, end: begin, text: added });
  const behind = target.span[1];
  const rest = text.slice(behind, whole[1]);
  switch (family) {
    case 'markdown': {
      const spelling = languages[language].links.includes('wiki')
        ? languages[language].alt
        : 'markdown';
      return alt && { begin: alt.span[0], end: alt.span[1], text: spelledAlt[spelling](words) };
    }
    case 'tag': {
      const [opening = '', name = ''] = tagName.exec(text.slice(whole[0], whole[0] + 110)) ?? [];
      if (!isOfImage.test(name) || isOfNone.test(name)) return undefined;
      const value = valueInTag(text, link, language, words);
      if (value === undefined) return undefined;
      return at(whole[0] + opening.length, ` alt=${value}`);
    }
    case 'pug': {
      if (!isOfImageInPug.test(text.slice(whole[0], whole[0] + 10))) return undefined;
      const open = text.indexOf('(', whole[0]) + 1;
      return at(open, `alt="${spelledAlt.string(words)}", `);
    }
    case 'asciidoc': {
      const spelled = spelledAlt.asciidoc(words);
      if (alt) return { begin: alt.span[0], end: alt.span[1], text: spelled };
      const isNamed = !/[\],]/.test(text.charAt(behind + 1));
      return at(behind + 1, isNamed ? `${spelled},` : spelled);
    }
    case 'restructuredtext': {
      // One that is empty says that there are no words.
      if (/\n[ \t]{1,40}:alt:/.test(rest)) return undefined;
      const indent = indentOfOptions(text, whole[0], behind);
      return indent === undefined
        ? undefined
        : at(behind, `\n${indent}:alt: ${spelledAlt.plain(words)}`);
    }
    case 'typst':
      return rest.startsWith('"') && !/\balt[ \t]{0,20}:/.test(rest)
        ? at(behind + 1, `, alt: "${spelledAlt.typst(words)}"`)
        : undefined;
    default:
      return undefined;
  }
}

/** A string that the tag may stand in goes on: the quotes are those that the tag has already. */
function valueInTag(
  text: string,
  { whole: [from], target }: WrittenLink,
  language: LanguageName,
  words: string,
): string | undefined {
  if (isInCode(text, from, language)) return undefined;
  const quotes = quotesBefore(text, from);
  const [, escape = '', own = ''] =
    /(\\?)(["']?)$/.exec(text.slice(target.span[0] - 2, target.span[0])) ?? [];
  if (escape !== '' || (own === '' && quotes.includes('"'))) return undefined;
  if (own === "'" || quotes.some((quote) => quote !== '"'))
    return `${own || '"'}${spelledAlt.references(words)}${own || '"'}`;
  return language === 'astro' ? spelledAlt.astro(words) : `"${spelledAlt.attribute(words)}"`;
}

/**
 * The white space before the options of a directive: as its first option or what it contains has it.
 * @returns undefined where its target goes on in the next line
 */
function indentOfOptions(text: string, from: number, targetTo: number): string | undefined {
  const lineFrom = text.lastIndexOf('\n', from - 1) + 1;
  const before = text.slice(lineFrom, from).replace(/\S/g, ' ');
  let begin = text.indexOf('\n', targetTo) + 1;
  for (let isNext = true; begin > 0; isNext = false) {
    const end = text.indexOf('\n', begin);
    const line = text.slice(begin, end < 0 ? text.length : end);
    const content = line.trimStart();
    if (content !== '') {
      if (indentOf(line) <= indentOf(before)) break;
      const isRest = isNext && !content.startsWith(':');
      return isRest ? undefined : line.slice(0, line.length - content.length);
    }
    begin = end + 1;
  }
  return `${before}   `;
}
