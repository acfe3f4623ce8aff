import assert from 'node:assert/strict';
import { findSvgRoot, type SvgRoot } from '../../../src/images/svgRoot.ts';
import { svgSize } from '../../../src/images/svgSize.ts';

function rootOf(text: string): SvgRoot {
  const root = findSvgRoot(text);
  assert(typeof root === 'object');
  return root;
}

describe('the outermost element of an SVG', () => {
  it('is kept as far as it says a size, and no more of it', () => {
    const long = '0 0 40 20'.padEnd(1_000_000);
    const others = `content="${'x'.repeat(1_000_000)}" data-width="7" viewbox="0 0 1 1"`;
    const root = rootOf(`<svg ${others} height='${'9'.repeat(500)}' viewBox="${long}">`);
    assert.deepEqual(Object.fromEntries(root.attributes), {
      height: '9'.repeat(200),
      viewBox: long.slice(0, 200),
    });
  });

  it('says no size with a view box of very many numbers', () => {
    const root = rootOf(`<svg viewBox="${'0 '.repeat(1_000_000)}">`);
    assert.deepEqual(svgSize(root), { width: 300, height: 150 });
  });

  it('is read up to some thousands of attributes, and is one with more', () => {
    const some = 'a="" '.repeat(9_000);
    const size = 'width="20" height="10"';
    assert.deepEqual(svgSize(rootOf(`<svg ${some}${size}>`)), { width: 20, height: 10 });
    const broken = `<svg ${size} ${some.repeat(20)} <`;
    assert.deepEqual(svgSize(rootOf(broken)), { width: 20, height: 10 });
  });

  // Each is short, and takes a moment by itself.
  const tooMany: [string, string, string][] = [
    ['comments', '<!---->'.repeat(60_000), 'none'],
    ['instructions', '<??>'.repeat(60_000), 'none'],
    ['types', '<!DOCTYPE>'.repeat(60_000), 'none'],
    ['declarations', `<!DOCTYPE x [${']['.repeat(60_000)}]>`, 'cut'],
    ['quotes', `<!DOCTYPE x ${'""'.repeat(110_000)}>`, 'cut'],
  ];
  for (const [what, before, found] of tooMany)
    it(`is not looked for behind very many ${what}`, () => {
      assert.equal(findSvgRoot(`${before}<svg>`), found);
    });
});
