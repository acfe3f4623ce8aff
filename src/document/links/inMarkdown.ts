import type { LanguageName } from '../languageIds.ts';

/** Languages in Markdown, with what else stands in them. */
export const inMarkdown: ReadonlySet<LanguageName> = new Set([
  'markdown',
  'mdx',
  'pandoc',
  'jinjaMarkdown',
]);
