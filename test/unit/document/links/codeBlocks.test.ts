import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { partOfText } from '../../../../src/document/links/partOfText.ts';
import { readLinks } from './readLinks.ts';

/** Documents in which `a.png` and `z.png` are linked, and others stand in code. */
const samples: readonly [LanguageName, string, string][] = [
  ['asciidoc', 'a listing', 'image::a.png[]\n\n----\nimage::b.png[]\n----\n\nimage::z.png[]\n'],
  ['asciidoc', 'a literal', 'image::a.png[]\n....\nimage::b.png[]\n----\n....\nimage::z.png[]\n'],
  ['asciidoc', 'a comment', 'image::a.png[]\n////\nimage::b.png[]\n////\nimage::z.png[]\n'],
  ['asciidoc', 'a fence', 'image::a.png[]\n```js\nimage::b.png[]\n```\nimage::z.png[]\n'],
  ['asciidoc', 'HTML', 'image::a.png[]\n----\n<img src="b.png">\n----\n+++<img src="z.png">+++\n'],
  ['asciidoc', 'an example, which is none', 'image::a.png[]\n====\nimage::z.png[]\n====\n'],
  ['org', 'a source', '[[file:a.png]]\n#+BEGIN_SRC org\n[[b.png]]\n#+end_src\n[[./z.png]]\n'],
  [
    'org',
    'an example',
    '[[file:a.png]]\n  #+begin_example\n[[b.png]]\n  #+END_EXAMPLE\n[[z.png]]\n',
  ],
  [
    'latex',
    'a listing',
    '\\includegraphics{a.png}\n\\begin{lstlisting}[language=TeX]\n\\includegraphics{b.png}\n\\end{lstlisting}\n\\includegraphics{z.png}\n',
  ],
  [
    'latex',
    'verbatim words',
    '\\includegraphics{a.png}\n\\begin{verbatim}\n\\includegraphics{b.png}\n\\end{verbatim}\n\\includegraphics{z.png}\n',
  ],
  [
    'restructuredtext',
    'a literal',
    '.. image:: a.png\n\nSo it is written::\n\n   .. image:: b.png\n\n.. image:: z.png\n',
  ],
  [
    'restructuredtext',
    'a code block',
    '.. image:: a.png\n\n.. code-block:: rst\n\n   .. image:: b.png\n\n   .. image:: c.png\nend\n\n.. image:: z.png\n',
  ],
  [
    'restructuredtext',
    'an admonition, which is none',
    '.. image:: a.png\n\n.. note::\n\n   .. image:: z.png\n',
  ],
  ['typst', 'a fence', '#image("a.png")\n```typ\n#image("b.png")\n```\n#image("z.png")\n'],
  [
    'mdx',
    'a comment',
    '<img src="a.png" />\n\n{/* <img src="b.png" /> */}\n\n<img src="z.png" />\n',
  ],
  [
    'astro',
    'a comment',
    '---\n---\n<img src="a.png" />\n{/* <img src="b.png" />\n*/}\n<img src="z.png" />\n',
  ],
];

describe('code in a document', () => {
  for (const [language, what, text] of samples)
    for (const [ends, written] of [
      ['its lines', text],
      ['lines of Windows', text.replaceAll('\n', '\r\n')],
    ] as const)
      it(`holds no links: ${what} in ${language}, with ${ends}`, () => {
        const targets = readLinks(written, language).map(({ target }) => target.target);
        assert.deepEqual(
          targets.map((target) => target.replace('./', '')),
          ['a.png', 'z.png'],
        );
      });

  it('goes on to the end where nothing ends it', () => {
    assert.deepEqual(readLinks('----\nimage::b.png[]\n', 'asciidoc'), []);
  });

  it('holds none in a part of a long text either', () => {
    const code = 'Words.\n\n'.repeat(50);
    const text = `----\n${code}image::b.png[]\n${code}----\nimage::z.png[]\n`;
    for (const [name, count] of [
      ['b.png', 0],
      ['z.png', 1],
    ] as const) {
      const at = text.indexOf(`image::${name}`);
      const part = partOfText(text, [at, at + 16], 'asciidoc');
      assert.equal(part.inWhole(readLinks(part.text, 'asciidoc')).length, count, name);
    }
  });
});
