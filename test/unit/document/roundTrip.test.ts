import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { imageMarkup } from '../../../src/document/imageMarkup.ts';
import { languageIds, languageOf, type LanguageName } from '../../../src/document/languageIds.ts';
import { pathsOfLink } from '../../../src/document/linkTargets.ts';
import { createFuzz } from '../fuzz.ts';
import * as parsers from './languageParsers.ts';
import type { ReadLanguage } from './languageParsers.ts';
import { targetAt } from './links/readLinks.ts';

const documentPath = '/site/docs/guide/page.x';
const folderPath = '/site';
const runs = 150;

const pieces = [
  ...[
    'a',
    'B',
    '1',
    'fox',
    'red',
    'width',
    'amp',
    ' ',
    '  ',
    '红',
    '狐狸',
    '🦊',
    'é',
    'e\u0301',
    '\u3000',
  ],
  ...[
    '%',
    '%41',
    '%zz',
    '%25',
    '"',
    "'",
    '`',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '{{',
    '}}',
    '{%',
    '%}',
  ],
  ...[
    '{#',
    '<',
    '>',
    '<%',
    '%>',
    '<b>',
    '</',
    '#',
    '?',
    '&',
    '&amp;',
    '&#65;',
    '\\',
    '\\\\',
    '-',
    '--',
  ],
  ...[
    '->',
    '...',
    '_',
    '__',
    '*',
    '**',
    '~',
    '~~',
    '$',
    '$$',
    '^',
    '|',
    '||',
    '=',
    '==',
    '+',
    ',',
    ';',
  ],
  ...[
    ';;',
    ':',
    '::',
    '://',
    '@',
    '@if',
    '!',
    '![',
    '](',
    '(C)',
    '(TM)',
    '((',
    '//',
    '/*',
    '${',
    '#{',
  ],
  ...[
    '{nbsp}',
    'image:',
    'pass:[',
    'https://a.b',
    'me@b.c',
    '\\n',
    '\n',
    '\t',
    "it's",
    'a_b_c',
    '..',
  ],
];

interface Sample {
  file: string;
  path: string;
  alt: string;
}

/** Names that a POSIX system allows, and words in any order. */
function samplesOf(seed: number, isName: (name: string) => boolean): Sample[] {
  const { below, pick } = createFuzz(seed);
  const text = (length: number) => Array.from({ length }, () => pick(pieces)).join('');
  const nameOf = (length: number) => {
    for (;;) {
      const name = text(length).replaceAll('/', '').replaceAll('\n', '');
      if (name !== '' && name !== '.' && name !== '..' && isName(name)) return name;
    }
  };
  return Array.from({ length: runs }, () => {
    const folders = Array.from({ length: below(3) }, () => nameOf(1 + below(2)));
    const base = pick(['/site', '/site/docs', '/site/docs/guide', '/site/docs/guide']);
    const file = posix.join(
      base,
      ...folders,
      `${nameOf(1 + below(5))}.${pick(['png', 'JPG', 'webp'])}`,
    );
    const path = posix.relative(posix.dirname(documentPath), file);
    return { file, path, alt: below(8) === 0 ? '' : text(1 + below(9)) };
  });
}

const inOneLine = (words: string) => words.replace(/\s+/g, ' ').trim();

/** The file that a browser would ask for. */
function fileOfUrl(target: string): string {
  const { pathname, hostname, search, hash } = new URL(target, `http://here${documentPath}`);
  assert.equal(hostname + search + hash, 'here', target);
  return decodeURIComponent(pathname);
}

/** Where the markup stands, with the cursor at the sign. */
const contexts: Partial<Record<LanguageName, string[]>> = {
  markdown: ['▌', 'words ▌ words', '- a\n  ▌', '| a | b |\n| - | - |\n| c | ▌ |\n', '> ▌'],
  mdx: ['▌', 'words ▌ words', '<p>\n  ▌\n</p>'],
  asciidoc: ['▌', 'words ▌ words', '* item ▌', '|===\n| a | ▌\n|==='],
  restructuredtext: ['▌', 'words▌\nwords', 'words ▌'],
  jsx: ['const a = ▌;', 'const a = <p>words ▌ words</p>;'],
  pug: ['p\n  ▌', 'p words ▌ words'],
};

