import type { LanguageName } from '../languageIds.ts';
import { languages } from '../languages.ts';
import type { WrittenLink } from '../links/writtenLink.ts';
import type { Replacement } from '../linksTo.ts';
import { spelledAlt } from '../spelling.ts';

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
      const value =
        language === 'astro' ? spelledAlt.astro(words) : `"${spelledAlt.attribute(words)}"`;
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
      const lineFrom = text.lastIndexOf('\n', whole[0] - 1) + 1;
      const [indent = ''] = /^\s*/.exec(text.slice(lineFrom, whole[0])) ?? [];
      return at(behind, `\n${indent}   :alt: ${spelledAlt.plain(words)}`);
    }
    case 'typst':
      return rest.startsWith('"') && !/\balt[ \t]{0,20}:/.test(rest)
        ? at(behind + 1, `, alt: "${spelledAlt.typst(words)}"`)
        : undefined;
    default:
      return undefined;
  }
}
