import assert from 'node:assert/strict';
import lexPug from 'pug-lexer';
import parsePug from 'pug-parser';
import { imagePlace } from '../../../../src/document/blocks/imagePlace.ts';
import { insertionAt } from '../../../../src/document/linkPlace.ts';
import { createFuzz } from '../../fuzz.ts';

const link = { path: 'fox.png', alt: 'A fox', size: { width: 8, height: 6 } };
const heads = [
  ...['p One two.', 'div', 'ul', 'li: a(href="#") One', 'p.', 'script.', '//- a note', '| One two'],
  ...['if a', 'else', 'each x in xs', 'p= name', '- const a = 1', 'p(class="a b" title=f(1)) One'],
  ...['a(\n  href="#"\n) One', 'blockquote', '+card("a")', ':plain', 'p(data-x="(") it\'s'],
];

/** Lines of random depth that Pug can read. */
function documentOf({ below, pick }: ReturnType<typeof createFuzz>): string {
  const lines: string[] = [];
  let depth = 0;
  for (let left = 2 + below(9); left > 0; left -= 1) {
    const indent = '  '.repeat(depth);
    lines.push(`${indent}${pick(heads).replaceAll('\n', `\n${indent}`)}`);
    if (below(5) === 0) lines.push(pick(['', indent]));
    depth = Math.max(0, Math.min(4, depth + pick([-2, -1, 0, 0, 1, 1])));
  }
  return lines.join('\n');
}

interface Node {
  type: string;
  name?: string;
  val?: string;
}

function shapeOf(text: string): { shape: string; images: number } {
  const found: string[] = [];
  let images = 0;
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      node.forEach(walk);
      return;
    }
    const { type, name = '', val = '' } = node as Node;
    if (type === 'Tag' && name === 'img') {
      images += 1;
      return;
    }
    found.push(type === 'Text' ? val : `${type}${name}`);
    Object.values(node).forEach(walk);
  };
  walk(parsePug(lexPug(text)));
  return { shape: found.join('').replace(/\s/g, ''), images };
}

describe('an image at any place of Pug', () => {
  it('leaves all else as it was', () => {
    const fuzz = createFuzz(31);
    let placed = 0;
    for (let run = 0; run < 4_000; run += 1) {
      const text = documentOf(fuzz);
      const offset = fuzz.below(text.length + 1);
      if (!imagePlace('pug', text, offset)) continue;
      let was: ReturnType<typeof shapeOf>;
      try {
        was = shapeOf(text);
      } catch {
        continue;
      }
      placed += 1;
      const place = { offset, stood: 'inWords' } as const;
      const insertion = insertionAt('pug', { text, documentPath: undefined }, place, [link]);
      const { offset: at, text: inserted } = insertion;
      const now = text.slice(0, at) + inserted + text.slice(at);
      const what = `${text.slice(0, offset)}¦${text.slice(offset)}\n=>\n${now}`;
      let is: ReturnType<typeof shapeOf>;
      try {
        is = shapeOf(now);
      } catch (thrown) {
        assert.fail(`${String(thrown)}\n${what}`);
      }
      assert.deepEqual(is, { shape: was.shape, images: was.images + 1 }, what);
    }
    assert.ok(placed > 400, String(placed));
  });
});
