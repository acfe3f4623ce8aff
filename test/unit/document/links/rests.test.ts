import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { linksOf } from '../../../../src/document/links/linksOf.ts';
import { tooSlow } from '../../../support/processorTime.ts';
import { parsers, readLinks } from './readLinks.ts';

const parts = 2_000;

describe('reading a text of one line, made to be slow', () => {
  for (const [language, part] of [
    ['jsx', '`${'],
    ['script', '`<${`'],
    ['script', '`url(a.png)`;'],
    ['html', '<img src="a.png">'],
    ['template', '<style>a{b:url(a.png)}</style>'],
    ['astro', '<img src="a.png">'],
  ] as const satisfies [LanguageName, string][])
    it(`can rest at each ${part} of ${language}`, () => {
      const steps = linksOf(part.repeat(parts), language, parsers);
      let rests = 0;
      while (steps.next().done !== true) rests += 1;
      assert.ok(rests >= parts, `only ${String(rests)} rests`);
    });

  for (const [language, part] of [
    ['asciidoc', ':imagesdir: b\nimage::a.png[]\n'],
    ['latex', '\\graphicspath{{b}}\n\\includegraphics{a.png}\n'],
  ] as const satisfies [LanguageName, string][])
    it(`takes no more for each folder that is named in ${language}`, () => {
      const read = (count: number) => void readLinks(part.repeat(count), language);
      assert.equal(tooSlow(read, 16_000, 200), undefined);
    });
});
