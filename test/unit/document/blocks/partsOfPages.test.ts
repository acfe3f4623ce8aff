import assert from 'node:assert/strict';
import { tagPlacesOf } from '../../../../src/document/blocks/tagPlaces.ts';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { insertionAt } from '../../../../src/document/linkPlace.ts';
import { parsers } from '../links/readLinks.ts';

const link = { path: 'a b.png', alt: 'a boat', size: { width: 3, height: 2 } };

function inserted(language: LanguageName, marked: string, links = [link]): string {
  const offset = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const place = { offset, stood: 'inWords' } as const;
  const places = tagPlacesOf(language, parsers);
  const whole = { text, documentPath: undefined };
  const insertion = insertionAt(language, whole, place, links, undefined, places);
  return text.slice(0, insertion.offset) + insertion.text + text.slice(insertion.offset);
}

const rows: [LanguageName, string, string][] = [
  [
    'html',
    '<style>.a { background: ¦ }</style>',
    '<style>.a { background: url("a%20b.png") }</style>',
  ],
  [
    'html',
    '<style>\n.a { background: url(¦) }\n</style>',
    '<style>\n.a { background: url(a%20b.png) }\n</style>',
  ],
  [
    'html',
    '<STYLE>.a { background: ¦ }</STYLE>',
    '<STYLE>.a { background: url("a%20b.png") }</STYLE>',
  ],
  [
    'template',
    '<p>a</p>\n<style lang="scss">a { b: ¦ }</style>',
    '<p>a</p>\n<style lang="scss">a { b: url("a%20b.png") }</style>',
  ],
  [
    'astro',
    '---\n---\n<p>a</p>\n<style>a { b: ¦ }</style>',
    '---\n---\n<p>a</p>\n<style>a { b: url("a%20b.png") }</style>',
  ],
  [
    'html',
    '<p>a</p><script>const a = "¦";</script>',
    '<p>a</p><script>const a = "a b.png";</script>',
  ],
  [
    'html',
    "<script setup>\nimport a from '¦';\n</script>\n<p>b</p>",
    "<script setup>\nimport a from './a b.png';\n</script>\n<p>b</p>",
  ],
  [
    'html',
    '<style></style>¦',
    '<style></style>\n<img src="a%20b.png" alt="a boat" width="3" height="2">',
  ],
];

describe('an image in a part of a page', () => {
  for (const [language, marked, wanted] of rows)
    it(`is written as its language has it: ${language}: ${JSON.stringify(marked)}`, () => {
      assert.equal(inserted(language, marked), wanted);
    });

  it('is one of several layers in a style sheet', () => {
    const two = inserted('html', '<style>a { background: ¦ }</style>', [
      link,
      { ...link, path: 'c.png' },
    ]);
    assert.equal(two, '<style>a { background: url("a%20b.png"), url("c.png") }</style>');
  });
});
