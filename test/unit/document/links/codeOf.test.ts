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
  ['typst', 'a fence in a line', '#image("a.png") ```typ #image("b.png")``` #image("z.png")\n'],
  ['typst', 'code in a line', '#image("a.png") `#image("b.png")` #image("z.png")\n'],
  [
    'typst',
    'a comment',
    '#image("a.png") /* #image("b.png")\n*/ #image("z.png") // image("c.png")\n',
  ],
  ['typst', 'no string', '#image("a.png")\n#link("//a.b")[#image("z.png")]\n'],
  ['typst', 'no escape', '#image("a.png") \\` #image("z.png") \\`\n'],
  ...[
    '\\begin{verbatim}CODE\\end{verbatim}',
    '\\begin {verbatim*}CODE\\end{verbatim*}',
    '\\begin{Verbatim}[fontsize=\\small]CODE\\end{Verbatim}',
    '\\begin{lstlisting}[language=TeX]CODE\\end{lstlisting}',
    '\\begin{minted}{latex}CODE\\end{minted}',
    '\\begin{comment}CODE\\end{comment}',
    '\\begin{filecontents*}{b.tex}CODE\\end{filecontents*}',
    '\\iffalse CODE \\fill\\fi',
    '\\verb|CODE|',
    '\\verb*+CODE+',
    '\\verb |CODE|',
    '\\verb|%| \\verb|{|\\verb!CODE!',
    '\\Verb[fontsize=\\small]|CODE|',
    '\\lstinline[language=TeX]!CODE!',
    '\\lstinline{CODE}',
    '\\mint{latex}|CODE|',
    '\\mintinline[bgcolor=gray]{latex}{CODE}',
    '50\\% \\verb|CODE|',
    '\\\\\\verb|CODE|',
    '% CODE\n',
    '% \\begin{comment}\n',
    '\\verbatiminput{a.tex} it is no \\verb and',
  ].map((code): [LanguageName, string, string] => [
    'latex',
    code.trim(),
    `\\includegraphics{a.png} ${code.replace('CODE', '\\includegraphics{b.png}')} \\includegraphics{z.png}\n`,
  ]),
  ['asciidoc', 'a comment in a line', 'image::a.png[]\n// image::b.png[]\nimage::z.png[]\n'],
  ['asciidoc', 'literal words', 'image:a.png[] `+image:b.png[]+` \\image:c.png[] image:z.png[]\n'],
  ['org', 'verbatim words', '[[file:a.png]] =[[file:b.png]]=, ~[[c.png]]~ [[file:z.png]]\n'],
  ['org', 'lines as they are', '[[file:a.png]]\n: [[b.png]]\n  # [[c.png]]\n[[z.png]]\n'],
  ['org', 'no equation', '[[file:a.png]] a=b [[file:z.png]] c=d\n'],
  [
    'restructuredtext',
    'literal words',
    '.. image:: a.png\n\nWrite ``.. image:: b.png`` so.\n\n.. image:: z.png\n   :alt: is ``so``\n',
  ],
  [
    'restructuredtext',
    'comments',
    '.. image:: a.png\n\n.. Old:\n   .. image:: b.png\n\n..\n   .. image:: c.png\n\n.. image:: z.png\n',
  ],
  [
    'restructuredtext',
    'no comments',
    '..\n\n   .. image:: a.png\n\n.. _label:\n\n.. [1] A note\n\n   .. |z| image:: z.png\n',
  ],
  [
    'pug',
    'a comment',
    'img(src="a.png")\n//- img(src="c.png")\n  img(src="b.png")\nimg(src="z.png")\n',
  ],
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

  it('leaves the words of a link as they are', () => {
    const [link] = readLinks('.. image:: a.png\n   :alt: shows ``so``\n', 'restructuredtext');
    assert.equal(link?.alt?.text, 'shows ``so``');
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
