import assert from 'node:assert/strict';
import { posix } from 'node:path';
import type { ImageLink } from '../../../../src/document/imageMarkup.ts';
import { languageOf } from '../../../../src/document/languageIds.ts';
import { insertionAt } from '../../../../src/document/linkPlace.ts';
import { pathsOfLink } from '../../../../src/document/linkTargets.ts';
import { pipelineOf, type Pipeline } from '../../../../src/document/pipelines/pipeline.ts';
import { pipelineForm } from '../../../../src/document/pipelines/pipelineForm.ts';
import { createFuzz } from '../../fuzz.ts';
import { parsers, readLinks } from '../links/readLinks.ts';

const folder = '/site/app';
const size = { width: 1536, height: 1024 };
const fox = { path: '../assets/red fox.png', alt: 'A "red" {fox}', size };

/** The text after an insertion at the sign. */
function inserted(
  pipeline: Pipeline,
  name: string,
  marked: string,
  links: readonly ImageLink[] = [fox],
): string {
  const documentPath = `${folder}/src/pages/${name}`;
  const language = languageOf('', documentPath) ?? languageOf('typescriptreact') ?? assert.fail();
  const offset = marked.indexOf('▌');
  const text = marked.replace('▌', '');
  const at = { text, documentPath, offset };
  const own = pipelineForm(language, at, { folder, pipeline }, parsers);
  const place = { offset, stood: 'inWords' } as const;
  const insertion = insertionAt(language, { text, documentPath }, place, links, own?.form);
  const imports = own?.imports();
  const { offset: to } = insertion;
  const whole = text.slice(0, to) + insertion.text + text.slice(to);
  return imports
    ? whole.slice(0, imports.offset) + imports.text + whole.slice(imports.offset)
    : whole;
}

