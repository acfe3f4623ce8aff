import assert from 'node:assert/strict';
import { tagPlacesOf } from '../../../../src/document/blocks/tagPlaces.ts';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { parsers } from '../links/readLinks.ts';

/** The place is at the bar. */
const rows: [LanguageName, string, boolean][] = [
  ['html', '¦', true],
  ['html', '<div>\n  ¦\n</div>', true],
  ['html', '<p>a</p>\n¦\n<p>b</p>', true],
  ['html', '<ul><li>a\n¦\n</li></ul>', true],
  ['html', '<!doctype html><html><body><main>\n¦\n</main></body></html>', true],
  ['html', '<p>\n¦\n</p>', false],
  ['html', '<P>a\n¦', false],
  ['html', '<p>a\n<div>\n¦\n</div>', true],
  ['html', '<ul>\n¦\n</ul>', false],
  ['html', '<table>\n¦\n</table>', false],
  ['html', '<h2>¦</h2>', false],
  ['html', '<a href="b">\n¦\n</a>', false],
  ['html', '<a href="b"><div>\n¦\n</div></a>', false],
  ['html', '<span>\n¦\n</span>', false],
  ['html', '<html><head>\n¦\n</head></html>', false],
  ['html', '<pre>\n¦\n</pre>', false],
  ['html', '<script>\n¦\n</script>', false],
  ['html', '<figcaption>\n¦\n</figcaption>', false],
  ['html', '<!-- \n¦\n -->', false],
  ['html', '<img\n¦\n>', false],
  ['html', '<?php\n¦\n', false],
  ['html', '<?php\n¦\n?>', false],
  ['html', '<div></div></div></p>\n¦', true],
  ['astro', '---\nconst a = 1;\n¦\n---\n', false],
  ['astro', '---\n---\n<Layout>\n¦\n</Layout>', true],
  ['template', '<div>\n{{#if a}}\n¦\n{{/if}}\n</div>', true],
  ['jsx', 'const a = (\n  <div>\n    ¦\n  </div>\n);', true],
  ['jsx', 'const a = (\n  <p>\n    ¦\n  </p>\n);', false],
  ['jsx', 'const a = (\n  ¦\n);', true],
  ['jsx', 'const a = (\n  <p>{b && (\n    ¦\n  )}</p>\n);', false],
];

describe('a place for a block', () => {
  for (const [language, marked, expected] of rows)
    it(`is ${expected ? '' : 'not '}at the bar of ${JSON.stringify(marked)} in ${language}`, () => {
      const text = marked.replace('¦', '');
      const { takesBlocks } = tagPlacesOf(language, parsers);
      assert.equal(takesBlocks(text, marked.indexOf('¦')), expected);
    });
});
