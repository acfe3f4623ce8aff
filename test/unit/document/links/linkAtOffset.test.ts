import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { allImages, imagesAt } from '../../../../src/document/links/linkAtOffset.ts';
import { readLinks } from './readLinks.ts';

describe('the images at a place of a document', () => {
  const cases: [language: LanguageName, marked: string, images: string[]][] = [
    ['html', '<img src="a.png" srcset="b¦.png 2x, c.png 3x">', ['b.png']],
    ['html', '<i¦mg src="a.png" srcset="b.png 2x">', ['a.png']],
    ['css', 'a { background: image-set("a.png" 1x, "b¦.png" 2x) }', ['b.png']],
    ['markdown', '[![a](a¦.png)](b.png)', ['a.png']],
    ['markdown', '![a](a.png) ¦ ![b](b.png)', []],
  ];
  for (const [language, marked, images] of cases)
    it(`are those of the innermost link: ${marked}`, () => {
      const offset = marked.indexOf('¦');
      const links = readLinks(marked.replace('¦', ''), language);
      const found = imagesAt(links, [offset, offset]);
      assert.deepEqual(
        found.map(({ target }) => target.target),
        images,
      );
    });

  it('are sought by their file among the candidates too', () => {
    const links = readLinks('<img src="a.png" srcset="b.png 2x" alt="a">', 'html');
    const all = links.flatMap(allImages);
    assert.deepEqual(
      all.map(({ target, alt }) => [target.target, alt?.text]),
      [
        ['a.png', 'a'],
        ['b.png', 'a'],
      ],
    );
  });
});
