import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { linksOf, type Parsers } from '../../../../src/document/links/linksOf.ts';
import { readCssTokens } from '../../../../src/document/links/parsers/cssTokenizer.ts';
import { readMarkup, readTags } from '../../../../src/document/links/parsers/htmlTokenizer.ts';
import { parseMarkdown } from '../../../../src/document/links/parsers/markdownParser.ts';
import { parseScript } from '../../../../src/document/links/parsers/scriptParser.ts';
import { doAll } from '../../../../src/document/links/steps.ts';
import type { WrittenLink } from '../../../../src/document/links/writtenLink.ts';

export const parsers: Parsers = { readCssTokens, readMarkup, readTags, parseMarkdown, parseScript };

export function readLinks(text: string, language: LanguageName): WrittenLink[] {
  return doAll(linksOf(text, language, parsers));
}
