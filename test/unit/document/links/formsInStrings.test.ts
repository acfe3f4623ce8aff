import assert from 'node:assert/strict';
import type { LanguageName } from '../../../../src/document/languageIds.ts';
import { readLinks } from './readLinks.ts';

describe('links in lists and strings of other languages', () => {
  const cases: [language: LanguageName, text: string, targets: string[]][] = [
    [
      'markdown',
      '---\nimages: ["a.png", \'b c.png\', d.png]\n---\n',
      ['a.png', 'b c.png', 'd.png'],
    ],
    ['markdown', '---\nimages: [ /a.png ] # [b.png]\ntitle: x\n---\n', ['/a.png']],
    ['markdown', '+++\nimages = ["a.png"]\n+++\n', ['a.png']],
    ['markdown', '+++\nimages = [\n  "a.png",\n  "b.png",\n]\n+++\n', ['a.png', 'b.png']],
    ['mdx', '---\n- "images": ["a.png"]\n---\n', ['a.png']],
    ['markdown', '---\nimages: ["x, a.png", {src: b.png}, "c.png]\n---\n', ['x, a.png']],
    ['markdown', '---\nwords: [a, b]\nempty: []\nopen: [\n---\n', []],
    ['jsx', "<p style={{ backgroundImage: 'url(/img/a.png)' }} />", ['/img/a.png']],
    ['jsx', '<p style={{ background: \'red url("/a b.png") no-repeat\' }} />', ['/a b.png']],
    ['script', "element.style.background = 'url(a.png), url(b.png)';", ['a.png', 'b.png']],
    ['script', "const a = 'url(#x)', b = \"it's url(\";", ['#x']],
    ['script', "const a = 'url(\\'a.png\\')', b = 'curl(a)';", []],
  ];
  for (const [language, text, targets] of cases)
    it(`are found where they stand: ${JSON.stringify(text)}`, () => {
      const links = readLinks(text, language);
      assert.deepEqual(
        links.map(({ target }) => target.target),
        targets,
      );
      for (const { target } of links)
        assert.equal(text.slice(...target.span), target.written, target.target);
    });
});
