/** A document of a language: its links to `there.png`, and those to images that are not there. */
export interface Sample {
  file: string;
  text: string;
  /** Names with an alt text. */
  described: string[];
  /** Names without. */
  others?: string[];
}

export const samples: readonly Sample[] = [
  {
    file: 'a.md',
    text: [
      '# Birds',
      '![a there](there.png) ![a wren](m1.png) [page](b.md)',
      '![a robin][robin]',
      '![](m3.png)',
      '<img src="m4.png" alt="an owl">',
      '`![code](code.png)`',
      '[robin]: m2.png "words"',
      '![a far one](https://example.com/far.png) ![d](data:image/png;base64,AAAA)',
      '![x]({{ base }}/y.png) ![an icon](i.svg) ![no format](nothing)',
    ].join('\n\n'),
    described: ['m1.png', 'm2.png', 'm4.png'],
    others: ['m3.png'],
  },
  {
    file: 'a.mdx',
    text: 'import x from "./m1.png"\n\n<Image src="m2.png" alt="a wren" />\n\n![a robin](m3.png)\n',
    described: ['m2.png', 'm3.png'],
    others: ['m1.png'],
  },
  {
    file: 'a.html',
    text: '<img src="there.png" alt="a">\n<img src=m1.png alt="a wren" width=300 height=200>\n<video poster="m2.png"></video>\n<img src="m3.png" alt="">\n',
    described: ['m1.png'],
    others: ['m2.png', 'm3.png'],
  },
  {
    file: 'set.html',
    text: '<img src="m1.png" srcset="m2.png 2x, there.png 3x" alt="a wren">\n<picture><source srcset="m3.png 640w, there.png 1280w"></picture>\n',
    described: ['m1.png', 'm2.png'],
    others: ['m3.png'],
  },
  {
    file: 'a.vue',
    text: '<template>\n  <img src="./m1.png" alt="a wren">\n  <img :src="picture" alt="b">\n</template>\n',
    described: ['m1.png'],
  },
  {
    file: 'a.svelte',
    text: '<img src="m1.png" alt="a wren" />\n<img {src} alt="b" />\n',
    described: ['m1.png'],
  },
  {
    file: 'a.astro',
    text: '---\nimport wren from "./m1.png";\n---\n<Image src={wren} alt="a wren" />\n<img src="m2.png" alt="a robin" />\n',
    described: ['m1.png', 'm2.png'],
  },
  {
    file: 'a.tsx',
    text: 'import wren from "./m1.png";\nexport const A = () => (\n  <p>\n    <img src={wren} alt="a wren" />\n    <img src="./m2.png" alt="a robin" />\n  </p>\n);\n',
    described: ['m1.png', 'm2.png'],
  },
  {
    file: 'a.css',
    text: 'a { background: url(there.png) }\nb { width: 30px; background: url("m1.png") }\n@font-face { src: url(f.woff) }\n',
    described: [],
    others: ['m1.png'],
  },
  {
    file: 'a.scss',
    text: '.a { // url(no.png)\n  .b { background: url(m1.png) }\n}\n',
    described: [],
    others: ['m1.png'],
  },
  {
    file: 'a.adoc',
    text: '= Birds\n\nimage::m1.png[a wren]\n\nimage::there.png[]\n',
    described: ['m1.png'],
  },
  {
    file: 'a.rst',
    text: '.. image:: m1.png\n   :alt: a wren\n\n.. image:: there.png\n',
    described: ['m1.png'],
  },
  {
    file: 'a.tex',
    text: '\\documentclass{article}\n\\includegraphics{m1.png}\n\\includegraphics{there}\n',
    described: [],
    others: ['m1.png'],
  },
  {
    file: 'a.typ',
    text: '#image("m1.png", alt: "a wren")\n#image("there.png")\n',
    described: ['m1.png'],
  },
];

/** Links of which no image is made, and what is said of a text with no other. */
export const notToBeMade: readonly [what: string, link: string, sentence: RegExp][] = [
  [
    'it leads out of the workspace',
    '../../../../../out.png',
    /out\.png is outside the workspace\.$/,
  ],
  [
    'it leads out by escapes',
    '%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/out.png',
    /is outside the workspace\.$/,
  ],
  ['it is a file of the machine', 'file:///site/out.png', /^No link of a\.md leads/],
  ['it is on a drive', 'C:/site/out.png', /^No link of a\.md leads/],
  ['it is in a home folder', '~/out.png', /^No link of a\.md leads/],
  ['it is on a server', '//example.com/out.png', /^No link of a\.md leads/],
  ['it is on the web', 'https://example.com/out.png', /^No link of a\.md leads/],
  ['it holds its image', 'data:image/png;base64,AAAA', /^No link of a\.md leads/],
  ['a program knows it', '{{ site.base }}/out.png', /^No link of a\.md leads/],
  ['a template knows it', 'images/${name}.png', /^No link of a\.md leads/],
  ['its name has no format', 'images/wren', /images\/wren has no extension that names a format\.$/],
  ['it is a folder', 'images/', /images\/ has no extension that names a format\.$/],
  ['it is an icon', 'favicon.ico', /^None .* No model draws in the format of favicon\.ico\.$/],
  ['it is made of lines', 'wren.svg', /No model draws in the format of wren\.svg\.$/],
  ['it is an animation', 'wren.gif', /No model draws in the format of wren\.gif\.$/],
  ['its name is too long', `${'a'.repeat(300)}.png`, /is too long for a file\.$/],
];

/** A notebook with a cell in Markdown, and one of code. */
export function notebookWith(...markdown: string[]): string {
  const cell = (kind: string, source: string) => ({
    cell_type: kind,
    metadata: {},
    source,
    ...(kind === 'code' && { outputs: [], execution_count: null }),
  });
  const cells = [
    ...markdown.map((source) => cell('markdown', source)),
    cell('code', '"![a wren](no.png)"'),
  ];
  return JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 2 });
}
