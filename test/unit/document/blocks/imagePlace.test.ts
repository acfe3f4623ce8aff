import assert from 'node:assert/strict';
import markdownIt from 'markdown-it';
import { imagePlace } from '../../../../src/document/blocks/imagePlace.ts';
import type { LanguageName } from '../../../../src/document/languageIds.ts';

const image = '![](a.png)';

function placed(language: LanguageName, text: string, offset: number, isBefore = false): string {
  const place = imagePlace(language, text, offset, isBefore);
  if (!place) return `${text.slice(0, offset)}◆${text.slice(offset)}`;
  const { lead, trail } = place;
  return `${text.slice(0, place.offset)}${lead}◆${trail}${text.slice(place.offset)}`;
}

/** The cursor is at the bar, and the image at the diamond. */
const rows: [LanguageName, string, string][] = [
  ['markdown', 'One ¦sentence.', 'One sentence.\n\n◆'],
  [
    'markdown',
    'One ¦sentence\nin two lines.\n\nNext.\n',
    'One sentence\nin two lines.\n\n◆\n\nNext.\n',
  ],
  ['markdown', 'One¦\r\n\r\nNext.\r\n', 'One\r\n\r\n◆\r\n\r\nNext.\r\n'],
  ['markdown', '# He¦ading\nText', '# Heading\n\n◆\n\nText'],
  ['markdown', 'Hea¦ding\n===\nText', 'Heading\n===\n\n◆\n\nText'],
  ['markdown', 'Text¦\n# Heading', 'Text\n\n◆\n\n# Heading'],
  ['markdown', '- o¦ne\n- two', '- one\n\n  ◆\n\n- two'],
  ['markdown', '10. o¦ne\n11. two', '10. one\n\n    ◆\n\n11. two'],
  ['markdown', '- one\n  - t¦wo\n- three', '- one\n  - two\n\n    ◆\n\n- three'],
  ['markdown', '- one\n\n  mo¦re\n\nText', '- one\n\n  more\n\n  ◆\n\nText'],
  ['markdown', '- [ ] ta¦sk\n', '- [ ] task\n\n  ◆\n'],
  ['markdown', '> quo¦ted\n> words\n\nText', '> quoted\n> words\n\n◆\n\nText'],
  ['markdown', '```js\nco¦de\n\nmore\n```\nText', '```js\ncode\n\nmore\n```\n\n◆\n\nText'],
  ['markdown', '~~~~\n¦\n```\n~~~~', '~~~~\n\n```\n~~~~\n\n◆'],
  ['markdown', '- a\n  ```\n  co¦de\n  ```\n- b', '- a\n  ```\n  code\n  ```\n\n  ◆\n\n- b'],
  ['markdown', '    indented\n\n    co¦de\n\nText', '    indented\n\n    code\n\n◆\n\nText'],
  ['markdown', '---\ntit¦le: a\n\n---\nText', '---\ntitle: a\n\n---\n\n◆\n\nText'],
  ['markdown', '| a | b |\n| - | - |\n| c¦c | d |\n', '| a | b |\n| - | - |\n| cc | d |\n\n◆\n'],
  ['markdown', '| a | b |\n| - | - |\n| c | ¦ |\n', '| a | b |\n| - | - |\n| c | ◆ |\n'],
  ['markdown', '| a | b |\n| - | - |\n|¦| d |\n', '| a | b |\n| - | - |\n|◆| d |\n'],
  ['markdown', '<!-- a\n\nb¦ -->\nText', '<!-- a\n\nb -->\n\n◆\n\nText'],
  ['markdown', '$$\nx¦\n\ny\n$$\n', '$$\nx\n\ny\n$$\n\n◆\n'],
  ['markdown', ':::note\nTe¦xt\n:::\n', ':::note\nText\n\n◆\n\n:::\n'],
  ['markdown', 'One\n\n¦\n\nTwo', 'One\n\n◆\n\nTwo'],
  ['markdown', 'One\n¦\nTwo', 'One\n\n◆\n\nTwo'],
  ['markdown', '# A\n¦', '# A\n\n◆'],
  ['markdown', '¦', '◆'],
  ['markdown', '- ¦', '- ◆'],
  ['markdown', '> ¦', '> ◆'],
  ['markdown', '> one\n>¦\n> two', '> one\n>\n> ◆\n>\n> two'],
  ['markdown', '> one\n> ¦\n> two', '> one\n> \n> ◆\n>\n> two'],
  ['markdown', '> one\n>\n> ¦\n>\n> two', '> one\n>\n> ◆\n>\n> two'],
  ['markdown', '> one\n>\n> ¦\n> two', '> one\n>\n> ◆\n>\n> two'],
  ['markdown', '> > one\r\n> >¦\r\n> > two', '> > one\r\n> >\r\n> > ◆\r\n> >\r\n> > two'],
  ['markdown', '- a\n  ¦', '- a\n  \n  ◆'],
  ['markdown', 'Press ¦ to go on.', 'Press ◆ to go on.'],
  [
    'mdx',
    "import a from 'a'\n\n<Tabs>\n\nTe¦xt\n\n</Tabs>",
    "import a from 'a'\n\n<Tabs>\n\nText\n\n◆\n\n</Tabs>",
  ],
  ['mdx', '{/* a\n\nb¦ */}\nText', '{/* a\n\nb */}\n\n◆\n\nText'],
  ['pandoc', '```{r}\npl¦ot(x)\n```', '```{r}\nplot(x)\n```\n\n◆'],
  ['asciidoc', 'One ¦sentence\nmore.\n\nNext.', 'One sentence\nmore.\n\n◆\n\nNext.'],
  ['asciidoc', '= Title\n:toc:¦\n\nText', '= Title\n:toc:\n\n◆\n\nText'],
  ['asciidoc', '== Head¦ing\nText', '== Heading\n\n◆\n\nText'],
  ['asciidoc', '* o¦ne\n* two', '* one\n+\n◆\n* two'],
  ['asciidoc', '. one\n+\nmo¦re\n. two', '. one\n+\nmore\n+\n◆\n. two'],
  ['asciidoc', '[source]\n----\nco¦de\n\n----\nText', '[source]\n----\ncode\n\n----\n\n◆\n\nText'],
  ['asciidoc', '.Tit¦le\n....\na\n....', '.Title\n....\na\n....\n\n◆'],
  ['asciidoc', '====\nTe¦xt\n====', '====\nText\n\n◆\n\n===='],
  ['asciidoc', '|===\n| a¦a | b\n|===', '|===\n| aa | b\n|===\n\n◆'],
  ['asciidoc', '|===\n| a | ¦\n|===', '|===\n| a | ◆\n|==='],
  ['restructuredtext', 'One ¦sentence\nmore.\n\nNext.', 'One sentence\nmore.\n\n◆\n\nNext.'],
  ['restructuredtext', 'Tit¦le\n=====\nText', 'Title\n=====\n\n◆\n\nText'],
  ['restructuredtext', '- o¦ne\n- two', '- one\n\n  ◆\n\n- two'],
  [
    'restructuredtext',
    '.. note::\n\n   Te¦xt\n\n   more\n\nText',
    '.. note::\n\n   Text\n\n   more\n\n◆\n\nText',
  ],
  ['restructuredtext', 'Code¦::\n\n   a\n\n   b\n\nText', 'Code::\n\n   a\n\n   b\n\n◆\n\nText'],
  ['restructuredtext', '- a\n\n  ¦', '- a\n\n  ◆'],
  [
    'org',
    '* Head¦ing\n:PROPERTIES:\n:A: b\n:END:\nText',
    '* Heading\n:PROPERTIES:\n:A: b\n:END:\n\n◆\n\nText',
  ],
  ['org', '- o¦ne\n- two', '- one\n\n  ◆\n\n- two'],
  ['org', '#+BEGIN_SRC c\na¦\n\nb\n#+END_SRC', '#+BEGIN_SRC c\na\n\nb\n#+END_SRC\n\n◆'],
  ['typst', '= Head¦ing\nText', '= Heading\n\n◆\n\nText'],
  ['typst', '```c\na¦\n\n```\nText', '```c\na\n\n```\n\n◆\n\nText'],
  ['latex', 'One ¦sentence\nmore.\n\nNext.', 'One sentence\nmore.\n\n◆\n\nNext.'],
  [
    'latex',
    '\\documentclass{a}¦\n\n\\begin{document}\nText',
    '\\documentclass{a}\n\n\\begin{document}\n\n◆\n\nText',
  ],
  [
    'latex',
    '\\begin{tabular}{c}\na¦\n\n\\end{tabular}\n',
    '\\begin{tabular}{c}\na\n\n\\end{tabular}\n\n◆\n',
  ],
  [
    'latex',
    '\\begin{figure}\n\\centering\n¦\n\\caption{x}\n\\end{figure}\n',
    '\\begin{figure}\n\\centering\n◆\n\\caption{x}\n\\end{figure}\n',
  ],
  ['latex', '\\begin{figure*}\n  ¦\n\\end{figure*}', '\\begin{figure*}\n  ◆\n\\end{figure*}'],
  [
    'latex',
    '\\begin{figure}\n\\caption{x¦y}\n\\end{figure}\n',
    '\\begin{figure}\n\\caption{xy}\n\\end{figure}\n\n◆\n',
  ],
  [
    'latex',
    '\\begin{table}\n\\begin{tabular}{c}\n¦\n\\end{tabular}\n\\end{table}\n',
    '\\begin{table}\n\\begin{tabular}{c}\n\n\\end{tabular}\n\\end{table}\n\n◆\n',
  ],
  ['latex', '\\item o¦ne\n\\item two', '\\item one\n\n◆\n\n\\item two'],
  // No blocks: at the cursor.
  ['html', '<p>one ¦two</p>', '<p>one ◆two</p>'],
  ['css', 'a { b: ¦ }', 'a { b: ◆ }'],
  ['pug', 'p One ¦sentence.\np Two', 'p One sentence.\n◆\np Two'],
  ['pug', 'div\n  p One ¦two\n    b x\n  p c', 'div\n  p One two\n    b x\n  ◆\n  p c'],
  [
    'pug',
    'div\n  | One\n  | tw¦o\n  | three\n  p c',
    'div\n  | One\n  | two\n  | three\n  ◆\n  p c',
  ],
  [
    'pug',
    'div\n  p.\n    One ¦two\n    three\n  p c',
    'div\n  p.\n    One two\n    three\n  ◆\n  p c',
  ],
  ['pug', 'div\n  script.\n    a¦\n  p c', 'div\n  script.\n    a\n  ◆\n  p c'],
  ['pug', '// a f¦ox\np c', '// a fox\n◆\np c'],
  ['pug', 'li: p One¦ two\nli b', 'li: p One two\n◆\nli b'],
  ['pug', 'p(class="a") On¦e', 'p(class="a") One\n◆'],
  ['pug', 'p= na¦me', 'p= name\n◆'],
  ['pug', 'if a\n  p b¦c\nelse\n  p d', 'if a\n  p bc\n  ◆\nelse\n  p d'],
  ['pug', 'if a¦ b\n  p c\nelse\n  p d\np e', 'if a b\n  p c\nelse\n  p d\n◆\np e'],
  ['pug', 'div\n¦\n  p a', 'div\n  ◆\n  p a'],
  ['pug', 'div\n  p a\n¦', 'div\n  p a\n  ◆'],
  ['pug', 'div\n  ¦\n  p a', 'div\n  ◆\n  p a'],
  ['pug', 'p Press ¦ to go on', 'p Press ◆ to go on'],
  ['pug', 'p ¦', 'p ◆'],
  ['pug', 'p¦', 'p◆'],
  ['pug', 'p(class="a¦b") c', 'p(class="a◆b") c'],
  ['pug', 'p(\n  class="a¦b"\n) c', 'p(\n  class="a◆b"\n) c'],
  ['pug', 'case a\n  when ¦1\n    p b', 'case a\n  when ◆1\n    p b'],
  ['pug', 'div\r\n  p On¦e\r\n', 'div\r\n  p One\r\n  ◆\r\n'],
];

