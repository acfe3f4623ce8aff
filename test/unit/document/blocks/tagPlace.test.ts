import assert from 'node:assert/strict';
import { tagPlacesOf } from '../../../../src/document/blocks/tagPlaces.ts';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { parsers } from '../links/readLinks.ts';
import { tooSlow } from '../../../support/processorTime.ts';

function placed(language: LanguageName, marked: string, isBefore = false): string {
  const offset = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const place = tagPlacesOf(language, parsers).placeIn(text, offset, isBefore);
  if (!place) return `${text.slice(0, offset)}◆${text.slice(offset)}`;
  const { lead, trail } = place;
  return `${text.slice(0, place.offset)}${lead}◆${trail}${text.slice(place.offset)}`;
}

/** The cursor is at the bar, and the image at the diamond. */
const rows: [LanguageName, string, string][] = [
  ['html', '<p>One ¦sentence.</p>\n', '<p>One sentence.</p>\n◆\n'],
  ['html', '  <p>One <b>sen¦tence</b>.</p>\n', '  <p>One <b>sentence</b>.</p>\n  ◆\n'],
  ['html', '<P>One\n¦two</P><p>b</p>', '<P>One\ntwo</P>\n◆\n<p>b</p>'],
  ['html', '<p>One¦\r\n two.</p>\r\n', '<p>One\r\n two.</p>\r\n◆\r\n'],
  ['html', '<div><p>a¦</p></div>', '<div><p>a</p>\n◆\n</div>'],
  ['html', '<h1>On¦e</h1>\n<p>Two</p>', '<h1>One</h1>\n◆\n<p>Two</p>'],
  ['html', '<div>\n  One ¦two\n  three\n</div>', '<div>\n  One two\n  three\n  ◆\n</div>'],
  ['html', '<div>\none¦\ntwo\n</div>', '<div>\none\ntwo\n◆\n</div>'],
  ['html', '<div>\n  One¦\n  <p>b</p>\n</div>', '<div>\n  One\n  ◆\n  <p>b</p>\n</div>'],
  ['html', '<ul>\n  <li>On¦e</li>\n</ul>', '<ul>\n  <li>One\n    ◆\n  </li>\n</ul>'],
  ['html', '<ul>\n  <li>One ¦\n  <li>Two\n</ul>', '<ul>\n  <li>One \n    ◆\n  <li>Two\n</ul>'],
  ['html', '<p>One ¦two.\n<p>Next.', '<p>One two.\n  ◆\n<p>Next.'],
  ['html', '<div>\n  <p>a</p>¦\n</div>', '<div>\n  <p>a</p>\n  ◆\n</div>'],
  ['html', '<div>\n  ¦<p>a</p>\n</div>', '<div>\n  ◆\n  <p>a</p>\n</div>'],
  ['html', '<p>a</p>¦<p>b</p>', '<p>a</p>\n◆\n<p>b</p>'],
  ['html', '<div>\n¦\n</div>', '<div>\n  ◆\n</div>'],
  [
    'html',
    '<div>\n\t<p>a</p>\n¦\n\t<p>b</p>\n</div>',
    '<div>\n\t<p>a</p>\n\t◆\n\t<p>b</p>\n</div>',
  ],
  ['html', '<div>\n    ¦\n</div>', '<div>\n    ◆\n</div>'],
  ['html', '<p>a</p>\n¦\n<p>b</p>', '<p>a</p>\n◆\n<p>b</p>'],
  ['html', '<!-- a fox¦ -->\n<p>b</p>', '<!-- a fox -->\n◆\n<p>b</p>'],
  // In the line: what is empty, a gap, cells, and where white space or only text counts.
  ['html', '<p>¦</p>', '<p>◆</p>'],
  ['html', '<figure>¦</figure>', '<figure>◆</figure>'],
  ['html', '<p>Press ¦ to go on.</p>', '<p>Press ◆ to go on.</p>'],
  ['html', '<td>a¦b</td>', '<td>a◆b</td>'],
  ['html', '<pre>a¦b</pre>', '<pre>a◆b</pre>'],
  ['html', '<pre><p>a¦b</p></pre>', '<pre><p>a◆b</p></pre>'],
  ['html', '<button>a¦b</button>', '<button>a◆b</button>'],
  ['html', '<script>a¦b</script>', '<script>a◆b</script>'],
  ['html', '<style>a { b¦ }</style>', '<style>a { b◆ }</style>'],
  // No tag stands in another one.
  ['html', '<p title="a¦b">c</p>', '<p title="ab">c</p>\n◆'],
  ['html', '<div>\n  <img src="¦a.png">\n</div>', '<div>\n  <img src="a.png">\n  ◆\n</div>'],
  ['html', '<img ¦src="a.png">', '<img src="a.png">\n◆'],
  ['html', '<div>\n<ul¦>\n<li>a</li>\n</ul>\n</div>', '<div>\n<ul>\n<li>a</li>\n</ul>\n◆\n</div>'],
  [
    'html',
    '<div><pre><b i¦d="c">a</b></pre></div>',
    '<div><pre><b id="c">a</b></pre>\n  ◆\n</div>',
  ],
  ['html', '<img src="¦>\n<p class="a">b</p>', '<img src="◆>\n<p class="a">b</p>'],
  ['html', 'words ¦words', 'words ◆words'],
  ['html', '', '◆'],
  ['html', '<?php\necho "<p>a¦b</p>";', '<?php\necho "<p>a◆b</p>";'],
  ['html', '<p><?= $a¦ ?></p>', '<p><?= $a◆ ?></p>'],
  ['html', '<p>a { ¦b</p>', '<p>a { ◆b</p>'],
  [
    'html',
    '<template lang="pug">\np a¦b\n</template>',
    '<template lang="pug">\np a◆b\n</template>',
  ],
  [
    'html',
    '<template>\n  <p>{{ a }} ¦b</p>\n</template>',
    '<template>\n  <p>{{ a }} b</p>\n  ◆\n</template>',
  ],
  [
    'html',
    '<template>\n  <p>a <RouterLink to="/">b¦</RouterLink></p>\n</template>',
    '<template>\n  <p>a <RouterLink to="/">b</RouterLink></p>\n  ◆\n</template>',
  ],
  [
    'html',
    '<template>\n  <Card>a¦b</Card>\n</template>',
    '<template>\n  <Card>ab\n    ◆\n  </Card>\n</template>',
  ],
  ['template', '{#if x}\n  <p>a¦b</p>\n{/if}', '{#if x}\n  <p>ab</p>\n  ◆\n{/if}'],
  ['template', '<div>\n  a¦b\n  {#if x}\n</div>', '<div>\n  ab\n  ◆\n  {#if x}\n</div>'],
  ['template', '<div>a¦b {% if x %}c{% endif %}</div>', '<div>a◆b {% if x %}c{% endif %}</div>'],
  ['template', '<p>{{ a¦ }}</p>', '<p>{{ a◆ }}</p>'],
  ['atTemplate', '@if (x)\n{\n  <p>a¦b</p>\n}', '@if (x)\n{\n  <p>ab</p>\n  ◆\n}'],
  ['astro', '---\nconst a¦ = 1;\n---\n<p>b</p>', '---\nconst a◆ = 1;\n---\n<p>b</p>'],
  ['astro', '---\nlet a = "{";\n---\n<p>b¦c</p>', '---\nlet a = "{";\n---\n<p>bc</p>\n◆'],
  [
    'astro',
    '<ul>\n  {xs.map((x) => <p>{x} a¦b</p>)}\n</ul>',
    '<ul>\n  {xs.map((x) => <p>{x} ab\n    ◆\n  </p>)}\n</ul>',
  ],
  ['astro', '<p>{a ¦+ b}</p>', '<p>{a ◆+ b}</p>'],
  ['astro', '<div>a¦b {x && <p>c</p>} d</div>', '<div>ab {x && <p>c</p>} d\n  ◆\n</div>'],
  // A component returns one element alone.
  ['jsx', 'const a = <p>On¦e</p>;', 'const a = <p>One\n  ◆\n</p>;'],
  [
    'jsx',
    'return (\n  <main>\n    <p>One ¦{name}.</p>\n  </main>\n);',
    'return (\n  <main>\n    <p>One {name}.</p>\n    ◆\n  </main>\n);',
  ],
  [
    'jsx',
    'return (\n  <>\n    On¦e {x && <p>two</p>} three\n  </>\n);',
    'return (\n  <>\n    One {x && <p>two</p>} three\n    ◆\n  </>\n);',
  ],
  [
    'jsx',
    '<ul>\n  {xs.map((x) => (\n    <li>a¦b</li>\n  ))}\n</ul>',
    '<ul>\n  {xs.map((x) => (\n    <li>ab\n      ◆\n    </li>\n  ))}\n</ul>',
  ],
  ['jsx', '<div>\n¦\n</div>', '<div>\n  ◆\n</div>'],
  ['jsx', '<div>{a ¦&& b}</div>', '<div>{a ◆&& b}</div>'],
  ['jsx', '<p title="a¦b">c</p>', '<p title="a◆b">c</p>'],
  ['jsx', "const a = '¦';", "const a = '◆';"],
  ['script', 'const a = 1;¦\n', 'const a = 1;◆\n'],
];

