import assert from 'node:assert/strict';
import { insertionAt } from '../../../../src/document/linkPlace.ts';
import { tooSlow } from '../../../support/processorTime.ts';

const fox = { path: 'a.png', alt: '' };
const owl = { path: 'b.png', alt: '' };

function inserted(marked: string, links = [fox]): string {
  const offset = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const whole = { text, documentPath: undefined };
  const { offset: at, text: written } = insertionAt(
    'typst',
    whole,
    { offset, stood: 'inWords' },
    links,
  );
  return text.slice(0, at) + written + text.slice(at);
}

const image = 'image("a.png")';
const rows: [string, string][] = [
  ['#figure(¦, caption: [x])', `#figure(${image}, caption: [x])`],
  ['#figure(¦)', `#figure(${image})`],
  ['#figure(¦caption: [x])', `#figure(${image}, caption: [x])`],
  ['#figure(\n  ¦\n  caption: [x (y],\n)', `#figure(\n  ${image},\n  caption: [x (y],\n)`],
  ['#grid(\n  columns: 2, // two (\n  ¦\n)', `#grid(\n  columns: 2, // two (\n  ${image}\n)`],
  ['#let a = figure(¦)', `#let a = figure(${image})`],
  ['#a.b(1).c(¦)', `#a.b(1).c(${image})`],
  ['#align(center)[#figure(¦)]', `#align(center)[#figure(${image})]`],
  ['#f({ box(¦) })', `#f({ box(${image}) })`],
  ['"a #figure(¦)', `"a #figure(${image})`],
  // No arguments.
  ['Words (¦)', `Words (¦)\n\n#${image}`],
  ['#figure([x¦y])', `#figure([xy])\n\n#${image}`],
  ['#figure(caption: "(¦")', `#figure(caption: "(")\n\n#${image}`],
  ['`#f(`¦', `\`#f(\`\n\n#${image}`],
  ['// #f(\n¦', `// #f(\n\n#${image}`],
  ['#set page(width: 3cm)\nWords¦', `#set page(width: 3cm)\nWords\n\n#${image}`],
  ['#let a = 3\n(¦', `#let a = 3\n(\n\n#${image}`],
];

describe('an image among the arguments of Typst', () => {
  for (const [marked, after] of rows)
    it(JSON.stringify(marked), () => {
      assert.equal(inserted(marked), after.replace('¦', ''));
    });

  it('is told by the whole of a long text', () => {
    const long = `#figure(caption: [${'words '.repeat(20_000)}], ¦)`;
    assert.ok(inserted(long).endsWith(`], ${image})`));
    const comment = `/* ${'words\n'.repeat(20_000)} #figure( */\n\n¦`;
    assert.ok(inserted(comment).endsWith(`\n\n#${image}`));
  });

  it('is one of several', () => {
    assert.equal(inserted('#grid(¦)', [fox, owl]), '#grid(image("a.png"), image("b.png"))');
  });

  for (const part of ['#f(', '"', '`', '/*', '#f[', '#let ', ')', '#', 'a.', '\\', '(', '```'])
    it(`is found at once in a text of ${part}`, () => {
      const read = (chars: number) => void inserted(`${part.repeat(chars / part.length)}¦`);
      assert.equal(tooSlow(read, 60_000, 200), undefined);
    });
});
