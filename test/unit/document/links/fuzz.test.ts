import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { linksOf } from '../../../../src/document/links/linksOf.ts';
import { createFuzz, type Fuzz } from '../../fuzz.ts';
import { parsers } from './readLinks.ts';

const mutations = 10_000;
const limitMs = 100;

/** What documents of a family are made of; a mutation takes pieces away, repeats and cuts them. */
const seeds: readonly [LanguageName, readonly string[]][] = [
  [
    'markdown',
    [
      ...[
        '---\ncover: a.png\nalt: "b"\n---\n',
        '# Title\n\n',
        '![a *b*](c.png "d")',
        '![a][b]',
        '[b]: c.png\n',
      ],
      ...[
        '\n\n',
        '> ',
        '- ',
        '    ',
        '| a | b |\n|---|---|\n',
        '![[a.png|30]]',
        '[^1]: ',
        '<img src="a.png" alt="b">',
      ],
      ...[
        '```js\n',
        '`',
        '<!-- ',
        ' -->',
        '![a](b.png =3x4)',
        '{width=3}',
        '<style>a{b:url(c.png)}</style>',
        '{{ a }}',
      ],
    ],
  ],
  [
    'mdx',
    [
      ...[
        'import a from "./a.png";\n',
        '\n\n',
        '<Image src={a} alt="b" />',
        '{a > b}',
        '![a](b.png)',
        '```\n',
        '- ',
      ],
      ...[
        'export const b = "c";\n',
        '<A>\n',
        '</A>\n',
        '# b\n',
        '{`',
        '<img src={require("./c.png")} />',
      ],
    ],
  ],
  [
    'html',
    [
      ...[
        '<img src="a.png" alt="b&amp;c" width=3>',
        '<source srcset="a.png 1x, b.png 2x">',
        '<!-- ',
        ' -->',
        '<p>',
      ],
      ...[
        '<style>',
        '</style>',
        'a{b:url("c.png")}',
        '<script>',
        '</script>',
        'import a from "./b.png";',
        '{{ a("b") }}',
      ],
      ...[
        '<?php a() ?>',
        '<div style="background:url(a.png)">',
        '<img :src="a" :alt="\'b\'">',
        '<![CDATA[',
        ']]>',
        '"',
        '&#x1F98A;',
      ],
    ],
  ],
  [
    'template',
    [
      ...[
        '<script>import a from "$lib/a.png";</script>',
        '{#if a}',
        '{/if}',
        '<img {src} alt={a > b ? "}" : `${c}`}>',
      ],
      ...[
        '<enhanced:img src="./a.png" />',
        '{@html a}',
        '<img src="{a}/b.png">',
        '{% static "a.png" %}',
        '<%= a %>',
        '{',
      ],
    ],
  ],
  [
    'astro',
    [
      ...[
        '---\n',
        'import a from "../a.png";\n',
        '<Image src={a} alt={"b"} />',
        '{a && <img src="/c.png"/>}',
        '`',
        '{',
      ],
      ...['<style>a{b:url(c.png)}</style>', '<!-- ', ' -->', '</A>'],
    ],
  ],
  [
    'jsx',
    [
      ...[
        'import a from "./a.png";\n',
        'const b = ',
        '<A.B src={a} alt="b" {...c}>',
        '</A.B>',
        '<img src="a.png" />',
        '{',
      ],
      ...[
        '}',
        '(',
        ')',
        '`a ${b} c.png`',
        'css`b:url(c.png)`',
        '"a.png"',
        "'b\\'.png'",
        '=> ',
        '<T,>',
        '/* ',
        ' */',
        '// a\n',
        ';\n',
      ],
    ],
  ],
  [
    'css',
    [
      ...[
        '.a {',
        '}',
        ' background: url(a.png);',
        'url("b\\".png")',
        'image-set("a.png" 1x, url(b.png) 2x)',
        ' width: 3px;',
      ],
      ...[
        '/* ',
        ' */',
        "// it's\n",
        '@include a($b);',
        '#{$a}',
        '"',
        "'",
        '(',
        ')',
        '@media (a:b) {',
      ],
    ],
  ],
  [
    'asciidoc',
    [
      ':imagesdir: a\n',
      'image::a.png[b,3,4]\n',
      'image:a.png[alt="b, c"]',
      '// ',
      '[',
      ']',
      '"',
      ',',
      '\n\n',
      '<img src="a.png">',
    ],
  ],
  [
    'restructuredtext',
    [
      '.. image:: a.png\n',
      '   :alt: b\n',
      '   :width: 3px\n',
      '.. |a| image:: b\\ c.png\n',
      '.. figure:: ',
      '\n\n',
      ':',
      '\\',
    ],
  ],
  [
    'latex',
    [
      '\\graphicspath{{a/}}\n',
      '\\includegraphics[width=3cm,alt={b}]{c}',
      '\\caption{a}',
      '\\end{figure}\n',
      '{',
      '}',
      '[',
      ']',
      '%',
      '\\string#',
      '\\detokenize{a_b}',
    ],
  ],
  [
    'typst',
    [
      '#image("a.png", width: 3%, alt: "b")',
      '#figure(',
      ', caption: [a])',
      '"',
      '(',
      ')',
      '\\u{1F98A}',
      '// ',
      '\n',
    ],
  ],
  ['org', ['#+CAPTION: a\n', '[[file:a.png]]', '[[./b.png][c]]', '[[', ']]', '[', ']', '\\', '\n']],
  [
    'pug',
    [
      'img(src="a.png" alt=\'b\')',
      'p #[img(src=a, width=3)]',
      '(',
      ')',
      '"',
      "'",
      '\n  ',
      '//- ',
      '`',
    ],
  ],
];
const strange = [
  '\u0000',
  '\ud83e',
  '\udd8a',
  '🦊',
  '\r\n',
  '\u2028',
  '\ue000',
  '\t',
  '%41',
  '\\',
  '<',
  '{{',
  '![',
  'url(',
];

