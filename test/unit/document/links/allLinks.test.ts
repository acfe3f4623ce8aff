import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import type { WrittenLink } from '../../../../src/document/links/writtenLink.ts';
import { readLinks } from './readLinks.ts';

/** A link in a line: target, words, title, size, candidates, and what else is known of it. */
function inLine(link: WrittenLink): string {
  const { target, alt, title, width, height, candidates } = link;
  const size = [width, height].map((each) => each?.pixels ?? each?.text ?? '').join('x');
  return [
    target.target || '?',
    alt && (alt.isComputed ? '"…"' : `"${alt.text}"`),
    title && `(${title.text})`,
    size !== 'x' && size,
    ...candidates.map((each) => `[${each.target.target} ${each.descriptor}]`),
    target.folders && `in ${target.folders.join(',')}`,
    link.isDecorative && 'decorative',
    link.hasVariable && 'variable',
    link.isDefinition && 'definition',
  ]
    .filter(Boolean)
    .join(' ');
}

const documents: [title: string, LanguageName, text: string, expected: string[]][] = [
  [
    'the README of a library',
    'markdown',
    `<p align="center">
  <img src="./media/logo.png" width="200" height=80 alt="Fox &amp; Sons"><br>
  <a href="https://example.com/ci"><img src="https://example.com/badge.svg" alt=""></a>
</p>

# fox

[![Build](https://example.com/b.svg)](https://example.com) ![Screen *shot*](<docs/my shot.png> "The app") {.x}

| before | after |
| --- | --- |
| ![Before](a\\_b.png) | ![After][after] |

![logo] ![][logo] ![missing]

\`![code](no.png)\`

    ![code](no.png)

\`\`\`html
<img src="no.png">
\`\`\`

[after]: <shots/after 1.png> 'Later'
[Logo]: media/logo.png
[page]: https://example.com/page
`,
    [
      './media/logo.png "Fox & Sons" 200x80',
      'https://example.com/badge.svg "" decorative',
      'https://example.com/b.svg "Build"',
      'docs/my shot.png "Screen shot" (The app)',
      'a_b.png "Before"',
      'shots/after 1.png "After" (Later)',
      'media/logo.png "logo"',
      'media/logo.png ""',
      'shots/after 1.png "After" (Later) definition',
      'media/logo.png "logo" definition',
      'https://example.com/page definition',
    ],
  ],
  [
    'a post with front matter, a footnote and sizes',
    'markdown',
    `---
title: "Foxes: a report"
cover: /img/cover.jpg # wide
image_alt: 'A fox at night'
gallery:
  - "one.png"
date: 2024-01-01
---
Words[^1] ![S](s.png =300x200) ![H](h.png =300x) ![K](k.png){width=40% height="30"}

[^1]: ![In a note](note.png)

> ![Quoted](q.png)
> <img
>   src="tag.png">

1. ![Item
   two](item.png)
`,
    [
      '/img/cover.jpg "A fox at night"',
      'one.png "A fox at night"',
      's.png "S" 300x200',
      'h.png "H" 300x',
      'k.png "K" 40%x30',
      'note.png "In a note"',
      'q.png "Quoted"',
      'tag.png',
      'item.png "Item two"',
    ],
  ],
  [
    'notes that embed images',
    'markdown',
    '![[a b.png]] ![[n/c.png|300]] ![[d.png|A fox|300x200]]\n\n| x |\n|--|\n| ![[e.png\\|40]] |\n',
    ['a b.png', 'n/c.png 300x', 'd.png "A fox" 300x200', 'e.png 40x'],
  ],
  [
    'placeholders of templates in Markdown',
    'jinjaMarkdown',
    '![B](${base}/b.png) <img src="{% static \'c.png\' %}">',
    ['${base}/b.png "B" variable', '/c.png variable'],
  ],
  [
    'a page of documentation in MDX',
    'mdx',
    `import hero from './hero.png';
import { A } from 'b'

# Title

<Image src={hero} alt="The hero" width={640} />

<Tabs>
  ![Inside](in.png)
  <img src={require('./r.png').default} alt={\`R\`} />
</Tabs>

{1 > 0 && <img src="/x.png" />}

\`\`\`jsx
import no from './no.png';
\`\`\`
`,
    [
      './hero.png "The hero" 640x definition',
      '? "The hero" 640x variable',
      'in.png "Inside"',
      './r.png "R"',
      '/x.png',
    ],
  ],
  [
    'a page',
    'html',
    `<!doctype html><!-- <img src="no.png"> -->
<link rel="icon" href="/favicon.ico"><meta property="og:image" content="/og.png">
<meta name="viewport" content="no.png">
<style>.a { background: url(bg.png); width: 20px; height: 10px }</style>
<picture>
  <source type="image/avif" srcset="a.avif 1x, a@2x.avif 2x">
  <img src="a.jpg" srcset="a-640.jpg 640w,a-1280.jpg 1280w" sizes="100vw" alt="A" style="width: 640px">
</picture>
<video poster="p.jpg" src="no.mp4"></video>
<div style="background-image:url('d.png')"></div>
<img src=bare.png alt='"'><img alt="no source"><img src="">
<script>import x from './x.png'; const no = 'no.png';</script>`,
    [
      '/favicon.ico',
      '/og.png',
      'bg.png 20x10',
      'a.avif [a.avif 1x] [a@2x.avif 2x]',
      'a.jpg "A" 640x [a-640.jpg 640w] [a-1280.jpg 1280w]',
      'p.jpg',
      'd.png',
      'bare.png """',
      './x.png definition',
    ],
  ],
  [
    'a component of Vue',
    'html',
    `<template>
  <img :src="hero" alt="Hero" :width="300" />
  <v-img :src="'/lit.png'"></v-img>
  <img :src="\`\${a}.png\`" :alt="words">
  <p v-if="a > b">{{ a < b ? '<img src="no.png">' : '' }}</p>
</template>
<script setup lang="ts">
import hero from '@/assets/hero.png';
</script>
<style lang="scss" scoped>
// it's not url(no.png)
.a { background: url('~@/b.png'); &:hover { background: url("#{$base}/c.png") } }
</style>`,
    [
      '? "Hero" 300x variable',
      '/lit.png',
      '? "…" variable',
      '@/assets/hero.png "Hero" 300x definition',
      '~@/b.png',
      '#{$base}/c.png variable',
    ],
  ],
  [
    'a component of Svelte',
    'template',
    `<script>
  import logo from '$lib/logo.png?enhanced';
</script>
{#if a > b}
  <img {src} alt={x > 3 ? 'a' : "b>"} on:click={() => { go('}'); }} />
  <enhanced:img src="./h.png" alt="H" />
{/if}
<img src="{base}/x.png" alt="X"><img src={logo} alt="Logo">`,
    [
      '$lib/logo.png?enhanced "Logo" definition',
      '? "…" variable',
      './h.png "H"',
      '{base}/x.png "X" variable',
      '? "Logo" variable',
    ],
  ],
  [
    'a page of Astro',
    'astro',
    `---
import { Image } from 'astro:assets';
import hero from '../assets/hero.png';
const cover = '/cover.png';
---
<Image src={hero} alt="Hero" width={100} />
{a < 3 && <img src="/y.png" alt={"Y"}/>}
<style>a { background: url(/z.png) }</style>`,
    [
      '../assets/hero.png "Hero" 100x definition',
      '/cover.png',
      '? "Hero" 100x variable',
      '/y.png "Y"',
      '/z.png',
    ],
  ],
  [
    'pages of servers',
    'template',
    `<img src="{{ asset("a.png") }}" alt="{{ words }}"><img src="<%= url %>/b.png">
{% if x %}<img src="{% static 'c.png' %}">{% endif %}<img src="d.png" <?php echo $x ?> alt="D">`,
    ['/a.png "…" variable', '<%= url %>/b.png variable', '/c.png variable', 'd.png "D"'],
  ],
  [
    'a component of React',
    'jsx',
    `import hero from './hero.png';
import data from './data.json';
const sizes = { cover: 'cover.png' };
export const A = ({ c }) => (
  <>
    <Image src={hero} alt="Hero" width={64} height={"32"} {...rest} />
    <img src="/a.png" alt="x &amp; y" title='T' />
    {c ? <motion.img src={\`b.png\`} /> : null}
    <img src={\`/i/\${c}.png\`} alt="" />
    <img src={c ? 'on.png' : 'off.png'} alt={words} />
  </>
);
const Box = styled.div\`background: url(/bg.png); color: \${c};\`;
const lit = html\`<img src="t.png" alt="\${c}"><img src="\${c}.png">\`;
// 'no.png'`,
    [
      './hero.png "Hero" 64x32 definition',
      'cover.png',
      '? "Hero" 64x32 variable',
      '/a.png "x & y" (T)',
      'b.png',
      '? "" decorative variable',
      '? "…" variable',
      'on.png',
      'off.png',
      '/bg.png',
      't.png "…"',
      '${c}.png variable',
    ],
  ],
  [
    'a script without elements',
    'script',
    `const f = <T>(x: T) => x;
const a = "a.png", b = require('./b.png'), c = \`c.png\`, no = \`\${a}.png\`;
export { default as logo } from './logo.svg';
new URL('./u.png', import.meta.url); /* 'no.png' */`,
    ['a.png', './b.png definition', 'c.png', './logo.svg definition', './u.png'],
  ],
  [
    'a style sheet',
    'css',
    `.icon { width: 24px; height: 24px; background: image-set("a.png" 1x, url(a@2x.png) 2x) no-repeat; }
/* url(no.png) */
@font-face { src: url(f.woff) }
.b { background: url( b\\ c.png ), URL('d (1).png'); background-size: 40px 20px }
.c { background: url($base + "/e.png"), url("@{dir}/f.png"), asset-url("g.png") }`,
    [
      'a.png 24x24 [a.png 1x] [a@2x.png 2x]',
      'f.woff',
      'b c.png 40x20',
      'd (1).png 40x20',
      '@{dir}/f.png variable',
      'g.png',
    ],
  ],
  [
    'a page with a base',
    'html',
    `<!-- <base href="no/"> --><base target="_top"><base href="../img/index.html"><base href="late/">
<style>b { background: url(a.png) }</style><img src="b.png" srcset="c.png 2x, /d.png 3x">
<img src="https://example.com/e.png"><img src="@/f.png"><script>import "./g.png"</script>`,
    [
      '../img/a.png',
      '../img/b.png [../img/c.png 2x] [/d.png 3x]',
      'https://example.com/e.png',
      '@/f.png',
      './g.png definition',
    ],
  ],
  [
    'a page whose base is elsewhere',
    'html',
    '<base href="https://example.com/x/y"><img src="a.png"><img src="/b.png">',
    ['https://example.com/x/a.png', '/b.png'],
  ],
  [
    'a page whose base only a program knows',
    'html',
    '<base :href="base"><img src="a.png"><img src="/b.png">',
    ['a.png variable', '/b.png'],
  ],
  [
    'a manual in AsciiDoc',
    'asciidoc',
    `:imagesdir: img

image::a.png[A fox,300,200,link="x"]

// image::no.png[]
An image:b.png[alt="B, c",width=20,title="T"] and image::{dir}/c.png[] image:d.png["Q, q"]`,
    [
      'a.png "A fox" 300x200 in img',
      'b.png "B, c" (T) 20x in img',
      '{dir}/c.png in img variable',
      'd.png "Q, q" in img',
    ],
  ],
  [
    'a manual in reStructuredText',
    'restructuredtext',
    `.. figure:: img/a.png
   :alt: A fox
   :width: 300px
   :height: 20

   Caption

.. |hero| image:: my\\ hero.png`,
    ['img/a.png "A fox" 300x20', 'my hero.png'],
  ],
  [
    'a paper in LaTeX',
    'latex',
    `\\graphicspath{{img/}{more/}}
\\begin{figure}
  \\includegraphics[width=.5\\textwidth,alt={A \\#1 fox}]{a}
  \\caption[short]{A red fox}
\\end{figure} % \\includegraphics{no}
\\includegraphics*{\\detokenize{my_b.png}} \\includegraphics{\\dir/c.png} \\includegraphics{#1.png}`,
    [
      'a "A #1 fox" (A red fox) .5\\textwidthx in img/,more/',
      'my_b.png in img/,more/',
      '\\dir/c.png in img/,more/ variable',
      '#1.png in img/,more/ variable',
    ],
  ],
  [
    'a document in Typst',
    'typst',
    '#figure(image("a.png", width: 80%, alt: "A \\"fox\\""), caption: [A hero])\n// image("no.png")\n#image("b.png")',
    ['a.png "A "fox"" (A hero) 80%x', 'b.png'],
  ],
  [
    'a document in Org',
    'org',
    '#+CAPTION: A fox\n#+NAME: x\n[[file:a.png]]\n\n[[./b.png][B words]]',
    ['a.png (A fox)', './b.png "B words"'],
  ],
  [
    'a template in Pug',
    'pug',
    'img.big(src="a.png" alt=\'A (fox)\' width=300)\np #[img(src=hero, alt="x")] words\n//- img(src="no.png")',
    ['a.png "A (fox)" 300x', '? "x" variable'],
  ],
];

