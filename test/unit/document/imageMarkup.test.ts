import assert from 'node:assert/strict';
import { imageMarkup as markupOf, type ImageLink } from '../../../src/document/imageMarkup.ts';
import { languageOf, type LanguageName } from '../../../src/document/languageIds.ts';

const imageMarkup = (languageId: string, link: ImageLink) =>
  markupOf(languageOf(languageId), [link]);

const fox = { path: 'images/red-fox.png', alt: 'A red fox' };
const img = '<img src="images/red-fox.png" alt="A red fox">';

describe('an image in a text', () => {
  const written: [string, string][] = [
    ['markdown', '![A red fox](images/red-fox.png)'],
    ['mdx', '![A red fox](images/red-fox.png)'],
    ['html', img],
    ['vue', img],
    ['svelte', img],
    ['php', img],
    ['handlebars', img],
    ['razor', img],
    ['javascriptreact', '<img src="images/red-fox.png" alt="A red fox" />'],
    ['typescriptreact', '<img src="images/red-fox.png" alt="A red fox" />'],
    ['css', 'url("images/red-fox.png")'],
    ['scss', 'url("images/red-fox.png")'],
    ['less', 'url("images/red-fox.png")'],
    ['latex', '\\includegraphics{images/red-fox.png}'],
    ['asciidoc', 'image::images/red-fox.png[A red fox]'],
    ['restructuredtext', '.. image:: images/red-fox.png\n   :alt: A red fox'],
    ['prompt', '![A red fox](images/red-fox.png)'],
    ['chatagent', '![A red fox](images/red-fox.png)'],
    ['quarto', '![A red fox](images/red-fox.png)'],
    ['twig', img],
    ['blade', img],
    ['erb', img],
    ['astro', '<img src="images/red-fox.png" alt="A red fox" />'],
    ['jade', 'img(src="images/red-fox.png" alt="A red fox")'],
    ['typst', '#image("images/red-fox.png", alt: "A red fox")'],
    ['org', '[[file:images/red-fox.png]]'],
    ['stylus', 'url("images/red-fox.png")'],
    ['tex', '\\includegraphics{images/red-fox.png}'],
    ['javascript', 'images/red-fox.png'],
    ['plaintext', 'images/red-fox.png'],
    ['python', 'images/red-fox.png'],
    ['a language of tomorrow', 'images/red-fox.png'],
  ];
  for (const [languageId, text] of written) {
    it(`is written in ${languageId} as ${text}`, () => {
      assert.equal(imageMarkup(languageId, fox), text);
    });
  }

  const withoutAlt: [string, string][] = [
    ['markdown', '![](a.png)'],
    ['html', '<img src="a.png" alt="">'],
    ['typescriptreact', '<img src="a.png" alt="" />'],
    ['asciidoc', 'image::a.png[]'],
    ['restructuredtext', '.. image:: a.png'],
    ['typst', '#image("a.png")'],
  ];
  for (const [languageId, text] of withoutAlt) {
    it(`needs no words in ${languageId}`, () => {
      assert.equal(imageMarkup(languageId, { path: 'a.png', alt: '' }), text);
    });
  }
});

describe('the path of an image', () => {
  const links: [string, string][] = [
    ['../a b/c.png', '../a%20b/c.png'],
    ['a(1).png', 'a%281%29.png'],
    ['a"b\'c.png', 'a%22b%27c.png'],
    ['a<b>.png', 'a%3Cb%3E.png'],
    ['50%.png', '50%25.png'],
    ['a#b?c.png', 'a%23b%3Fc.png'],
    ['雪/狐 é.png', '雪/狐%20é.png'],
    ['a\u3000b\u200b.png', 'a%E3%80%80b%E2%80%8B.png'],
    ['🦊.png', '🦊.png'],
    ['a\\b.png', 'a%5Cb.png'],
  ];
  for (const [path, url] of links) {
    it(`${path} is a link as ${url}`, () => {
      assert.equal(imageMarkup('markdown', { path, alt: '' }), `![](${url})`);
      assert.equal(imageMarkup('html', { path, alt: '' }), `<img src="${url}" alt="">`);
      assert.equal(imageMarkup('css', { path, alt: '' }), `url("${url}")`);
    });

    it(`${path} stays as it is where no link is meant`, () => {
      assert.equal(imageMarkup('plaintext', { path, alt: '' }), path);
    });
  }
});

