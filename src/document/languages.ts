import type { LanguageName } from './languageIds.ts';

/** How a path is written; `spelling.ts` has a function for each. */
export type PathSpelling =
  'asIs' | 'url' | 'asciidoc' | 'restructuredtext' | 'latex' | 'string' | 'typst' | 'org';

/** How words are written where they describe an image. */
export type AltSpelling =
  | 'none'
  | 'markdown'
  | 'mdx'
  | 'pandoc'
  | 'attribute'
  | 'attributeInBraces'
  | 'astro'
  | 'attributeAfterAt'
  | 'asciidoc'
  | 'plain'
  | 'string'
  | 'typst';

/** A family of forms in which links are recognized. */
export type LinkFamily =
  | 'markdown'
  | 'wiki'
  | 'tag'
  | 'css'
  | 'pug'
  | 'script'
  | 'import'
  | 'latex'
  | 'asciidoc'
  | 'restructuredtext'
  | 'typst'
  | 'org';

export interface Language {
  path: PathSpelling;
  alt: AltSpelling;
  /** What is inserted. */
  form: string;
  /** In a line that has other text, when that needs another form. */
  inlineForm?: string;
  /** Whether it is put behind such a line, as a paragraph of its own. */
  goesToLineEnd?: true;
  /** When there are no words. */
  formWithoutAlt?: string;
  links: readonly LinkFamily[];
}

const image = '![{alt}]({path})';
const tag = '<img src="{path}" alt="{alt}">';
const closedTag = '<img src="{path}" alt="{alt}" />';
const pugTag = 'img(src="{path}" alt="{alt}")';

const inMarkdown: readonly LinkFamily[] = ['markdown', 'wiki', 'tag', 'css', 'import'];
const inTags: readonly LinkFamily[] = ['markdown', 'tag', 'css', 'import'];
const inScripts: readonly LinkFamily[] = [...inTags, 'script'];

export const languages: Readonly<Record<LanguageName, Language>> = {
  markdown: { path: 'url', alt: 'markdown', form: image, links: inMarkdown },
  mdx: { path: 'url', alt: 'mdx', form: image, links: inMarkdown },
  pandoc: { path: 'url', alt: 'pandoc', form: image, links: inMarkdown },
  jinjaMarkdown: { path: 'url', alt: 'mdx', form: image, links: inMarkdown },
  html: { path: 'url', alt: 'attribute', form: tag, links: inTags },
  astro: { path: 'url', alt: 'astro', form: '<img src="{path}" alt={alt} />', links: inScripts },
  template: { path: 'url', alt: 'attributeInBraces', form: tag, links: inTags },
  atTemplate: { path: 'url', alt: 'attributeAfterAt', form: tag, links: inTags },
  pug: {
    path: 'url',
    alt: 'string',
    form: pugTag,
    inlineForm: `#[${pugTag}]`,
    links: ['pug', 'tag'],
  },
  jsx: { path: 'url', alt: 'attribute', form: closedTag, links: inScripts },
  // Only in a text that has JSX; in any other, and in its strings, it is the path.
  script: { path: 'asIs', alt: 'none', form: '{path}', links: inScripts },
  css: { path: 'url', alt: 'none', form: 'url("{path}")', links: inTags },
  latex: { path: 'latex', alt: 'none', form: '\\includegraphics{{path}}', links: ['latex'] },
  asciidoc: {
    path: 'asciidoc',
    alt: 'asciidoc',
    form: 'image::{path}[{alt}]',
    inlineForm: 'image:{path}[{alt}]',
    links: ['asciidoc', 'tag'],
  },
  restructuredtext: {
    path: 'restructuredtext',
    alt: 'plain',
    form: '.. image:: {path}\n   :alt: {alt}',
    goesToLineEnd: true,
    formWithoutAlt: '.. image:: {path}',
    links: ['restructuredtext'],
  },
  typst: {
    path: 'typst',
    alt: 'typst',
    form: '#image("{path}", alt: "{alt}")',
    formWithoutAlt: '#image("{path}")',
    links: ['typst'],
  },
  org: { path: 'org', alt: 'none', form: '[[file:{path}]]', links: ['org'] },
};
