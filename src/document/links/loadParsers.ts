import type { LanguageName } from '../languageIds.ts';
import type { Parsers } from './linksOf.ts';

/** What reads pages, which stand in most languages. */
const ofPages = { readTags: true, readCssTokens: true } as const;
const needs: Readonly<Record<LanguageName, Partial<Record<keyof Parsers, true>>>> = {
  markdown: { parseMarkdown: true, ...ofPages },
  mdx: { parseMarkdown: true, parseScript: true, ...ofPages },
  pandoc: { parseMarkdown: true, ...ofPages },
  jinjaMarkdown: { parseMarkdown: true, ...ofPages },
  html: ofPages,
  template: ofPages,
  atTemplate: ofPages,
  astro: { parseScript: true, ...ofPages },
  jsx: { parseScript: true, ...ofPages },
  script: { parseScript: true, ...ofPages },
  css: { readCssTokens: true },
  asciidoc: ofPages,
  pug: {},
  latex: {},
  restructuredtext: {},
  typst: {},
  org: {},
};

/** Loads what reads a document of a language; a parser that it does not need stays on the disk. */
export async function loadParsers(language: LanguageName, text: string): Promise<Parsers> {
  const needed = needs[language];
  const hasScript =
    needed.parseScript === true || (needed.readTags === true && /<script/i.test(text));
  const [tags, css, script, markdown] = await Promise.all([
    needed.readTags && import('./parsers/htmlTokenizer.ts'),
    needed.readCssTokens && import('./parsers/cssTokenizer.ts'),
    hasScript ? import('./parsers/scriptParser.ts') : undefined,
    needed.parseMarkdown && import('./parsers/markdownParser.ts'),
  ]);
  return {
    readTags: tags?.readTags ?? notLoaded,
    readMarkup: tags?.readMarkup ?? notLoaded,
    readCssTokens: css?.readCssTokens ?? notLoaded,
    parseScript: script?.parseScript ?? notLoaded,
    parseMarkdown: markdown?.parseMarkdown ?? notLoaded,
  };
}

function notLoaded(): never {
  throw new Error('A parser is used that the language does not name');
}
