import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { linkAtOffset } from '../../../../src/document/links/linkAtOffset.ts';
import { linksOf, type Parsers } from '../../../../src/document/links/linksOf.ts';
import { readCssTokens } from '../../../../src/document/links/parsers/cssTokenizer.ts';
import { readMarkup, readTags } from '../../../../src/document/links/parsers/htmlTokenizer.ts';
import { parseMarkdown } from '../../../../src/document/links/parsers/markdownParser.ts';
import { parseScript } from '../../../../src/document/links/parsers/scriptParser.ts';
import { doAll } from '../../../../src/document/links/steps.ts';
import type { WrittenLink, WrittenTarget } from '../../../../src/document/links/writtenLink.ts';

export const parsers: Parsers = { readCssTokens, readMarkup, readTags, parseMarkdown, parseScript };

export function readLinks(text: string, language: LanguageName): WrittenLink[] {
  return doAll(linksOf(text, language, parsers));
}

/** What the link at an offset of a document leads to. */
export function targetAt(
  text: string,
  offset: number,
  language: LanguageName,
): WrittenTarget | undefined {
  return linkAtOffset(readLinks(text, language), offset)?.target;
}
