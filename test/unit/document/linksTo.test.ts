import assert from 'node:assert/strict';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import { imageLinkAt } from '../../../src/document/linkAt.ts';
import { pathOfLink } from '../../../src/document/linkTargets.ts';
import { isNamedIn, namesOf, replacementAt } from '../../../src/document/linksTo.ts';

/** The text after all its links to one file lead to another. */
function replaced(
  language: LanguageName,
  text: string,
  oldPath: string,
  newPath: string,
  folder = '/site/docs',
): string {
  const file = { oldPath, newPath, folder };
  const found = namesOf(text, language, oldPath).flatMap(
    (at) => replacementAt(text, language, at, file, { imageLinkAt, pathOfLink }) ?? [],
  );
  const byBegin = new Map(found.map((each) => [each.begin, each]));
  return [...byBegin.values()]
    .toSorted((one, other) => other.begin - one.begin)
    .reduce((result, { begin, end, text: written }) => {
      return result.slice(0, begin) + written + result.slice(end);
    }, text);
}

const beside: [LanguageName, string, string][] = [
  ['markdown', '![a](../img/hero.png)', '![a](../img/hero.edit.png)'],
  ['markdown', '![a](<../img/hero.png> "t")', '![a](<../img/hero.edit.png> "t")'],
  ['markdown', '![hero.png](../img/hero.png?v=2)', '![hero.png](../img/hero.edit.png?v=2)'],
  ['markdown', '![a][h]\n\n[h]: ../img/hero.png', '![a][h]\n\n[h]: ../img/hero.edit.png'],
  ['markdown', '![[hero.png|300]]', '![[hero.edit.png|300]]'],
  ['markdown', 'See hero.png and `hero.png`.', 'See hero.png and `hero.png`.'],
  [
    'markdown',
    '<img src="/img/hero.png"> ![b](/img/hero.png)',
    '<img src="/img/hero.edit.png"> ![b](/img/hero.edit.png)',
  ],
  [
    'html',
    '<img srcset="../img/a.png 1x, ../img/hero.png 2x">',
    '<img srcset="../img/a.png 1x, ../img/hero.edit.png 2x">',
  ],
  ['html', "<img src='../img/hero.png'>", "<img src='../img/hero.edit.png'>"],
  ['css', 'a { background: url(../img/hero.png) }', 'a { background: url(../img/hero.edit.png) }'],
  ['jsx', "import hero from '../img/hero.png';", "import hero from '../img/hero.edit.png';"],
  ['asciidoc', 'image::../img/hero.png[Hero]', 'image::../img/hero.edit.png[Hero]'],
  [
    'restructuredtext',
    '.. image:: ../img/hero.png\n   :alt: a',
    '.. image:: ../img/hero.edit.png\n   :alt: a',
  ],
  [
    'latex',
    '\\includegraphics[width=1cm]{../img/hero}',
    '\\includegraphics[width=1cm]{../img/hero.edit.png}',
  ],
  ['typst', '#image("../img/hero.png")', '#image("../img/hero.edit.png")'],
  ['org', '[[file:../img/hero.png]]', '[[file:../img/hero.edit.png]]'],
];

describe('links that lead to another image', () => {
  for (const [language, before, after] of beside)
    it(`are ${JSON.stringify(after)} in ${language}`, () => {
      assert.equal(
        replaced(language, before, '/site/img/hero.png', '/site/img/hero.edit.png'),
        after,
      );
    });

  it('are spelled as each was spelled', () => {
    const text = '![a](../my%20img/r%C3%A9d%20fox.png) ![b](<../my img/réd fox.png>)';
    assert.equal(
      replaced('markdown', text, '/site/my img/réd fox.png', '/site/my img/réd fox.edit.png'),
      '![a](../my%20img/r%C3%A9d%20fox.edit.png) ![b](<../my img/réd fox.edit.png>)',
    );
  });

  it('start from where they started when the image lies elsewhere', () => {
    const moved = (text: string) =>
      replaced('markdown', text, '/site/img/hero.png', '/site/images/new one.png');
    assert.equal(moved('![a](../img/hero.png)'), '![a](../images/new%20one.png)');
    assert.equal(moved('![a](/img/hero.png)'), '![a](/images/new%20one.png)');
    const own = replaced('markdown', '![a](./a.png)', '/site/docs/a.png', '/site/docs/b/c.png');
    assert.equal(own, '![a](./b/c.png)');
  });

  it('are found in a long text, and there are not endlessly many', () => {
    const many = (count: number) => '![](hero.png)\n'.repeat(count);
    assert.equal(namesOf(many(2_000), 'markdown', '/site/hero.png').length, 2_000);
    assert.equal(namesOf(many(6_000), 'markdown', '/site/hero.png').length, 5_000);
  });

  it('are found however often a short name is a part of words', () => {
    const words = 'a banana.png, a data-a.png and an a in a sentence\n'.repeat(2_000);
    for (const [language, marked] of [
      ['markdown', '![](¦a.png)'],
      ['markdown', '![](img%2F¦a.png)'],
      ['html', '<img src=¦a.png>'],
      ['latex', '\\includegraphics{¦a}'],
      ['latex', '\\includegraphics{"img/¦a"}'],
      ['latex', '\\includegraphics{img/¦a.png}'],
    ] as const) {
      const names = namesOf(words + marked.replace('¦', ''), language, '/site/a.png');
      assert.deepEqual(names, [words.length + marked.indexOf('¦')], marked);
    }
  });

  it('are not looked for in a text that has only a part of the name', () => {
    for (const text of ['a banana.png', 'a fox', '![](aa.png)'])
      assert.equal(isNamedIn(text, '/site/a.png'), false, text);
  });

  const foreign: [string, string][] = [
    ['\\includegraphics{a\\string\\#b.png}', 'a#b.png'],
    ['\\includegraphics{../img/a\\string\\#b}', 'a#b.png'],
    ['image::hero%5F.png[]', 'hero_.png'],
    ['.. image:: a\\ b.png', 'a b.png'],
    ['![](a%20b.png)', 'a b.png'],
  ];
  for (const [text, name] of foreign)
    it(`are looked for in a text that writes ${name} in its own way: ${text}`, () => {
      assert.equal(isNamedIn(text, `/site/${name}`), true);
    });
});
