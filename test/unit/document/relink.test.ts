import { strict as assert } from 'node:assert';
import { posix } from 'node:path';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import { languages } from '../../../src/document/languages.ts';
import { relink, withReplacements } from '../../../src/document/linksTo.ts';
import type { WrittenLink } from '../../../src/document/links/writtenLink.ts';
import { spelledPath } from '../../../src/document/spelling.ts';
import { createFuzz, type Fuzz } from '../fuzz.ts';
import { readLinks } from './links/readLinks.ts';
import { fileOfLink, readingOf } from './twoFiles.ts';

const rounds = 60;
const documentPath = '/site/docs/guide/text';
const names = ['hero.png', 'a b.png', 'réd 狐.png', 'it’s (2).png', 'a&b.png', "o'neil.png"];
const plainNames = ['new.png', 'new 1.png', 'neu-é.png'];
/** What some processor reads as something else: it is left, or led rightly. */
const oddNames = [
  'new (1).png',
  'a]b.png',
  "it's #2.png",
  '100%.png',
  'a"b.png',
  '{a}.png',
  '-- x.png',
];
const folders = ['/site/docs/guide', '/site/docs/img', '/site/images', '/site', '/other/place'];

/** How an image is linked in each language, beside what Insert writes. */
const forms: Readonly<Record<LanguageName, readonly string[]>> = {
  markdown: ['![a]({path})', '![a](<{raw}> "t")', '<img src="{path}" alt="b">', '[x]: {path}'],
  mdx: ['![a]({path})', '<img src="{path}" alt="b" />'],
  pandoc: ['![a]({path}){width=3}', '![a]({path} "t")'],
  jinjaMarkdown: ['![a]({path})', '<img src="{path}">'],
  html: [
    '<img src="{path}">',
    '<img src=x.png srcset="y.png 1x, {path} 2x">',
    "<img alt=a src='{path}'>",
  ],
  astro: ['<img src="{path}" alt="a" />', '<Image src="{path}" />'],
  template: ['<img src="{path}" alt="{{ a }}">', '<img srcset="{path} 2x">'],
  atTemplate: ['<img src="{path}" alt="@a">'],
  pug: ['img(src="{path}" alt="a")'],
  jsx: ['<img src="{path}" alt="a" />;', 'import a from "{raw}";', 'const b = `{raw}`;'],
  script: ['import a from "{raw}";', 'load("{raw}");'],
  css: ['a { background: url("{path}") }', 'b { background: url({path}) }'],
  latex: ['\\includegraphics[width=1cm]{{path}}', '\\includegraphics{{path}}'],
  asciidoc: ['image::{path}[a]', 'In a line image:{path}[a, 30]'],
  restructuredtext: ['.. image:: {path}\n   :alt: a', '.. figure:: {path}'],
  typst: ['#image("{path}", alt: "a")', '#image("{path}")'],
  org: ['[[file:{path}]]', '[[./{path}][a]]'],
};
const between: Readonly<Partial<Record<LanguageName, string>>> = {
  script: '// hero.png\n',
  css: '/* hero.png */\n',
  jsx: '// a b.png\n',
  pug: 'p hero.png\n',
};

const spansOf = (links: readonly WrittenLink[]) =>
  links.flatMap(({ target, candidates }) => [target, ...candidates.map((each) => each.target)]);

function documentOf(fuzz: Fuzz, language: LanguageName, paths: readonly string[]): string {
  const spelled = spelledPath[languages[language].path];
  const noise = between[language] ?? 'Words of hero.png and *more* of it.\n';
  const blocks = Array.from({ length: 2 + fuzz.below(5) }, () => {
    const path = posix.relative(posix.dirname(documentPath), fuzz.pick(paths));
    const form = fuzz.pick(forms[language]);
    const words = fuzz.below(2) === 0 ? `\n${noise}` : '';
    return `${form.replace('{path}', () => spelled(path)).replace('{raw}', () => path)}\n${words}`;
  });
  return blocks.join('\n');
}

describe('a text of any language whose links lead to another image', () => {
  for (const [index, language] of (Object.keys(forms) as LanguageName[]).entries())
    it(`is changed nowhere else, and leads there from all of them, in ${language}`, async () => {
      const fuzz = createFuzz(index + 1);
      let changed = 0;
      for (let round = 0; round < rounds; round += 1) {
        const isPlain = round % 2 === 0;
        const oldPath = posix.join(fuzz.pick(folders), fuzz.pick(names));
        const newName = fuzz.pick(isPlain ? plainNames : oddNames);
        const isBeside = fuzz.below(3) === 0;
        const newPath = posix.join(isBeside ? posix.dirname(oldPath) : fuzz.pick(folders), newName);
        const files = { oldPath, newPath, documentPath };
        const others = names.map((name) => posix.join(fuzz.pick(folders), name));
        const text = documentOf(fuzz, language, [oldPath, oldPath, ...others]);
        const link = posix.relative(posix.dirname(documentPath), newPath);
        const reading = readingOf(language, files);
        const { replacements, left } = await relink(text, language, { ...files, link }, reading);
        const result = withReplacements(text, replacements);
        const said = JSON.stringify({ text, result, oldPath, newPath });
        const before = spansOf(readLinks(text, language));
        const after = spansOf(readLinks(result, language));
        assert.equal(after.length, before.length, said);
        const begins = new Set(replacements.map(({ begin }) => begin));
        for (const [at, target] of before.entries()) {
          const now = after[at];
          const isReplaced = begins.has(target.span[0]);
          assert.equal(isReplaced && now ? fileOfLink(now, files) : newPath, newPath, said);
          if (!isReplaced) assert.equal(now?.written, target.written, said);
          const isLeft = left.includes(target.span[0]);
          const isOld = fileOfLink(target, files) === oldPath;
          assert.equal(isReplaced || isLeft, isOld && oldPath !== newPath, said);
        }
        const cut = (whole: string, spans: typeof before) =>
          withReplacements(whole, [
            ...new Map(
              spans.map(({ span: [begin, end] }) => [begin, { begin, end, text: '' }]),
            ).values(),
          ]);
        assert.equal(cut(result, after), cut(text, before), said);
        if (isPlain && language !== 'latex') assert.deepEqual(left, [], said);
        changed += replacements.length;
      }
      assert.ok(changed > rounds / 2, String(changed));
    });
});