describe('the words for an image', () => {
  const alt = (languageId: string, words: string) =>
    imageMarkup(languageId, { path: 'a.png', alt: words });

  const spelled: [string, string, string][] = [
    ['markdown', 'a [b] c', '![a \\[b\\] c](a.png)'],
    ['markdown', 'a](evil.png)', '![a\\](evil.png)](a.png)'],
    ['markdown', 'ends in \\', '![ends in \\\\](a.png)'],
    ['markdown', 'two\n\nlines', '![two lines](a.png)'],
    ['markdown', 'a `b` c', '![a \\`b\\` c](a.png)'],
    ['markdown', '2*3*4 <b>', '![2\\*3\\*4 \\<b>](a.png)'],
    ['mdx', 'a {b} <c>', '![a \\{b\\} \\<c>](a.png)'],
    ['html', '"a" & <b>', '<img src="a.png" alt="&quot;a&quot; &amp; &lt;b>">'],
    ['html', "it's", '<img src="a.png" alt="it\'s">'],
    ['html', 'two\n lines', '<img src="a.png" alt="two lines">'],
    ['typescriptreact', '"a" {b} <c>', '<img src="a.png" alt="&quot;a&quot; &#123;b} &lt;c>" />'],
    ['svelte', 'a {b}', '<img src="a.png" alt="a &#123;b}">'],
    ['handlebars', 'a {{b}}', '<img src="a.png" alt="a &#123;&#123;b}}">'],
    ['markdown', 'a | b', '![a \\| b](a.png)'],
    ['markdown', 'my_name _b_ $x$ ~y~', '![my_name \\_b\\_ \\$x\\$ \\~y\\~](a.png)'],
    ['markdown', 'AT&T &amp; {{b}}', '![AT&T \\&amp; {\\{b}}](a.png)'],
    ['quarto', 'see @fig and x^2', '![see \\@fig and x\\^2](a.png)'],
    ['html', '{{ b }}', '<img src="a.png" alt="&#123;&#123; b }}">'],
    ['twig', '{% b %}', '<img src="a.png" alt="&#123;% b %}">'],
    ['blade', '@if {!! b !!}', '<img src="a.png" alt="&#64;if &#123;!! b !!}">'],
    ['erb', '<%= b %>', '<img src="a.png" alt="&lt;%= b %>">'],
    ['astro', 'a {b}', '<img src="a.png" alt={"a {b}"} />'],
    ['jade', 'say "a" \\', 'img(src="a.png" alt="say \\"a\\" \\\\")'],
    ['typst', '#a *b* "c" \\', '#image("a.png", alt: "#a *b* \\"c\\" \\\\")'],
    ['razor', 'mail me@b.c', '<img src="a.png" alt="mail me&#64;b.c">'],
    ['php', '<?php echo 1 ?>', '<img src="a.png" alt="&lt;?php echo 1 ?>">'],
    ['asciidoc', 'a fox, in [snow]', 'image::a.png["a fox, in &#91;snow&#93;"]'],
    ['asciidoc', 'say "a"', 'image::a.png["say \\"a\\""]'],
    ['asciidoc', 'width=3', 'image::a.png["width=3"]'],
    ['asciidoc', 'two\nlines', 'image::a.png[two lines]'],
    ['restructuredtext', 'two\n\n.. lines', '.. image:: a.png\n   :alt: two .. lines'],
  ];
  for (const [languageId, words, text] of spelled) {
    it(`${JSON.stringify(words)} are spelled for ${languageId}`, () => {
      assert.equal(alt(languageId, words), text);
    });
  }

  it('end in no quotes that were not opened', () => {
    for (const languageId of ['html', 'vue', 'svelte', 'javascriptreact', 'php'])
      assert.equal(alt(languageId, '"><script>').match(/"/g)?.length, 4);
  });
});

describe('an image at the cursor', () => {
  const link = { path: 'img/a b.png', alt: 'A fox' };
  const img = '<img src="img/a%20b.png" alt="A fox" />';
  const component = "import a from 'a';\nexport const A = () => (\n  <p>|</p>\n);\n";
  const places: [LanguageName, string, string][] = [
    ['script', component, img],
    ['script', component.replace('|', "it's |"), img],
    ['script', 'const a = "|";', 'img/a b.png'],
    ['script', "import a from '|';", './img/a b.png'],
    ['script', 'if (a < b && c > d) |', 'img/a b.png'],
    ['jsx', '<img src="|" alt="" />', 'img/a%20b.png'],
    ['jsx', "const logo = '|';", 'img/a b.png'],
    ['jsx', "const logo = require('|');", './img/a b.png'],
    ['html', '<img src="|">', 'img/a%20b.png'],
    ['html', "<img src='|'>", 'img/a%20b.png'],
    ['html', '<div style="background: url(|)">', 'img/a%20b.png'],
    ['css', 'a { background: url("|") }', 'img/a%20b.png'],
    ['css', 'a { background: | }', 'url("img/a%20b.png")'],
    ['markdown', '![a fox](|)', 'img/a%20b.png'],
    ['markdown', 'words | words', '![A fox](img/a%20b.png)'],
    ['latex', '\\includegraphics[width=1cm]{|}', 'img/a b.png'],
    ['typst', '#image("|")', 'img/a b.png'],
    ['asciidoc', 'words | words', 'image:img/a b.png[A fox]'],
    ['asciidoc', 'words\n\n|\n', 'image::img/a b.png[A fox]'],
    ['restructuredtext', 'words|\nwords', '\n\n.. image:: img/a\\ b.png\n   :alt: A fox\n'],
    ['restructuredtext', '* a\n\n  |', '.. image:: img/a\\ b.png\n     :alt: A fox'],
    ['pug', 'p words |', '#[img(src="img/a%20b.png" alt="A fox")]'],
  ];
  for (const [language, marked, expected] of places)
    it(`in ${language} ${JSON.stringify(marked)} is ${JSON.stringify(expected)}`, () => {
      const [before = '', after = ''] = marked.split('|');
      assert.equal(markupOf(language, [link], { before, after }), expected);
    });

  it('has no empty option where there are no words', () => {
    const around = { before: 'words', after: '' };
    assert.equal(
      markupOf('restructuredtext', [{ path: 'a.png', alt: '' }], around),
      '\n\n.. image:: a.png\n',
    );
  });

  it('stands in a line of its own when there are more', () => {
    const links = [link, { path: 'c.png', alt: '' }];
    const around = { before: '- a\n  ', after: '' };
    assert.equal(markupOf('markdown', links, around), '![A fox](img/a%20b.png)\n\n  ![](c.png)');
  });

  it('begins with a dot where the path would be taken for something else', () => {
    const paths = ['~/a.png', '@/a.png', '$lib/a.png', 'c:a.png', '\\a.png', ' a.png', '-a.png'];
    for (const path of paths)
      assert.equal(markupOf('typst', [{ path, alt: '' }]).slice(0, 10), '#image("./', path);
  });
});
