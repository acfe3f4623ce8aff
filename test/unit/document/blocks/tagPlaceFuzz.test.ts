import assert from 'node:assert/strict';
import { parse as parseAstro } from '@astrojs/compiler';
import { parse as parseScript } from '@babel/parser';
import { parse as parseVue } from '@vue/compiler-dom';
import { parseFragment } from 'parse5';
import { parse as parseSvelte } from 'svelte/compiler';
import { tagPlacesOf } from '../../../../src/document/blocks/tagPlaces.ts';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { insertionAt } from '../../../../src/document/linkPlace.ts';
import { createFuzz } from '../../fuzz.ts';
import { parsers } from '../links/readLinks.ts';

interface Dialect {
  language: LanguageName;
  /** The tree as the language's own parser reads it. @throws where it cannot */
  parse: (text: string) => unknown;
  /** Put around what is made up. */
  around: readonly [before: string, after: string];
  /** What may stand in text. */
  pieces: readonly string[];
  /** Put around a block, by a program. */
  wrappers: readonly (readonly [before: string, after: string])[];
  blocks: readonly string[];
}

const blocks = [
  'p',
  'p',
  'p',
  'h2',
  'div',
  'li',
  'section',
  'blockquote',
  'figcaption',
  'td',
  'pre',
];
const common = ['fox', 'a & b', 'two words', '50%', 'me@x.example', '狐狸', '"quoted"', "it's"];
const jsxWrappers = [
  ['{xs.map((x) => (\n', '\n))}'],
  ['{a && ', '}'],
  ['<Card title={<b>t</b>}>', '</Card>'],
  ['<>', '</>'],
] as const;

const dialects: Record<string, Dialect> = {
  html: {
    language: 'html',
    parse: (text) => parseFragment(text),
    around: ['', ''],
    pieces: [...common, '{', '<br>', '&lt;p&gt;', '<!-- <p> -->', '<?php echo "</p>" ?>'],
    wrappers: [['<ul><li>b</li>', '</ul>']],
    blocks: [...blocks, 'P', 'button'],
  },
  vue: {
    language: 'html',
    parse: (text) => parseVue(text),
    around: ['<script setup>\nconst a = "<p>";\n</script>\n<template>', '</template>'],
    pieces: [...common, '{{ a }}', '<br />', '<Icon name="a" />', '<!-- a -->'],
    wrappers: [
      ['<Card v-if="a > 1">', '</Card>'],
      ['<template v-for="x in xs">', '</template>'],
    ],
    blocks,
  },
  svelte: {
    language: 'template',
    parse: (text) => parseSvelte(text, { modern: true }),
    around: ['<script>\n  let a = "{";\n</script>\n', ''],
    pieces: [...common, '{a}', '<br />', '<Icon name={a} />', '<!-- { -->'],
    wrappers: [
      ['{#if a}', '{:else}b{/if}'],
      ['{#each xs as x}', '{/each}'],
      ['<Card on:click={() => a > 1}>', '</Card>'],
    ],
    blocks: ['p', 'h2', 'div', 'section', 'blockquote', 'pre'],
  },
  astro: {
    language: 'astro',
    parse: async (text) => {
      const { ast, diagnostics } = await parseAstro(text, { position: false });
      const errors = diagnostics.filter(({ severity }) => String(severity) === '1');
      if (errors.length > 0) throw new Error(JSON.stringify(errors));
      return ast;
    },
    around: ['---\nconst a = "<p>";\n---\n', ''],
    pieces: [...common, '{a}', '<br />', '<Icon name={a} />', '<!-- a -->'],
    wrappers: jsxWrappers,
    blocks: ['p', 'h2', 'div', 'section', 'blockquote', 'pre'],
  },
  jsx: {
    language: 'jsx',
    parse: (text) => parseScript(text, { plugins: ['jsx', 'typescript'], sourceType: 'module' }),
    around: ['const a = (\n', '\n);\n'],
    pieces: [...common, '{a}', '<br />', '<Icon name={a} />', '{/* a <p> */}'],
    wrappers: jsxWrappers,
    blocks,
  },
};

type Fuzz = ReturnType<typeof createFuzz>;

function textOf({ pieces }: Dialect, { below, pick }: Fuzz): string {
  const some = Array.from({ length: below(5) }, () => pick(pieces));
  const joined = some.join(pick([' ', '\n', ' ', ' <b>x</b> ', '\n\n']));
  return below(4) === 0 ? `<a href="#">${joined}</a>` : joined;
}

function blockOf(dialect: Dialect, fuzz: Fuzz, depth: number): string {
  const { below, pick } = fuzz;
  const name = pick(dialect.blocks);
  const gap = () => pick(['', '\n', '\n  ', '\n\n', ' ']);
  const isOfText = /^(?:p|h2|figcaption|button|pre)$/i.test(name);
  const inner =
    isOfText || depth === 0 || below(3) === 0
      ? textOf(dialect, fuzz)
      : Array.from({ length: 1 + below(3) }, () =>
          below(3) === 0 ? textOf(dialect, fuzz) : blockOf(dialect, fuzz, depth - 1),
        ).join(gap());
  const own = `<${name}>${gap()}${inner}${gap()}</${name}>`;
  const block = name === 'td' ? `<table><tr>${own}</tr></table>` : own;
  if (below(4) > 0) return block;
  const [before, after] = pick(dialect.wrappers);
  return before + block + after;
}