describe('the pipeline of a project', () => {
  it('is told by what it depends on', () => {
    const told: [unknown, Pipeline | undefined][] = [
      [{ dependencies: { astro: '^5' }, devDependencies: { 'vite-imagetools': '1' } }, 'astro'],
      [{ devDependencies: { 'vite-imagetools': '1' } }, 'imagetools'],
      [{ peerDependencies: { next: '15' } }, 'next'],
      [{ dependencies: { '@sveltejs/enhanced-img': '1', 'vite-imagetools': '1' } }, 'enhancedImg'],
      [{ dependencies: ['next'], devDependencies: 'next', name: 'astro' }, undefined],
      [null, undefined],
    ];
    for (const [json, pipeline] of told) assert.equal(pipelineOf(JSON.stringify(json)), pipeline);
    assert.equal(pipelineOf('{ "dependencies": { "next": '), undefined);
  });

  const samples: [what: string, Pipeline, name: string, before: string, after: string][] = [
    [
      'a page of Astro',
      'astro',
      'index.astro',
      "---\nimport Layout from '../Layout.astro';\nconst a = 1;\n---\n<Layout>\n  ▌\n</Layout>\n",
      `---\nimport Layout from '../Layout.astro';\nimport redFox from '../assets/red fox.png';\nimport { Image } from 'astro:assets';\nconst a = 1;\n---\n<Layout>\n  <Image src={redFox} alt={"A \\"red\\" {fox}"} />\n</Layout>\n`,
    ],
    [
      'a page of Astro without a script',
      'astro',
      'index.astro',
      '<p>▌</p>\n',
      `---\nimport redFox from '../assets/red fox.png';\nimport { Image } from 'astro:assets';\n---\n\n<p><Image src={redFox} alt={"A \\"red\\" {fox}"} /></p>\n`,
    ],
    [
      'a component of Next that imports both already',
      'next',
      'page.tsx',
      `'use client';\n\nimport Img from "next/image"\nimport fox from "../assets/red fox.png"\n\nexport const A = () => <p>▌</p>\n`,
      `'use client';\n\nimport Img from "next/image"\nimport fox from "../assets/red fox.png"\n\nexport const A = () => <p><Img src={fox} alt="A &quot;red&quot; &#123;fox}" /></p>\n`,
    ],
    [
      'a component of Next whose names are taken',
      'next',
      'page.tsx',
      `'use client';\n\n/** A page. */\nexport function Image(redFox: string) {\n  return <p>▌</p>;\n}\n`,
      `'use client';\n\nimport redFox2 from '../assets/red fox.png';\nimport Image2 from 'next/image';\n\n/** A page. */\nexport function Image(redFox: string) {\n  return <p><Image2 src={redFox2} alt="A &quot;red&quot; &#123;fox}" /></p>;\n}\n`,
    ],
    [
      'a component whose first statement has a comment',
      'next',
      'page.tsx',
      `// @ts-check\n\n/** A page. */\nexport const A = () => <p>▌</p>;\n`,
      `// @ts-check\n\nimport redFox from '../assets/red fox.png';\nimport Image from 'next/image';\n\n/** A page. */\nexport const A = () => <p><Image src={redFox} alt="A &quot;red&quot; &#123;fox}" /></p>;\n`,
    ],
    [
      'a component of Svelte with its own images',
      'enhancedImg',
      'A.svelte',
      '<p>▌</p>',
      '<p><enhanced:img src="../assets/red%20fox.png" alt="A &quot;red&quot; &#123;fox}" /></p>',
    ],
    [
      'a component of Vue',
      'imagetools',
      'A.vue',
      '<template>\n  ▌\n</template>\n',
      `<script setup>\nimport redFox from '../assets/red fox.png';\nimport redFoxSet from '../assets/red fox.png?w=640;1280;1536&format=webp&as=srcset';\n</script>\n\n<template>\n  <img :src="redFox" :srcset="redFoxSet" sizes="(min-width: 1536px) 1536px, 100vw" alt="A &quot;red&quot; &#123;fox}" width="1536" height="1024" />\n</template>\n`,
    ],
    [
      'a component of Vue whose script gives no names to the template',
      'imagetools',
      'A.vue',
      '<script>\nexport default {};\n</script>\n<template>▌</template>\n',
      '<script>\nexport default {};\n</script>\n<template><img src="../assets/red%20fox.png" alt="A &quot;red&quot; &#123;fox}" width="1536" height="1024"></template>\n',
    ],
    [
      'a component of Svelte with a script',
      'imagetools',
      'A.svelte',
      '<script>\n  let a = 1;\n</script>\n<p>▌</p>\n',
      `<script>\n  import redFox from '../assets/red fox.png';\n  import redFoxSet from '../assets/red fox.png?w=640;1280;1536&format=webp&as=srcset';\n\n  let a = 1;\n</script>\n<p><img src={redFox} srcset={redFoxSet} sizes="(min-width: 1536px) 1536px, 100vw" alt="A &quot;red&quot; &#123;fox}" width="1536" height="1024" /></p>\n`,
    ],
  ];
  for (const [what, pipeline, name, before, after] of samples)
    it(`writes its own form in ${what}`, () =>
      assert.equal(inserted(pipeline, name, before), after));

  it('links what lies in the public folder from the root', () => {
    const link = { ...fox, path: '../../public/a b.png' };
    assert.equal(
      inserted('astro', 'index.astro', '<p>▌</p>', [link]),
      '<p><img src="/a%20b.png" alt={"A \\"red\\" {fox}"} width="1536" height="1024" /></p>',
    );
    assert.match(
      inserted('next', 'page.tsx', 'export const A = () => <p>▌</p>;', [link]),
      /^import Image from 'next\/image';\n\nexport .*<Image src="\/a%20b.png" alt=".*" width=\{1536\} height=\{1024\} \/>/,
    );
  });

  it('is nothing for images of elsewhere, in strings, and for other texts', () => {
    const outside = { ...fox, path: '../../../other/a.png' };
    assert.ok(!inserted('next', 'page.tsx', 'const a = <p>▌</p>;', [outside]).includes('import'));
    assert.ok(!inserted('next', 'page.tsx', "const a = '▌';").includes('import'));
    assert.ok(!inserted('next', 'page.tsx', '▌import a from "a";').includes('next/image'));
    assert.ok(!inserted('astro', 'index.astro', '---\nconst a = ▌;\n---\n').includes('<Image'));
    assert.ok(!inserted('next', 'page.typ', '▌').includes('import'));
  });

  const kept: [pipeline: Pipeline, name: string, marked: string][] = [
    [
      'next',
      'page.tsx',
      "import d from './d.json' with { type: 'json' };\n\nconst a = <p>▌</p>;\n",
    ],
    ['next', 'page.tsx', "import fs = require('fs');\n\nconst a = <p>▌</p>;\n"],
    ['next', 'page.tsx', "import b from './b' // eslint-disable-line\n\nconst a = <p>▌</p>;\n"],
    ['next', 'page.tsx', "import b from './b'; const c = 1;\n\nconst a = <p>▌</p>;\n"],
    ['next', 'page.tsx', "'use client' /* here */;\n\nconst a = <p>▌</p>;\n"],
    ['next', 'page.tsx', '/* one\n\ntwo */\nconst a = <p>▌</p>;\n'],
    ['next', 'page.tsx', '// one\n\n/* two\n\nthree */\nconst a = <p>▌</p>;\n'],
    ['next', 'page.tsx', "import b from './b'; /* one\ntwo */\nconst a = <p>▌</p>;\n"],
    ['astro', 'index.astro', '\n---\nconst a = 1;\n---\n<p>▌</p>\n'],
    ['astro', 'index.astro', `---\n${'// a\n'.repeat(600)}---\n<p>▌</p>\n`],
    [
      'imagetools',
      'A.svelte',
      '<script type="application/ld+json">\n{"a": 1}\n</script>\n<script>\n  let a = 1;\n</script>\n<p>▌</p>\n',
    ],
  ];
  for (const [pipeline, name, marked] of kept)
    it(`leaves what stands in the script as it is: ${marked.slice(0, 60)}`, () => {
      const written = inserted(pipeline, name, marked);
      const [before = ''] = marked.split('▌');
      // Whole lines of its own, and nothing between the lines of a comment.
      const added = written.split('\n').filter((line) => !marked.split('\n').includes(line));
      const rest = written.split('\n').filter((line) => !added.includes(line));
      const stood = marked.split('\n').filter((line) => !line.includes('▌'));
      assert.deepEqual(
        rest.filter((line) => line !== ''),
        stood.filter((line) => line !== ''),
      );
      assert.ok(!/\/\*[^*]*import /.test(written), written);
      assert.ok(before.includes('<p>'));
      for (const line of added)
        assert.match(line, /^\s*import [^=]* from '[^']*';?$|<(?:Image|img)|^<\/?script>$/);
    });

  it('imports each image once, and gives several their own names', () => {
    const links = [fox, { ...fox, path: '../assets/red-fox.png' }, fox];
    const text = inserted('next', 'page.tsx', 'export const A = () => (\n  ▌\n);\n', links);
    assert.equal(text.match(/^import/gm)?.length, 3, text);
    assert.match(
      text,
      /<>\n {4}<Image src=\{redFox\}.*\n {4}<Image src=\{redFox2\}.*\n {4}<Image src=\{redFox\}.*\n {2}<\/>/,
    );
  });

  const documents: [Pipeline, string, string][] = [
    ['astro', 'index.astro', '---\nconst a = 1;\n---\n<p>▌</p>\n'],
    ['next', 'page.tsx', 'export const A = () => <p>▌</p>;\n'],
    ['imagetools', 'page.jsx', '// words\nexport const A = () => <p>▌</p>;\n'],
    ['imagetools', 'A.vue', '<script setup>\nconst a = 1;\n</script>\n<template>▌</template>\n'],
    ['imagetools', 'A.svelte', '<p>▌</p>\n'],
    ['enhancedImg', 'A.svelte', '<p>▌</p>\n'],
  ];
  for (const [seed, [pipeline, name, marked]] of documents.entries())
    it(`is read back, whatever names and words are, in ${name} with ${pipeline}`, () => {
      const { below, pick } = createFuzz(seed);
      const pieces = [
        'a',
        'B',
        '7',
        ' ',
        '-',
        '雪',
        "'",
        '"',
        '`',
        '\\',
        '(',
        '$',
        '#',
        '{',
        '}',
        '<',
        '&',
        '%',
        '${',
        'new',
        '!',
        '@',
        ',',
      ];
      const text = (most: number) =>
        Array.from({ length: 1 + below(most) }, () => pick(pieces)).join('');
      for (let run = 0; run < 250; run += 1) {
        // A query begins with `?`, and what builds read of a name ends there.
        const file = `${folder}/src/${text(3).trim() || 'x'}/${text(4).trim() || 'x'}.png`;
        const documentPath = `${folder}/src/pages/${name}`;
        const link = {
          path: posix.relative(posix.dirname(documentPath), file),
          alt: text(6),
          size,
        };
        const after = inserted(pipeline, name, marked, [link]);
        const language = languageOf('', documentPath) ?? 'jsx';
        const place = { documentPath, folderPath: '/site' };
        const links = readLinks(after, language).filter((each) => each.target.target !== '');
        const known = links.find((each) => pathsOfLink(each.target, place).includes(file));
        assert.ok(known, `${JSON.stringify(link)} in ${after}`);
        const alt = known.alt?.text.replace(/\s+/g, ' ').trim();
        assert.equal(alt, link.alt.replace(/\s+/g, ' ').trim(), after);
        if (pipeline === 'imagetools') assert.equal(known.width?.pixels, size.width, after);
      }
    });
});