const readers: [LanguageName, string, ReadLanguage][] = [
  ['markdown', 'markdown-it', parsers.readMarkdown],
  ['pandoc', 'markdown-it', parsers.readMarkdown],
  ['mdx', 'micromark', parsers.readMdx],
  ['jinjaMarkdown', 'liquidjs', parsers.readLiquidMarkdown],
  ['html', 'parse5', parsers.readHtml],
  ['html', 'liquidjs', parsers.readLiquid],
  ['html', '@vue/compiler-dom', parsers.readVue],
  ['template', 'svelte', parsers.readSvelte],
  ['template', 'handlebars', parsers.readHandlebars],
  ['template', 'liquidjs', parsers.readLiquid],
  ['atTemplate', 'parse5', parsers.readHtml],
  ['astro', '@astrojs/compiler', parsers.readAstro],
  ['jsx', '@babel/parser', parsers.readJsx],
  ['css', 'postcss', parsers.readCss],
  ['css', 'postcss-scss', parsers.readScss],
  ['css', 'postcss-less', parsers.readLess],
  ['asciidoc', 'asciidoctor', parsers.readAsciidoc],
  ['pug', 'pug', parsers.readPug],
];

describe('an inserted link', () => {
  for (const [index, [language, parser, read]] of readers.entries())
    it(`leads to the file, and gives the words back, in ${language} as ${parser} reads it`, async function () {
      this.timeout(60_000);
      for (const { file, path, alt } of samplesOf(index, () => true))
        for (const context of contexts[language] ?? ['▌']) {
          const [before = '', after = ''] = context.split('▌');
          const markup = imageMarkup(language, [{ path, alt }], { before, after });
          const image = await read(before + markup + after);
          const what = `${JSON.stringify({ file, alt })} in ${before}${markup}${after}`;
          assert.equal(fileOfUrl(image.target ?? assert.fail(what)), file, what);
          // Asciidoctor describes an image without words by its name.
          const isDescribed =
            image.alt !== undefined && (language !== 'asciidoc' || inOneLine(alt));
          if (isDescribed) assert.equal(inOneLine(image.alt ?? ''), inOneLine(alt), what);
        }
    });

  it('is the path in a string of a script', () => {
    for (const { path, alt } of samplesOf(100, () => true))
      for (const quote of ['"', "'", '`']) {
        const around = { before: `show(${quote}`, after: `${quote});` };
        for (const language of ['script', 'jsx'] as const) {
          const markup = imageMarkup(language, [{ path, alt }], around);
          assert.equal(posix.normalize(parsers.readString(quote + markup + quote)), path);
        }
      }
  });

  for (const language of Object.keys(languageIds) as LanguageName[])
    it(`is seen again in ${language}`, () => {
      // LaTeX has no way to write these, and reStructuredText leaves out white space but a space.
      const unwritable: Partial<Record<LanguageName, RegExp>> = {
        latex: /["\t]/,
        restructuredtext: /[\t\u3000]/,
      };
      const isName = (name: string) => !unwritable[language]?.test(name);
      for (const { file, path, alt } of samplesOf(200, isName))
        for (const context of contexts[language] ?? ['▌', 'words ▌ words']) {
          const [before = '', after = ''] = context.split('▌');
          const isScript = language === 'script';
          const around = isScript
            ? { before: `${before}'`, after: `'${after}` }
            : { before, after };
          const markup = imageMarkup(language, [{ path, alt }], around);
          const text = around.before + markup + around.after;
          const begin = around.before.length + markup.search(/\S/);
          for (const cursor of [begin, begin + 5, begin + markup.trim().length]) {
            const link = targetAt(text, cursor, language);
            const what = `${JSON.stringify({ file, alt })} at ${String(cursor)} of ${text}`;
            const paths = pathsOfLink(link ?? assert.fail(what), { documentPath, folderPath });
            assert.ok(paths.includes(file), `${what}: ${JSON.stringify([link, paths])}`);
          }
        }
    });
});

describe('a folder that a document names for its images', () => {
  const place = { documentPath, folderPath };
  const pathAt = (text: string, language: LanguageName) => {
    const link = targetAt(text, text.length - 9, language);
    return pathsOfLink(link ?? assert.fail(text), place)[0];
  };

  it('is where links of AsciiDoc start from', async () => {
    for (const folder of ['images', '../img/', './a b', '..', '.']) {
      const before = `= Title\n:imagesdir: wrong\n:imagesdir: ${folder}\n\n`;
      for (const { file, path, alt } of samplesOf(300, () => true).slice(0, 30)) {
        const around = { before, after: '', documentPath };
        const markup = imageMarkup('asciidoc', [{ path, alt }], around);
        const { target } = await parsers.readAsciidoc(before + markup);
        assert.equal(fileOfUrl(target ?? ''), file, before + markup);
        const link = targetAt(before + markup, before.length + 3, 'asciidoc');
        assert.ok(pathsOfLink(link ?? assert.fail(markup), place).includes(file), markup);
      }
    }
  });

  it('is left out of a link where it is an address, from the root, or made of attributes', async () => {
    for (const folder of ['https://a.b/img', 'https://a.b/img/', '{docdir}/img', '/img']) {
      const before = `:imagesdir: ${folder}\n\n`;
      const written = (alt: string, size?: { width: number; height: number }) => {
        const link = { path: 'a b.png', alt, ...(size && { size }) };
        return imageMarkup('asciidoc', [link], { before, after: '', documentPath });
      };
      assert.equal(written(''), 'image::a b.png[imagesdir=.]');
      assert.equal(written('a fox'), 'image::a b.png[a fox,imagesdir=.]');
      assert.equal(written('', { width: 3, height: 2 }), 'image::a b.png[,3,2,imagesdir=.]');
      for (const { file, path, alt } of samplesOf(310, () => true).slice(0, 30)) {
        const around = { before, after: '', documentPath };
        const markup = imageMarkup('asciidoc', [{ path, alt }], around);
        const image = await parsers.readAsciidoc(before + markup);
        assert.equal(fileOfUrl(image.target ?? ''), file, before + markup);
        if (inOneLine(alt) !== '') assert.equal(inOneLine(image.alt ?? ''), inOneLine(alt), markup);
        const link = targetAt(before + markup, before.length + 3, 'asciidoc');
        assert.ok(pathsOfLink(link ?? assert.fail(markup), place).includes(file), markup);
      }
    }
    const none = { before: ':imagesdir:\n\n', after: '', documentPath };
    assert.equal(imageMarkup('asciidoc', [{ path: 'a.png', alt: '' }], none), 'image::a.png[]');
  });

  it('is where links of AsciiDoc lead, also where that is no folder beside it', () => {
    const targetIn = (folder: string, link: string) => {
      const text = `:imagesdir: ${folder}\n\nimage::${link}[]\n`;
      return targetAt(text, text.indexOf('image::') + 8, 'asciidoc')?.target;
    };
    assert.equal(targetIn('https://a.b/img', 'fox.png'), 'https://a.b/img/fox.png');
    assert.equal(targetIn('https://a.b/img/', '../fox.png'), 'https://a.b/img/../fox.png');
    assert.equal(targetIn('/img', 'fox.png'), '/img/fox.png');
    assert.equal(targetIn('https://a.b', 'https://c.d/fox.png'), 'https://c.d/fox.png');
    assert.equal(targetIn('https://a.b', '/fox.png'), '/fox.png');
  });

  it('is searched by LaTeX', () => {
    const text = '\\graphicspath{{img/}{../figures/}}\n\\includegraphics{hero.png}';
    assert.equal(pathAt(text, 'latex'), '/site/docs/guide/img/hero.png');
    const { folders } = targetAt(text, text.length - 3, 'latex') ?? assert.fail();
    assert.deepEqual(folders, ['img/', '../figures/']);
  });
});

describe('the language of a text', () => {
  it('is told by its id, or by its name where no extension knows it', () => {
    const languages: [string, string, LanguageName | undefined][] = [
      ['markdown', '/a/b.md', 'markdown'],
      ['prompt', '/a/b.prompt.md', 'markdown'],
      ['plaintext', '/a/b.astro', 'astro'],
      ['plaintext', '/a/b.typ', 'typst'],
      ['plaintext', '/a/b.qmd', 'pandoc'],
      ['plaintext', '/a/b.Rmd', 'pandoc'],
      ['plaintext', '/a/b.html.twig', 'template'],
      ['php', '/a/b.blade.php', 'atTemplate'],
      ['php', '/a/b.php', 'html'],
      ['ruby', '/a/b.html.erb', 'template'],
      ['html', '/a/b.ejs', 'template'],
      ['plaintext', '/a/b.txt', undefined],
      ['python', '/a/b.py', undefined],
      ['plaintext', '/a/erb', undefined],
    ];
    for (const [id, path, name] of languages) assert.equal(languageOf(id, path), name, path);
  });
});