/** A document of some pieces, then changed in up to four places. */
function mutated(fuzz: Fuzz, pieces: readonly string[]): string {
  let text = Array.from({ length: 2 + fuzz.below(12) }, () => fuzz.pick(pieces)).join('');
  for (let count = fuzz.below(5); count > 0; count -= 1) {
    const at = fuzz.below(text.length + 1);
    const end = at + fuzz.below(12);
    const piece = fuzz.pick([
      fuzz.pick(strange),
      fuzz.pick(pieces),
      '',
      text.slice(at, end).repeat(fuzz.pick([2, 30])),
    ]);
    text = text.slice(0, at) + piece + text.slice(fuzz.pick([at, end]));
  }
  return text;
}

/** The processor time of each step, in milliseconds; the longest of them. */
function checkDocument(text: string, language: LanguageName): number {
  const before = process.threadCpuUsage();
  const steps = linksOf(text, language, parsers);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  const { user, system } = process.threadCpuUsage(before);
  for (const { whole, target, candidates, alt, title, width, height } of step.value) {
    for (const each of [target, ...candidates.map((candidate) => candidate.target)])
      assert.equal(text.slice(...each.span), each.written);
    const spans = [
      whole,
      ...[alt, title, width, height].flatMap((each) => (each ? [each.span] : [])),
    ];
    for (const [from, to] of spans)
      assert.ok(
        from >= 0 && from <= to && to <= text.length,
        `${String(from)}–${String(to)} in ${JSON.stringify(text)}`,
      );
  }
  return (user + system) / 1000;
}

describe('all links of a document that is broken', () => {
  for (const [language, pieces] of seeds) {
    it(`are read without a crash or a hang, and give back what is written, in ${language}`, function () {
      this.timeout(60_000);
      const fuzz = createFuzz(15);
      for (let count = 0; count < mutations; count += 1) {
        const text = mutated(fuzz, pieces);
        let ms = checkDocument(text, language);
        // The least of three, as for expressions: the first may have compiled or collected.
        for (let again = 0; ms >= limitMs && again < 2; again += 1)
          ms = Math.min(ms, checkDocument(text, language));
        assert.ok(ms < limitMs, `${ms.toFixed(0)} ms for ${JSON.stringify(text)}`);
      }
    });
  }
});
