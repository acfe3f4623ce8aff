import { strict as assert } from 'node:assert';
import {
  findAgain,
  movedInsertion,
  movedOffset,
  placeInText,
} from '../../../../src/editor/files/placeInText.ts';

/** Replaces a part of a text, as the editor reports it. */
const change = (rangeOffset: number, rangeLength: number, text: string) => ({
  rangeOffset,
  rangeLength,
  text,
});

describe('a place in a text that changes', () => {
  const rows: [string, number | undefined, ReturnType<typeof change>[]][] = [
    ['typed before it', 13, [change(2, 0, 'abc')]],
    ['typed behind it', 10, [change(12, 0, 'abc')]],
    ['typed at it', 10, [change(10, 0, 'abc')]],
    ['deleted before it', 7, [change(2, 3, '')]],
    ['deleted up to it', 7, [change(7, 3, '')]],
    ['deleted from it on', 10, [change(10, 3, '')]],
    ['deleted around it', 8, [change(8, 5, '')]],
    ['replaced before it', 9, [change(5, 5, 'abcd')]],
    ['replaced around it', undefined, [change(8, 5, 'abc')]],
    ['typed at several places', 12, [change(12, 0, 'c'), change(9, 0, 'b'), change(1, 0, 'a')]],
  ];
  for (const [what, expected, changes] of rows)
    it(`is kept when something is ${what}`, () => {
      assert.equal(movedOffset(10, changes), expected);
    });
});

describe('what was inserted in a text that was typed in meanwhile', () => {
  const inserted = { begin: 10, end: 20 };
  const rows: [string, [number, number], ReturnType<typeof change>[][]][] = [
    ['nowhere', [10, 20], []],
    ['before it', [13, 23], [[change(2, 0, 'abc')]]],
    ['behind it', [10, 20], [[change(20, 0, 'abc')]]],
    ['in it', [10, 21], [[change(15, 0, 'a')]]],
    ['twice', [12, 22], [[change(2, 0, 'a')], [change(3, 0, 'b')]]],
    ['over all of it', [5, 5], [[change(5, 20, '')]]],
    ['over its end', [10, 10], [[change(15, 20, 'abc')]]],
  ];
  for (const [where, [begin, end], changes] of rows)
    it(`is found when something was typed ${where}`, () => {
      assert.deepEqual(movedInsertion(inserted, changes), { begin, end });
    });
});

describe('a place in a text that was closed', () => {
  const filler = (word: string) =>
    Array.from({ length: 60 }, (_, at) => `${word}${String(at)}`).join(' ');
  const text = `${filler('before')}\n\nThe fox sleeps. ¦\n\n${filler('after')}`;
  const offset = text.indexOf('¦');
  const place = placeInText(text.replace('¦', ''), offset);
  const whole = text.replace('¦', '');

  it('is found in the same text, also in one of few or no characters', () => {
    assert.equal(findAgain(whole, place), offset);
    for (const short of ['', 'a', '\n\n'])
      assert.equal(findAgain(short, placeInText(short, short.length)), short.length);
  });

  it('is found after changes elsewhere', () => {
    assert.equal(findAgain(`new words ${whole.slice(0, -20)}`, place), offset + 10);
  });

  it('is found after changes near it, and on one side of it', () => {
    const near = whole.replace('before55', 'before');
    assert.equal(findAgain(near, place), offset - 2);
    const behind = whole.slice(0, offset) + filler('other');
    assert.equal(findAgain(behind, place), offset);
    const ahead = filler('other') + whole.slice(offset);
    assert.equal(findAgain(ahead, place), filler('other').length);
  });

  it('is not guessed where it is there twice, or no longer', () => {
    assert.equal(findAgain(`${whole}\n${whole}`, place), undefined);
    assert.equal(findAgain('', place), undefined);
    assert.equal(findAgain(filler('other'), place), undefined);
    // Both sides are there, but not together.
    const [before, after] = [whole.slice(0, offset), whole.slice(offset)];
    assert.equal(findAgain(`${after} ${filler('between')} ${before}`, place), undefined);
    // Too little to know it by.
    assert.equal(findAgain('x fox y', placeInText('a fox b', 5)), undefined);
  });
});