describe('the place of an image', () => {
  for (const [language, marked, expected] of rows)
    it(`in ${language} ${JSON.stringify(marked)} is ${JSON.stringify(expected)}`, () => {
      const offset = marked.indexOf('¦');
      assert.equal(placed(language, marked.replace('¦', ''), offset), expected);
    });

  it('is before what was typed on from there', () => {
    assert.equal(placed('markdown', 'One\n\nTwo\n', 5, true), 'One\n\n◆\n\nTwo\n');
    assert.equal(placed('markdown', 'One\nTwo\n', 0, true), '◆\n\nOne\nTwo\n');
    // Typed before it as well, it is in a sentence.
    assert.equal(placed('markdown', 'One\n\nTwo\n', 7, true), 'One\n\nTwo\n\n◆\n');
  });

  const nasty = [
    ['# Title', 'Text *of* a\nparagraph', 'Setext\n---', '> quote\nlazy', '```\ncode\n\n- no\n```'],
    ['- one\n  more\n- two\n\n  para\n\n  ```\n  in item\n  ```\n  1. deep\n  2. er\n\nafter'],
    ['1. a\n2. b\n   - c\n     - d\n3. e', '| a | b |\n| - | - |\n| c | d |', '***', 'end'],
    ['<!-- a\n\nb -->', '<div>\nhtml\n</div>', '    code\n\n    code', '[a]: b.png', 'x\n# y\nz'],
    ['* a\n* b', '+ c', '> - q\n> - r\n>\n>   s', '- ```\n  code\n  ```', 'Text\n- item\nlazy'],
  ].map((blocks) => `${blocks.join('\n\n')}\n`);

  for (const [index, text] of nasty.entries())
    it(`changes no other block of text ${String(index)}, wherever the cursor is in it`, () => {
      const before = contentsOf(text);
      for (let offset = 0; offset <= text.length; offset += 1) {
        const place = imagePlace('markdown', text, offset);
        if (!place) continue;
        const { lead, trail } = place;
        const after = contentsOf(
          text.slice(0, place.offset) + lead + image + trail + text.slice(place.offset),
        );
        const at = after.indexOf(image);
        const what = `${text.slice(0, offset)}¦${text.slice(offset)}`;
        assert.ok(at >= 0, `${what}\n\n${after.join('\n')}`);
        assert.deepEqual(after.toSpliced(at, 1), before, what);
      }
    });
});

/** All that the blocks of a text contain, in order, as the parser of the editor's preview reads it. */
function contentsOf(text: string): string[] {
  return new markdownIt({ html: true })
    .parse(text, {})
    .filter(({ type }) => ['inline', 'fence', 'code_block', 'html_block', 'hr'].includes(type))
    .map(({ content, type }) => (type === 'hr' ? '---' : content.trim()));
}
