import { strict as assert } from 'node:assert';
import { altToAdd } from '../../../../src/document/alt/altToAdd.ts';
import { isAltMissing } from '../../../../src/document/alt/isAltMissing.ts';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { withReplacements } from '../../../../src/document/linksTo.ts';
import { readLinks } from '../links/readLinks.ts';

const words = 'a "red" fox, in [snow] & <ice> {at} 5 = it\'s_late_';

/** Adds the words to the first link, and reads them back. */
function added(text: string, language: LanguageName, alt = words): string | undefined {
  const [link] = readLinks(text, language);
  assert.ok(link, `no link in ${text}`);
  if (!isAltMissing(link)) return undefined;
  const edit = altToAdd(text, link, language, alt);
  if (!edit) return undefined;
  const after = withReplacements(text, [edit]);
  const [again] = readLinks(after, language);
  assert.equal(readLinks(after, language).length, readLinks(text, language).length, after);
  assert.equal(again?.target.target, link.target.target, after);
  assert.equal(again.alt?.text, alt, after);
  assert.deepEqual(again.width, link.width && { ...link.width, span: again.width?.span }, after);
  return after;
}

describe('an alternative text that is added', () => {
  const samples: [LanguageName, string, string?][] = [
    ['markdown', 'words ![](a.png) words', 'words ![a fox](a.png) words'],
    ['markdown', '![](<a b.png> "title")'],
    ['markdown', '![][b]\n\n[b]: a.png', '![a fox][b]\n\n[b]: a.png'],
    ['markdown', '<img src="a.png" width="3">', '<img alt="a fox" src="a.png" width="3">'],
    ['mdx', '![](a.png)'],
    ['mdx', '<Image src="a.png" />', '<Image alt="a fox" src="a.png" />'],
    ['pandoc', '![](a.png){width=3}'],
    ['html', '<p><img src=a.png></p>', '<p><img alt="a fox" src=a.png></p>'],
    ['html', '<img\n  src="a.png"\n  width="3"\n>'],
    ['html', '<NuxtImg src="a.png" />'],
    ['html', '<picture><img src="a.png" srcset="b.png 2x"></picture>'],
    ['template', '<enhanced:img src="a.png" />'],
    ['astro', '---\n---\n<Image src="a.png" />\n', '---\n---\n<Image alt="a fox" src="a.png" />\n'],
    ['jsx', 'const a = <img src="a.png" width={3} />;'],
    ['html', "<img src='a.png'>", "<img alt='a fox' src='a.png'>"],
    ['markdown', '`<?` <img src="a.png">', '`<?` <img alt="a fox" src="a.png">'],
    [
      'template',
      `{@html '<p><img src="a.png"></p>'}`,
      `{@html '<p><img alt="a fox" src="a.png"></p>'}`,
    ],
    [
      'astro',
      `<p>{c ? "<b><img src='a.png'></b>" : ''}</p>`,
      `<p>{c ? "<b><img alt='a fox' src='a.png'></b>" : ''}</p>`,
    ],
    ['pug', 'p\n  img(src="a.png")', 'p\n  img(alt="a fox", src="a.png")'],
    ['pug', 'p #[img.small(src="a.png")]'],
    ['script', 'const a = () => (<p><img src="a.png" /></p>);'],
    ['asciidoc', 'image::a.png[]', 'image::a.png[a fox]'],
    ['asciidoc', 'image::a.png[,300,200]', 'image::a.png[a fox,300,200]'],
    ['asciidoc', 'image::a.png[width=300]', 'image::a.png[a fox,width=300]'],
    [
      'restructuredtext',
      '  .. image:: a.png\n     :width: 3px\n',
      '  .. image:: a.png\n     :alt: a fox\n     :width: 3px\n',
    ],
    ['restructuredtext', '.. figure:: a.png\n\n   Words'],
    [
      'restructuredtext',
      '.. image:: a.png\n  :width: 3px\n',
      '.. image:: a.png\n  :alt: a fox\n  :width: 3px\n',
    ],
    [
      'restructuredtext',
      '.. image:: a.png\n    :width: 3px\n',
      '.. image:: a.png\n    :alt: a fox\n    :width: 3px\n',
    ],
    [
      'restructuredtext',
      '.. figure:: a.png\n\n  Words',
      '.. figure:: a.png\n  :alt: a fox\n\n  Words',
    ],
    [
      'restructuredtext',
      '1.  .. image:: a.png\n\n    Words',
      '1.  .. image:: a.png\n       :alt: a fox\n\n    Words',
    ],
    ['restructuredtext', '.. image:: a.png\n\nWords', '.. image:: a.png\n   :alt: a fox\n\nWords'],
    [
      'restructuredtext',
      '.. |a| image:: a.png\n\t:width: 3px',
      '.. |a| image:: a.png\n\t:alt: a fox\n\t:width: 3px',
    ],
    ['typst', '#image("a.png", width: 50%)', '#image("a.png", alt: "a fox", width: 50%)'],
  ];
  for (const [language, text, expected] of samples)
    it(`is read back in ${language}: ${JSON.stringify(text)}`, () => {
      const after = added(text, language, 'a fox');
      assert.ok(after);
      if (expected !== undefined) assert.equal(after, expected);
      assert.ok(added(text, language));
    });

  const none: [LanguageName, string][] = [
    ['markdown', '![a fox](a.png)'],
    ['markdown', '![[a.png]]'],
    ['html', '<img src="a.png" alt="">'],
    ['html', '<img src="a.png" alt>'],
    ['html', '<img src="a.png" :alt="words">'],
    ['html', '<video poster="a.png"></video>'],
    ['html', '<link rel="icon" href="a.png">'],
    ['html', '<svg><image href="a.png"/></svg>'],
    ['html', '<picture><source srcset="a.png 2x"></picture>'],
    ['jsx', 'const a = <img src="a.png" alt={words} />;'],
    ['jsx', 'import a from "./a.png";'],
    ['script', 'const a = `<img src="a.png" />`;'],
    ['jsx', 'const a = html`<img src="a.png" />`;'],
    ['jsx', 'const a = <p>{html`<img src="a.png" />`}</p>;'],
    ['pug', 'link(rel="icon" href="a.png")'],
    ['pug', 'meta(property="og:image" content="a.png")'],
    ['pug', 'video(poster="a.png")'],
    ['pug', 'p #[source(srcset="a.png 2x")]'],
    ['pug', 'image(href="a.png")'],
    ['html', `<?php if ($a > 1) { echo "<img src='a.png'>"; }`],
    ['html', `<?php\necho "<p><img src='a.png'></p>";`],
    ['template', `{c ? "<img src='a.png'>" : ''}`],
    ['template', `{@html '<img src="a.png">'}`],
    ['template', `{@html "<p><img src=a.png></p>"}`],
    ['template', `{@html "<p><img src=\\"a.png\\"></p>"}`],
    ['astro', `<p>{c ? "<img src='a.png'>" : ''}</p>`],
    ['atTemplate', `@Html.Raw("<img src='a.png'>")`],
    ['css', 'a { background: url(a.png) }'],
    ['asciidoc', 'image::a.png[a fox]'],
    ['restructuredtext', '.. image:: a.png\n   :alt: a fox'],
    ['typst', '#image("a.png", alt: "")'],
    ['restructuredtext', '.. image:: a.png\n   :alt:\n   :width: 3px'],
    ['restructuredtext', '.. image:: a.png\n   b.png'],
    ['restructuredtext', '.. image:: a.png\n   :alt:\n     a fox'],
    ['latex', '\\includegraphics{a.png}'],
    ['org', '[[file:a.png]]'],
  ];
  for (const [language, text] of none)
    it(`is none in ${language}: ${text}`, () => assert.equal(added(text, language), undefined));
});
