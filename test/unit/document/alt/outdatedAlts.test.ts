import assert from 'node:assert/strict';
import { outdatedAlts } from '../../../../src/document/alt/outdatedAlts.ts';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { withReplacements } from '../../../../src/document/linksTo.ts';
import { readLinks } from '../links/readLinks.ts';

async function updated(text: string, language: LanguageName, words: string): Promise<string> {
  const found = await outdatedAlts(
    text,
    language,
    words,
    (each) => Promise.resolve(readLinks(each, language)),
    () => Promise.resolve(true),
  );
  return withReplacements(text, found);
}

const rows: [LanguageName, text: string, words: string, after: string][] = [
  ['typst', '#image("a.png", alt: "b")', 'a "c"', '#image("a.png", alt: "a \\"c\\"")'],
  [
    'latex',
    '\\includegraphics[alt={b}]{a.png}',
    'a jar, 50% full & #1_2',
    '\\includegraphics[alt={a jar, 50\\% full \\& \\#1\\_2}]{a.png}',
  ],
  [
    'latex',
    '\\includegraphics[alt=b,width=3cm]{a.png}',
    'a jar, full',
    '\\includegraphics[alt={a jar, full},width=3cm]{a.png}',
  ],
  ['asciidoc', 'image::a.png[b]', 'a *c* d', 'image::a.png[a &#42;c&#42; d]'],
  ['restructuredtext', '.. image:: a.png\n   :alt: b', 'a & c', '.. image:: a.png\n   :alt: a & c'],
  ['org', '[[file:a.png][b]]', 'a "c" & d', '[[file:a.png][a "c" & d]]'],
  ['mdx', '![b](a.png)', 'a {c} "d" & e', '![a \\{c\\} "d" & e](a.png)'],
  ['markdown', '![b](a.png)', 'a "c"', '![a "c"](a.png)'],
  ['markdown', '<img src="a.png" alt="b">', 'a "c"', '<img src="a.png" alt="a &quot;c&quot;">'],
  ['html', '<img src="a.png" alt="b">', "it's c", '<img src="a.png" alt="it\'s c">'],
  [
    'script',
    'a = `<img src="a.png" alt="b">`;',
    'a `c`',
    'a = `<img src="a.png" alt="a &#96;c&#96;">`;',
  ],
  ['pug', 'img(src="a.png" alt="b")', 'a "c"', 'img(src="a.png" alt="a \\"c\\"")'],
  [
    'restructuredtext',
    '.. image:: a.png\n   :alt: A fox in the\n         :deep: snow\n   :width: 3px\n\nText',
    'a wolf',
    '.. image:: a.png\n   :alt: a wolf\n   :width: 3px\n\nText',
  ],
  [
    'restructuredtext',
    '.. image:: a.png\n   :alt:\n     b\n',
    'c',
    '.. image:: a.png\n   :alt:\n     c\n',
  ],
  [
    'html',
    `<?php echo '<p><img src="a.png" alt="b"></p>';`,
    "it's c",
    `<?php echo '<p><img src="a.png" alt="it&#39;s c"></p>';`,
  ],
  [
    'template',
    `{@html '<p><img src="a.png" alt="b"></p>'}`,
    "it's c",
    `{@html '<p><img src="a.png" alt="it&#39;s c"></p>'}`,
  ],
  [
    'latex',
    '\\includegraphics[alt={b}]{a.png}',
    'a ~ c^2 \\string x',
    '\\includegraphics[alt={a \\textasciitilde{} c\\textasciicircum{}2 \\textbackslash{}string x}]{a.png}',
  ],
  [
    'latex',
    '\\includegraphics[alt={a \\textasciitilde{} b},width=3cm]{a.png}',
    'a 12" plate, full',
    '\\includegraphics[alt={a 12" plate, full},width=3cm]{a.png}',
  ],
];

describe('an alternative text that is brought up to date', () => {
  for (const [language, text, words, after] of rows)
    it(`is spelled as its language has it: ${language}, ${text}`, async () => {
      assert.equal(await updated(text, language, words), after);
    });
});
