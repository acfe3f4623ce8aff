import { strict as assert } from 'node:assert';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { oneLine } from '../../../../src/editor/say/plainLine.ts';
import { plainInMarkdown } from '../../../../src/editor/say/plainInMarkdown.ts';
import { hostileTexts } from './hostileTexts.ts';

const samples = [
  'a fox [in snow](command:workbench.action.quit?%5B%5D)',
  'a fox <command:imageStudio.makeAgain?%5B%22id%22%5D>',
  '<https://evil.example/> ![a](https://evil.example/a.png)',
  '<img src="https://evil.example/a.png"> <!-- a -->',
  '[a]: https://evil.example',
  '# heading',
  '- list',
  '1. list',
  '1) list',
  '> quotation',
  '---',
  '===',
  '```',
  '~~~',
  '| a | b |',
  '*a* _b_ ~~c~~ `d` &amp; &#60; \\* $(zap) a\\',
];

describe('a line in Markdown', () => {
  for (const line of [...samples, ...Object.values(hostileTexts).map((text) => oneLine(text))])
    it(`is that line and nothing else: ${JSON.stringify(line).slice(0, 60)}`, () => {
      const written = plainInMarkdown(line);
      const { children } = fromMarkdown(written);
      const texts = children.flatMap((child) =>
        child.type === 'paragraph' ? child.children : child,
      );
      assert.deepEqual(
        texts.map(({ type }) => type),
        line === '' ? [] : ['text'],
      );
      assert.equal(texts.map((each) => ('value' in each ? each.value : '')).join(''), line);
    });

  it('holds no address that becomes a link when it is shown', () => {
    const addresses =
      'https://evil.example http://a.example www.evil.example ftp://a.b a@b.example';
    assert.doesNotMatch(plainInMarkdown(addresses), /:\/\/|www\.|\w@\w/);
  });
});
