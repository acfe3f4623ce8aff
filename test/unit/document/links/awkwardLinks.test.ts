import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { eligibilityOf } from '../../../../src/document/links/missingImage.ts';
import { readLinks } from './readLinks.ts';

const place = { documentPath: '/site/docs/a.md', folderPath: '/site' };

/** What is written, and where its images would be made; or why they would not. */
const samples: readonly [LanguageName, string, string[]][] = [
  ['markdown', '# T\r\n\r\n![a](b.png)\r\n', ['/site/docs/b.png']],
  ['markdown', '😀😀 ![a😀](b.png) 😀', ['/site/docs/b.png']],
  ['markdown', '-\t![a](b.png)', ['/site/docs/b.png']],
  ['markdown', '\t![a](b.png)', []],
  ['markdown', '\u202e![a\u202c](b.png)', ['/site/docs/b.png']],
  ['markdown', '![a](b.png)![c](d.png)', ['/site/docs/b.png', '/site/docs/d.png']],
  [
    'markdown',
    '| a | b |\n|---|---|\n| ![x\\|y](b.png) | ![[c.png\\|30]] |\n',
    ['/site/docs/b.png', '/site/docs/c.png'],
  ],
  [
    'markdown',
    '> > - ![a](b.png)\n>   more ![c](<d e.png>)\n',
    ['/site/docs/b.png', '/site/docs/d e.png'],
  ],
  [
    'markdown',
    'Text[^1]\n\n[^1]: See ![a](b.png)\n    ![c](d.png)\n',
    ['/site/docs/b.png', '/site/docs/d.png'],
  ],
  ['markdown', '<td>\n\n![a](b.png)\n\n</td>', ['/site/docs/b.png']],
  ['markdown', '![a](C:\\img\\b.png) ![a](C:/img/b.png)', ['elsewhere', 'elsewhere']],
  ['markdown', '![a](\\\\server\\share\\b.png) ![a](//server/b.png)', ['elsewhere', 'elsewhere']],
  ['markdown', '![a](%2F%2Fserver/b.png) ![a](%5C%5Cserver/b.png)', ['elsewhere', 'elsewhere']],
  ['markdown', '![a](img%2Fb.png) ![a](%2Fb.png)', ['/site/docs/img/b.png', '/site/b.png']],
  ['markdown', '![a](..%2F..%2F..%2Fb.png)', ['/b.png']],
  ['markdown', '![a](b.png?v=1#x)', ['/site/docs/b.png']],
  ['markdown', '![a](b%ZZ%.png) ![a](b%FF.png)', ['/site/docs/b%ZZ%.png', '/site/docs/b%FF.png']],
  ['markdown', '![a](b%00.png) ![a](b%0A.png)', ['elsewhere', 'noExtension']],
  ['markdown', `![a](${'x'.repeat(251)}.png)`, ['nameTooLong']],
  ['markdown', `![a](${encodeURI('雪'.repeat(80))}.png)`, ['nameTooLong']],
  ['markdown', '![e](.png) ![f](a/.png)', ['noExtension', 'noExtension']],
  ['markdown', '![a](b.PNG) ![a](B.png)', ['/site/docs/b.PNG', '/site/docs/B.png']],
  [
    'markdown',
    '![a](b&amp;c.png) ![a](b\\(1\\).png)',
    ['/site/docs/b&c.png', '/site/docs/b(1).png'],
  ],
  ['markdown', '`![a](b.png)` \\![e](f.png) <!-- ![c](d.png) -->', []],
  ['html', '<img\r\n  alt=""\r\n  src="d.png"\r\n>', ['/site/docs/d.png']],
  ['html', '<img src="a%20b.png?x=1&amp;y=2#z">', ['/site/docs/a b.png']],
  ['html', '<base href="//cdn/x/"><img src="a.png">', ['elsewhere']],
  ['jsx', 'import e from "./f.png?url";', ['/site/docs/f.png']],
  ['script', "const e = new URL('./f.webp?w=300#x', import.meta.url);", ['/site/docs/f.webp']],
  ['jsx', 'const f = g + ".png"; const h = `${g}/.webp`;', []],
  ['restructuredtext', '.. image:: a.png\r\n   :alt: b\r\n', ['/site/docs/a.png']],
];

describe('awkward links', () => {
  for (const [language, text, expected] of samples)
    it(`lead where a reader would say: ${JSON.stringify(text.slice(0, 60))} in ${language}`, () => {
      const links = readLinks(text, language);
      for (const { target } of links)
        assert.equal(text.slice(...target.span), target.written, 'its place in the text');
      const places = links.map((link) => eligibilityOf(link, place));
      assert.deepEqual(
        places.map((found) => ('reason' in found ? found.reason : found.path)),
        expected,
      );
    });

  it('have the words and the size of an embedded image, whatever blanks are around them', () => {
    const [link] = readLinks('![[ dir/x y.png | A wren |30x20 ]]', 'markdown');
    assert.equal(link?.target.target, 'dir/x y.png');
    assert.equal(link.alt?.text, 'A wren');
    assert.deepEqual([link.width?.pixels, link.height?.pixels], [30, 20]);
  });
});