/** Names of elements and all text, in their order, and how many images there are. */
function shapeOf(tree: unknown): { shape: string; images: number } {
  const found: string[] = [];
  let images = 0;
  const seen = new Set<unknown>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || seen.has(node)) return;
    seen.add(node);
    if (Array.isArray(node)) {
      node.forEach(walk);
      return;
    }
    const own = node as Record<string, unknown>;
    const name = own['tagName'] ?? own['tag'] ?? own['name'];
    const isElement = own['attrs'] ?? own['props'] ?? own['attributes'];
    if (isElement && name === 'img') {
      images += 1;
      return;
    }
    const opening = own['openingElement'] as { name?: { name?: string } } | undefined;
    if (opening?.name?.name === 'img') {
      images += 1;
      return;
    }
    if (typeof name === 'string') found.push(name);
    const text = [own['value'], own['content'], own['data'], own['val']];
    found.push(...text.filter((each) => typeof each === 'string'));
    for (const [key, inner] of Object.entries(own)) if (!ofPlace.has(key)) walk(inner);
  };
  walk(tree);
  return { shape: found.join('|').replace(/[\s|]/g, ''), images };
}

const ofPlace = new Set(
  'loc start end parent parentNode range position extra comments errors tokens raw'.split(' '),
);

const link = { path: 'fox.png', alt: 'A fox', size: { width: 8, height: 6 } };

describe('an image at any place between tags', () => {
  for (const [seed, [name, dialect]] of Object.entries(dialects).entries())
    it(`leaves all else as it was: ${name}`, async function () {
      this.timeout(60_000);
      const fuzz = createFuzz(700 + seed);
      const places = tagPlacesOf(dialect.language, parsers);
      let placed = 0;
      for (let run = 0; run < 800; run += 1) {
        const [before, after] = dialect.around;
        const block = blockOf(dialect, fuzz, 2);
        const text = before + block + after;
        const offset = before.length + fuzz.below(block.length + 1);
        if (!places.placeIn(text, offset, false)) continue;
        let was: ReturnType<typeof shapeOf>;
        try {
          was = shapeOf(await dialect.parse(text));
        } catch {
          continue;
        }
        placed += 1;
        const whole = { text, documentPath: undefined };
        const place = { offset, stood: 'inWords' } as const;
        const insertion = insertionAt(dialect.language, whole, place, [link], undefined, places);
        const { offset: at, text: inserted } = insertion;
        const now = text.slice(0, at) + inserted + text.slice(at);
        const what = `${text.slice(0, offset)}¦${text.slice(offset)}\n=>\n${now}`;
        let is: ReturnType<typeof shapeOf>;
        try {
          is = shapeOf(await dialect.parse(now));
        } catch (thrown) {
          assert.fail(`${String(thrown)}\n${what}`);
        }
        assert.equal(is.images, was.images + 1, what);
        assert.equal(is.shape, was.shape, what);
        const line =
          now
            .slice(0, at + insertion.begin)
            .split('\n')
            .at(-1) ?? '';
        const rest = now.slice(at + insertion.end).split('\n')[0] ?? '';
        assert.equal(line.trim() + rest.trim(), '', `not in a line of its own: ${what}`);
      }
      assert.ok(placed > 180, String(placed));
    });
});

describe('a gallery at any place between tags', () => {
  for (const [seed, [name, dialect]] of Object.entries(dialects).entries())
    it(`stands only where all else stays as it was: ${name}`, async function () {
      this.timeout(60_000);
      const fuzz = createFuzz(900 + seed);
      const places = tagPlacesOf(dialect.language, parsers);
      let galleries = 0;
      for (let run = 0; run < 600; run += 1) {
        const [before, after] = dialect.around;
        const block = blockOf(dialect, fuzz, 2);
        const text = before + block + after;
        const offset = before.length + fuzz.below(block.length + 1);
        const whole = { text, documentPath: undefined };
        const place = { offset, stood: 'inWords' } as const;
        const links = [link, link];
        const insertion = insertionAt(dialect.language, whole, place, links, undefined, places);
        if (!insertion.text.includes('gallery')) continue;
        let was: ReturnType<typeof shapeOf>;
        try {
          was = shapeOf(await dialect.parse(text));
        } catch {
          continue;
        }
        galleries += 1;
        const { offset: at, text: inserted } = insertion;
        const now = text.slice(0, at) + inserted + text.slice(at);
        const what = `${text.slice(0, offset)}¦${text.slice(offset)}\n=>\n${now}`;
        const is = shapeOf(await dialect.parse(now));
        assert.equal(is.images, was.images + 2, what);
        // A block in a paragraph ends it there, and the rest is another.
        if (name === 'html')
          assert.equal(is.shape.replace('divclassgalleryfigurefigure', ''), was.shape, what);
      }
      assert.ok(galleries > 50, String(galleries));
    });
});
