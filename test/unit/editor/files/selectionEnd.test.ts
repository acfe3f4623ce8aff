import assert from 'node:assert/strict';
import { selectionEnd } from '../../../../src/editor/files/selectionEnd.ts';

const lines = ['# Title', '', 'A fox sleeps.', 'More.'];
const document = {
  lineAt: (line: number) => ({ range: { end: at(line, lines[line]?.length ?? 0) } }),
};

function at(line: number, character: number) {
  return { line, character };
}

function endOf(start: ReturnType<typeof at>, end: ReturnType<typeof at>) {
  const isEmpty = start.line === end.line && start.character === end.character;
  return selectionEnd({ start, end, isEmpty }, document);
}

describe('the end of a selection', () => {
  it('is in the last of the lines that are selected whole', () => {
    assert.deepEqual(endOf(at(2, 0), at(3, 0)), at(2, 13));
    assert.deepEqual(endOf(at(0, 0), at(3, 0)), at(2, 13));
    assert.deepEqual(endOf(at(0, 3), at(1, 0)), at(0, 7));
  });

  it('is where it is within a line, and at the cursor', () => {
    assert.deepEqual(endOf(at(2, 2), at(2, 5)), at(2, 5));
    assert.deepEqual(endOf(at(0, 0), at(2, 5)), at(2, 5));
    assert.deepEqual(endOf(at(3, 0), at(3, 0)), at(3, 0));
  });
});
