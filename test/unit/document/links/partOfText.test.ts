import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { partOfText } from '../../../../src/document/links/partOfText.ts';
import { createFuzz } from '../../fuzz.ts';
import { readLinks } from './readLinks.ts';

/** What a text says at its head or end, words between, and a part whose links depend on it. */
interface Sample {
  what: string;
  language: LanguageName;
  head?: string;
  /** Repeated until the text is long. */
  filler: string;
  count?: number;
  part: string;
  tail?: string;
  targets: string[];
}

const samples: readonly Sample[] = [
  {
    what: 'the folder of images',
    language: 'asciidoc',
    head: ':imagesdir: old\n:imagesdir: img\n',
    filler: 'Words about birds.\n\n',
    part: 'image::a.png[A wren]\n',
    targets: ['a.png in img'],
  },
  {
    what: 'the folders of images',
    language: 'latex',
    head: '\\graphicspath{{img/}{more/}}\n',
    filler: 'Words about birds.\n\n',
    part: '\\includegraphics{a}\n',
    targets: ['a in img/,more/'],
  },
  {
    what: 'the base of a page',
    language: 'html',
    head: '<head><BASE href="pages/start.html"></head>\n',
    filler: '<p>Words about birds.</p>\n',
    part: '<img src="a.png" srcset="b.png 2x"><img src="/c.png">\n',
    targets: ['pages/a.png pages/b.png', '/c.png'],
  },
  {
    what: 'a style sheet that was opened before',
    language: 'html',
    head: '<style>\n',
    filler: 'p { color: red; }\n',
    part: 'b { background: url(a.png) }\n',
    tail: '</style>\n',
    targets: ['a.png'],
  },
  {
    what: 'a comment that was opened before',
    language: 'html',
    head: '<!-- old:\n',
    filler: '<p>Words about birds.</p>\n',
    part: '<img src="a.png">\n',
    tail: '-->\n',
    targets: [],
  },
  {
    what: 'a script that was opened before',
    language: 'html',
    head: '<script type="module">\n',
    filler: 'words("birds");\n',
    part: 'const html = 1 < 2; import a from "./a.png";\n',
    tail: '</script>\n',
    targets: ['./a.png'],
  },
  {
    what: 'a comment that was opened before',
    language: 'css',
    head: '/* old:\n',
    filler: 'p { color: red; }\n',
    part: 'b { background: url(a.png) }\n',
    tail: '*/\n',
    targets: [],
  },
  {
    what: 'a definition at the end',
    language: 'markdown',
    filler: 'Words about birds.\n\n',
    part: '![A wren][Wren] ![Robin]\n',
    tail: '[wren]: a.png "A title"\n[robin]: b.png\n[other]: c.png\n',
    targets: ['a.png', 'b.png'],
  },
  {
    what: 'an image of a definition',
    language: 'markdown',
    head: '![A wren][wren]\n\n',
    filler: 'Words about birds.\n\n',
    part: '[wren]: a.png\n',
    targets: ['a.png'],
  },
  {
    what: 'code that was opened before',
    language: 'markdown',
    head: '~~~ js\n```\n',
    filler: 'Words about birds.\n\n',
    part: '![A wren](a.png)\n',
    tail: '~~~\n',
    targets: [],
  },
  {
    what: 'code that was closed before',
    language: 'mdx',
    head: '````\n```\n````\n',
    filler: 'Words about birds.\n\n',
    part: '---\n![A wren](a.png)\n\n---\n',
    targets: ['a.png'],
  },
  {
    what: 'the script that a page begins with',
    language: 'astro',
    head: '---\n',
    filler: `${'words("birds"); '.repeat(5)}\n`,
    count: 200,
    part: 'import a from "./a.png";\n',
    tail: '---\n<img src="b.png">\n',
    targets: ['./a.png'],
  },
];

function written(links: ReturnType<typeof readLinks>): string[] {
  return links.map(({ target, candidates }) =>
    [
      [target, ...candidates.map((each) => each.target)].map((each) => each.target).join(' '),
      ...(target.folders?.length ? [`in ${target.folders.join(',')}`] : []),
    ].join(' '),
  );
}

describe('a part of a long text', () => {
  for (const {
    what,
    language,
    head = '',
    filler,
    count = 300,
    part,
    tail = '',
    targets,
  } of samples)
    it(`knows ${what}, in ${language}`, () => {
      const before = head + filler.repeat(count);
      const text = `${before}${part}${filler.repeat(count)}${tail}`;
      const from = before.length - filler.length * 3;
      const to = before.length + part.length + filler.length * 3;
      const cut = partOfText(text, [from, to], language);
      assert.ok(cut.text.length < 2_000, 'the part is not short');
      const links = cut.inWhole(readLinks(cut.text, language));
      assert.deepEqual(written(links), targets);
      const whole = readLinks(text, language).filter(
        (link) => link.whole[0] >= from && link.whole[1] <= to,
      );
      assert.deepEqual(links, whole);
    });

  it('has its links where the whole has them, wherever it is cut', () => {
    const fuzz = createFuzz(11);
    const parts = [
      'words ',
      '\n\n',
      '![a](b.png)',
      '![c][d] ',
      '\n[d]: e.png\n',
      '\n```\n',
      '<img src="f.png">',
    ];
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: 80 }, () => fuzz.pick(parts)).join('');
      const starts = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
      const from = fuzz.pick(starts.length > 0 ? starts : [0]);
      const { text: cut, inWhole } = partOfText(text, [from, from + fuzz.below(400)], 'markdown');
      for (const { target, alt } of inWhole(readLinks(cut, 'markdown'))) {
        assert.equal(text.slice(...target.span), target.written, JSON.stringify(text));
        if (alt) assert.equal(text.slice(...alt.span), alt.text, JSON.stringify(text));
      }
    }
  });

  it('takes no time in a text made to be slow', () => {
    const hostile: [LanguageName, string][] = [
      ['markdown', '[a]: b\n'.repeat(140_000)],
      ['markdown', `${'[a'.repeat(400_000)}]:`],
      ['markdown', ']:'.repeat(500_000)],
      ['markdown', '```\n~~~\n'.repeat(125_000)],
      ['asciidoc', 'x:imagesdir:'.repeat(80_000)],
      ['html', '<base '.repeat(160_000)],
      ['html', '<!-- <style <script '.repeat(50_000)],
    ];
    for (const [language, text] of hostile) {
      const middle = 500_000;
      const cut = partOfText(`${text}\n![a][b]`, [middle, middle + 8_000], language);
      assert.ok(cut.text.length < 500_000, `${language}: ${String(cut.text.length)}`);
    }
  });
});
