import assert from 'node:assert/strict';
import type { LanguageName } from '../../../src/document/languageIds.ts';
import { insertionAt } from '../../../src/document/linkPlace.ts';

function inserted(language: LanguageName, marked: string): string {
  const offset = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const link = { path: 'a b.png', alt: 'a boat' };
  const place = { offset, stood: 'inWords' } as const;
  const insertion = insertionAt(language, { text, documentPath: undefined }, place, [link]);
  return text.slice(0, insertion.offset) + insertion.text + text.slice(insertion.offset);
}

const frontMatter: [string, string][] = [
  ['---\ntitle: x\nimage: ¦\n---\n\n# T\n', '---\ntitle: x\nimage: a%20b.png\n---\n\n# T\n'],
  ['---\r\nimage: "¦"\r\n---\r\n', '---\r\nimage: "a%20b.png"\r\n---\r\n'],
  ['---\nimages:\n  - ¦\n---\n', '---\nimages:\n  - a%20b.png\n---\n'],
  ["---\ncover:\n  image: '¦'\n---\n", "---\ncover:\n  image: 'a%20b.png'\n---\n"],
  ['+++\nimage = "¦"\n+++\n', '+++\nimage = "a%20b.png"\n+++\n'],
  // It is no value there.
  ['---\ntitle: x¦\n---\n', '---\ntitle: x\n---\n\n![a boat](a%20b.png)\n'],
  ['+++\nimage = ¦\n+++\n', '+++\nimage = \n+++\n\n![a boat](a%20b.png)\n'],
  ['---\n\n![a](¦)\n', '---\n\n![a](a%20b.png)\n'],
  ['# A\n\nimage: ¦\n', '# A\n\nimage: \n\n![a boat](a%20b.png)\n'],
];

describe('an image where a target is empty', () => {
  for (const [marked, wanted] of frontMatter)
    it(`is a value of front matter, or none: ${JSON.stringify(marked)}`, () => {
      assert.equal(inserted('markdown', marked), wanted);
    });

  it('stands in an empty directive, also with the line ends of Windows', () => {
    const marked = '.. image:: ¦\r\n\r\nA\r\n';
    assert.equal(inserted('restructuredtext', marked), marked.replace('¦', 'a\\ b.png'));
  });
});
