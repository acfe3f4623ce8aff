import { strict as assert } from 'node:assert';
import { columnsForImages } from '../../../../src/editor/files/columnsForImages.ts';

const beside = -2;

/** Groups from the left to the right: `t` shows a text, `i` an image or nothing; `!` is active. */
function columns(groups: string): number[] {
  const shown = groups.split(' ').map((group, index) => ({
    column: index + 1,
    isActive: group.endsWith('!'),
    isFree: group.startsWith('i'),
  }));
  return columnsForImages(shown, { first: 1, second: 2, beside });
}

describe('columns for images', () => {
  const rows: [string, number[]][] = [
    // A single group: beside a text, and in place of an image.
    ['t!', [beside]],
    ['i!', [1, 2]],
    // What is beside the text shows images.
    ['t! i', [beside]],
    ['i t!', [beside]],
    // What is beside it is read, too.
    ['t! t', []],
    ['t t!', []],
    ['t! i t', []],
    // No text is in front; texts beside stay where they are.
    ['i! t', [1]],
    ['t i!', [2]],
    ['i! i', [1, 2]],
    ['i i!', [2, 1]],
    ['i t i!', [3, 1]],
  ];

  for (const [groups, expected] of rows)
    it(`covers no text in ${groups}`, () => assert.deepEqual(columns(groups), expected));
});