describe('all links of a document', () => {
  for (const [title, language, text, expected] of documents) {
    it(`are found in ${title} (${language})`, () => {
      assert.deepEqual(readLinks(text, language).map(inLine), expected);
    });
  }

  it('have ranges that give back what is written', () => {
    for (const [, language, text] of documents) {
      for (const link of readLinks(text, language)) {
        const [from, to] = link.whole;
        for (const target of [link.target, ...link.candidates.map((each) => each.target)]) {
          assert.equal(text.slice(...target.span), target.written);
          if (!link.isDefinition && !link.target.isImage) continue;
          assert.ok(link.family === 'markdown' || (target.span[0] >= from && target.span[1] <= to));
        }
      }
    }
  });

  it('count in UTF-16 units, with line ends of any kind', () => {
    const text = '🦊 é\r\n\r\n![🦊](a🦊.png)\r\n\r\n<img alt="🦊" src="b.png">';
    const [first, second] = readLinks(text, 'markdown');
    assert.equal(text.slice(...first!.target.span), 'a🦊.png');
    assert.equal(text.slice(...first!.alt!.span), '🦊');
    assert.equal(text.slice(...second!.target.span), 'b.png');
    assert.equal(text.slice(...second!.alt!.span), '🦊');
  });

  it('are found before and behind what is unfinished', () => {
    const unfinished: [LanguageName, string][] = [
      ['markdown', '![a](a.png)\n\n![b](b.pn\n\n<img src="\n\n![c](c.png)\n'],
      ['html', '<img src="a.png">\n<img src="b.png" <p>\n<div {{ \n<img src="c.png">'],
      ['jsx', 'const a = <img src="a.png" />;\nconst b = <p {...;\nconst c = "c.png";'],
      ['css', 'a { b: url(a.png) }\na { b: url("b.p\n }\na { c: url(c.png) }'],
      ['template', '<img src="a.png">\n<img alt={ \n<img src="c.png">'],
    ];
    for (const [language, text] of unfinished) {
      const targets = readLinks(text, language).map(({ target }) => target.target);
      assert.ok(
        targets.includes('a.png') && targets.includes('c.png'),
        `${language}: ${targets.join()}`,
      );
    }
  });
});
