import type { LanguageName } from '../languageIds.ts';
import type { PlaceInTags } from '../linkPlace.ts';
import { frontMatterEnd } from '../links/frontMatter.ts';
import type { Parsers } from '../links/linksOf.ts';
import { maskExpressions } from '../links/maskExpressions.ts';
import { doAll } from '../links/steps.ts';
import { partsOfScript, withDepth } from './markupParts.ts';
import { tagPlace } from './tagPlace.ts';

/** Languages of pages and components, and those whose tags stand in scripts. */
const ofPages: ReadonlySet<LanguageName> = new Set(['html', 'astro', 'template', 'atTemplate']);
const ofScripts: ReadonlySet<LanguageName> = new Set(['jsx', 'script']);

export function hasTagPlaces(language: LanguageName | undefined): boolean {
  return language !== undefined && (ofPages.has(language) || ofScripts.has(language));
}

/** What finds the place of an image in the texts of a language. @param parsers those of the language */
export function placeInTags(language: LanguageName, parsers: Parsers): PlaceInTags {
  return (text, offset, isBefore) => {
    if (ofScripts.has(language)) {
      const markup = partsOfScript(text, doAll(parsers.parseScript(text, true)), offset);
      return markup && tagPlace(text, text, offset, markup, isBefore);
    }
    // A script, not a page.
    const begin = language === 'astro' ? frontMatterEnd(text) : 0;
    if (!ofPages.has(language) || offset < begin) return undefined;
    const masked = ' '.repeat(begin) + maskExpressions(text.slice(begin));
    const markup = withDepth(masked, doAll(parsers.readMarkup(masked)), offset);
    return markup && tagPlace(text, masked, offset, markup, isBefore);
  };
}
