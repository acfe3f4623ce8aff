import type { LanguageName } from '../languageIds.ts';
import type { TagPlaces } from '../linkPlace.ts';
import { frontMatterEnd } from '../links/frontMatter.ts';
import type { Parsers } from '../links/linksOf.ts';
import { maskExpressions } from '../links/maskExpressions.ts';
import { doAll } from '../links/steps.ts';
import { elementsAround, partsOfScript, withDepth, type Markup } from './markupParts.ts';
import { partAt, tagPlace, takeBlocks, takesBlocks } from './tagPlace.ts';

/** Languages of pages and components, and those whose tags stand in scripts. */
const ofPages: ReadonlySet<LanguageName> = new Set(['html', 'astro', 'template', 'atTemplate']);
const ofScripts: ReadonlySet<LanguageName> = new Set(['jsx', 'script']);

export function hasTagPlaces(language: LanguageName | undefined): boolean {
  return language !== undefined && (ofPages.has(language) || ofScripts.has(language));
}

/** Whether a text is a page or a part of one, whose links a `<base>` may move. */
export function isPage(language: LanguageName | undefined): boolean {
  return language !== undefined && ofPages.has(language);
}

/** What is known of the places of a text by its tags. @param parsers those of the language */
export function tagPlacesOf(language: LanguageName, parsers: Parsers): TagPlaces {
  return {
    placeIn(text, offset, isBefore) {
      const read = markupAt(language, parsers, text, offset);
      return read && tagPlace(text, read.masked, offset, read.markup, isBefore);
    },
    partAt(text, offset) {
      const read = ofPages.has(language) ? markupAt(language, parsers, text, offset) : undefined;
      return read && partAt(text, offset, read.markup);
    },
    takesBlocks(text, offset) {
      const read = markupAt(language, parsers, text, offset);
      if (read) return takesBlocks(text, read.masked, offset, read.markup);
      if (!ofScripts.has(language)) return false;
      // In the code of a script there is one element, whatever that is.
      return takeBlocks(elementsAround(text, doAll(parsers.parseScript(text, true)), offset));
    },
  };
}

function markupAt(
  language: LanguageName,
  parsers: Parsers,
  text: string,
  offset: number,
): { masked: string; markup: Markup } | undefined {
  if (ofScripts.has(language)) {
    const markup = partsOfScript(text, doAll(parsers.parseScript(text, true)), offset);
    return markup && { masked: text, markup };
  }
  // A script, not a page.
  const begin = language === 'astro' ? frontMatterEnd(text) : 0;
  if (!ofPages.has(language) || offset < begin) return undefined;
  const masked = ' '.repeat(begin) + maskExpressions(text.slice(begin));
  const markup = withDepth(masked, doAll(parsers.readMarkup(masked)), offset);
  return markup && { masked, markup };
}
