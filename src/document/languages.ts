import type { LanguageName } from './languageIds.ts';

/** How a path is written; `spelling.ts` has a function for each. */
export type PathSpelling =
  'asIs' | 'url' | 'asciidoc' | 'restructuredtext' | 'latex' | 'string' | 'typst' | 'org';

/** How words are written where they describe an image, or stand beside it by a template. */
export type AltSpelling =
  | 'markdown'
  | 'mdx'
  | 'pandoc'
  | 'attribute'
  | 'astro'
  | 'asciidoc'
  | 'plain'
  | 'string'
  | 'typst'
  | 'css'
  | 'latex'
  | 'references';

/** A family of forms in which links are recognized. */
export type LinkFamily =
  | 'markdown'
  | 'frontMatter'
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
  /** What is inserted: `{path}`, `{alt}`, and `{size}`, which is nothing where the size is not known. */
  form: string;
  /** How `{width}` and `{height}` are written, in pixels. */
  size?: string;
  /** In a line that has other text, when that needs another form. */
  inlineForm?: string;
  /** Whether it is put behind such a line, as a paragraph of its own. */
  goesToLineEnd?: true;
  /** When there are no words. */
  formWithoutAlt?: string;
  /** What stands between several images; a line break where it is missing. */
  between?: string;
  /** In a line that has other text, when that needs something else. */
  betweenInLine?: string;
  /** What several images stand in, a line each, where a place takes one thing alone. */
  group?: readonly [begin: string, end: string];
  /** What several images stand in where a place takes blocks, each in a figure. */
  gallery?: readonly [begin: string, end: string];
  /** The attribute for the files of one image; such a language has `<picture>` too. */
  srcset?: 'srcset' | 'srcSet';
  links: readonly LinkFamily[];
}

/** Each is a paragraph of its own, but in a line. */
const paragraphs = { between: '\n\n', betweenInLine: ' ' };
const image = '![{alt}]({path})';
const tag = '<img src="{path}" alt="{alt}"{size}>';
const closedTag = '<img src="{path}" alt="{alt}"{size} />';
const pugTag = 'img(src="{path}" alt="{alt}"{size})';
const attributes = ' width="{width}" height="{height}"';
/** What pages have: a style sheet makes rows of it. */
const ofPages = {
  gallery: ['<div class="gallery">', '</div>'],
  srcset: 'srcset',
} as const;

const inMarkdown: readonly LinkFamily[] = [
  'markdown',
  'frontMatter',
  'wiki',
  'tag',
  'css',
  'import',
];
const inTags: readonly LinkFamily[] = ['markdown', 'tag', 'css', 'import'];
const inScripts: readonly LinkFamily[] = [...inTags, 'script'];

export const languages: Readonly<Record<LanguageName, Language>> = {
  markdown: { path: 'url', alt: 'markdown', form: image, ...paragraphs, links: inMarkdown },
  mdx: { path: 'url', alt: 'mdx', form: image, ...paragraphs, links: inMarkdown },
  pandoc: { path: 'url', alt: 'pandoc', form: image, ...paragraphs, links: inMarkdown },
  jinjaMarkdown: { path: 'url', alt: 'mdx', form: image, ...paragraphs, links: inMarkdown },
  html: { path: 'url', alt: 'attribute', form: tag, size: attributes, ...ofPages, links: inTags },
  astro: {
    path: 'url',
    alt: 'astro',
    form: '<img src="{path}" alt={alt}{size} />',
    size: attributes,
    ...ofPages,
    links: inScripts,
  },
  template: {
    path: 'url',
    alt: 'attribute',
    form: tag,
    size: attributes,
    ...ofPages,
    links: inTags,
  },
  atTemplate: {
    path: 'url',
    alt: 'attribute',
    form: tag,
    size: attributes,
    ...ofPages,
    links: inTags,
  },
  pug: {
    path: 'url',
    alt: 'string',
    form: pugTag,
    inlineForm: `#[${pugTag}]`,
    size: attributes,
    betweenInLine: ' ',
    links: ['pug', 'tag'],
  },
  jsx: {
    path: 'url',
    alt: 'attribute',
    form: closedTag,
    size: ' width={{width}} height={{height}}',
    group: ['<>', '</>'],
    gallery: ['<div className="gallery">', '</div>'],
    srcset: 'srcSet',
    links: inScripts,
  },
  // Only in a text that has JSX; in any other, and in its strings, it is the path.
  script: { path: 'asIs', alt: 'string', form: '{path}', links: inScripts },
  css: { path: 'url', alt: 'css', form: 'url("{path}")', between: ', ', links: inTags },
  latex: {
    path: 'latex',
    alt: 'latex',
    form: '\\includegraphics{{path}}',
    betweenInLine: ' ',
    links: ['latex'],
  },
  asciidoc: {
    path: 'asciidoc',
    alt: 'asciidoc',
    form: 'image::{path}[{alt}{size}]',
    inlineForm: 'image:{path}[{alt}{size}]',
    size: ',{width},{height}',
    betweenInLine: ' ',
    links: ['asciidoc', 'tag'],
  },
  restructuredtext: {
    path: 'restructuredtext',
    alt: 'plain',
    form: '.. image:: {path}\n   :alt: {alt}{size}',
    // The height follows; with both, a narrow column would distort it.
    size: '\n   :width: {width}px',
    goesToLineEnd: true,
    formWithoutAlt: '.. image:: {path}{size}',
    links: ['restructuredtext'],
  },
  // An image without a size fits its column, and one of so many pixels does not.
  typst: {
    path: 'typst',
    alt: 'typst',
    form: '#image("{path}", alt: "{alt}")',
    formWithoutAlt: '#image("{path}")',
    betweenInLine: ' ',
    links: ['typst'],
  },
  org: { path: 'org', alt: 'plain', form: '[[file:{path}]]', ...paragraphs, links: ['org'] },
};
