import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { imageMarkup, type ImageLink } from '../../../src/document/imageMarkup.ts';
import { languageIds, type LanguageName } from '../../../src/document/languageIds.ts';
import { languages } from '../../../src/document/languages.ts';
import type { WrittenLink } from '../../../src/document/links/writtenLink.ts';
import { pathsOfLink } from '../../../src/document/linkTargets.ts';
import { parseTemplates, templateForm } from '../../../src/document/templates.ts';
import { createFuzz } from '../fuzz.ts';
import { readLinks } from './links/readLinks.ts';

const documentPath = '/site/docs/guide/page.x';
const folderPath = '/site';
const pieces = [
  ...['a', 'Red', '7', ' ', 'fox', '雪', '🦊', 'é', '%', '%41', '"', "'", '`', '(', ')', '[', ']'],
  ...['{', '}', '{{', '}}', '<', '>', '<b>', '#', '?', '&', '&amp;', '\\', '-', '--', '...', '_'],
  ...[
    '*',
    '~',
    '$',
    '${',
    '^',
    '|',
    '=',
    '+',
    ',',
    ';',
    ':',
    '://',
    '@',
    '!',
    '](',
    '//',
    'width=9',
  ],
];
/** LaTeX has no way to write a quotation mark. */
const unwritable: Partial<Record<LanguageName, RegExp>> = { latex: /"/ };
const oneLine = (words: string) => words.replace(/\s+/g, ' ').trim();

function samplesOf(
  language: LanguageName,
  seed: number,
  runs: number,
): (ImageLink & { file: string })[] {
  const { below, pick } = createFuzz(seed);
  const text = (most: number) =>
    Array.from({ length: 1 + below(most) }, () => pick(pieces)).join('');
  const nameOf = (): string => {
    const name = text(4).replaceAll('/', '').trim();
    return name === '' || /^\.+$/.test(name) || unwritable[language]?.test(name) ? nameOf() : name;
  };
  return Array.from({ length: runs }, () => {
    const folder = pick(['/site', '/site/docs', '/site/docs/guide']);
    const file = posix.join(folder, nameOf(), `${nameOf()}.${pick(['png', 'webp', 'JPG'])}`);
    const alt = below(6) === 0 ? '' : text(8);
    const path = posix.relative(posix.dirname(documentPath), file);
    return { file, path, alt, size: { width: 1 + below(4_000), height: 1 + below(4_000) } };
  });
}

function assertSame(
  link: WrittenLink | undefined,
  sample: ReturnType<typeof samplesOf>[number],
  language: LanguageName,
  text: string,
): void {
  const what = `${JSON.stringify(sample)} in ${text}: ${JSON.stringify(link)}`;
  assert.ok(link, what);
  const paths = pathsOfLink(link.target, { documentPath, folderPath });
  assert.ok(paths.includes(sample.file), what);
  const { alt } = languages[language];
  const hasWords = languages[language].form.includes('{alt}') && alt !== 'string';
  if (hasWords) assert.equal(oneLine(link.alt?.text ?? ''), oneLine(sample.alt), what);
  const { size = '' } = languages[language];
  const { width, height } = sample.size ?? assert.fail();
  if (size.includes('{width}')) assert.equal(link.width?.pixels, width, what);
  if (size.includes('{height}')) assert.equal(link.height?.pixels, height, what);
}

const surroundings: Partial<Record<LanguageName, [string, string]>> = {
  jsx: ['const a = <p>', '</p>;'],
  script: ["const a = '", "';"],
  css: ['a { background: ', ' }'],
};

describe('what is inserted', () => {
  for (const [seed, language] of (Object.keys(languageIds) as LanguageName[]).entries())
    it(`is read back in ${language}: target, words and size`, () => {
      const [before, after] = surroundings[language] ?? ['', ''];
      for (const sample of samplesOf(language, seed, 400)) {
        const text = before + imageMarkup(language, [sample], { before, after }) + after;
        const links = readLinks(text, language);
        assert.equal(links.length, 1, `${JSON.stringify(links)} in ${text}`);
        assertSame(links[0], sample, language, text);
      }
    });

  for (const [seed, language] of (Object.keys(languageIds) as LanguageName[]).entries())
    it(`is as many links as there are images in ${language}`, () => {
      const [before, after] = surroundings[language] ?? ['', ''];
      for (const place of language === 'script' || language === 'css'
        ? ['▌']
        : ['▌', 'words ▌ words', 'words\n\n  ▌\n']) {
        const [lead = '', trail = ''] = place.split('▌');
        const samples = samplesOf(language, 50 + seed, 3).map((each) => ({
          ...each,
          alt: 'words',
        }));
        const around = { before: before + lead, after: trail + after };
        const text = around.before + imageMarkup(language, samples, around) + around.after;
        const links = readLinks(text, language);
        assert.equal(links.length, samples.length, text);
        for (const [index, sample] of samples.entries())
          assertSame(links[index], sample, language, text);
      }
    });

  const byTemplate: [LanguageName, string][] = [
    ['markdown', '<img src="${link}" alt="${alt}" width="${width}" height="${height}">'],
    ['mdx', '<Image src="${link}" alt="${alt}" width={${width}} height={${height}} />'],
    ['html', '<figure><img src="${link}" alt="${alt}" width=${width} height=${height}></figure>'],
    ['template', "<img height='${height}' alt='${alt}' width='${width}' src='${link}'>"],
    ['jsx', '<Image src="${link}" alt="${alt}" width={${width}} height={${height}} />'],
    ['astro', '<Image src="${link}" alt="${alt}" width={${width}} height={${height}} />'],
    ['asciidoc', 'image::${link}[alt="${alt}",width=${width},height=${height}]'],
  ];
  for (const [seed, [language, text]] of byTemplate.entries())
    it(`is read back as ${text} in ${language}`, () => {
      const template = parseTemplates({ x: text }).byLanguage.get('x') ?? assert.fail();
      const [before, after] = surroundings[language] ?? ['', ''];
      for (const sample of samplesOf(language, 90 + seed, 300)) {
        const around = { before, after };
        const written =
          before + imageMarkup(language, [sample], around, templateForm(template)) + after;
        const links = readLinks(written, language);
        assert.equal(links.length, 1, written);
        const [link] = links;
        assertSame(link, sample, language, written);
        assert.equal(link?.width?.pixels, sample.size?.width);
        assert.equal(link?.height?.pixels, sample.size?.height);
      }
    });
});