describe('where an image stands between tags', () => {
  for (const [language, marked, wanted] of rows.filter(([, marked]) => marked !== ''))
    it(`${language}: ${JSON.stringify(marked)}`, () => {
      assert.equal(placed(language, marked), wanted);
    });

  it('is before the block whose line was blank when it was ordered', () => {
    assert.equal(placed('html', '<div>\n  ¦a b\n</div>', true), '<div>\n  ◆\n  a b\n</div>');
    assert.equal(placed('html', '<p>a</p>\n¦<p>b</p>', true), '<p>a</p>\n◆\n<p>b</p>');
  });

  const many = 2_000;
  const hostile: [string, begin: string, end: string][] = [
    ['end tags of nothing that is open', '<b>', '</i>'],
    ['comments in one line', '<!-- -->', '<!-- -->'],
    ['components in one line', '<A />', '<A />'],
    ['cells around a tag', '<table><td>', '</td></table>'],
    ['buttons around a tag', '<button>', '</button>'],
  ];
  for (const [name, begin, end] of hostile)
    for (const cursor of ['', '<b id="a">'])
      it(`is found at once among ${name}, ${cursor === '' ? 'between' : 'in'} tags`, () => {
        const places = tagPlacesOf('html', parsers);
        const read = (count: number) => {
          const before = `<div>${begin.repeat(count)}`;
          const text = before + cursor + end.repeat(count);
          places.placeIn(text, before.length + Math.min(3, cursor.length), false);
        };
        assert.equal(tooSlow(read, many, 100), undefined);
      });
});
