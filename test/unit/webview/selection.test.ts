import assert from 'node:assert/strict';
import {
  concerned,
  extendTo,
  focusOn,
  keepExisting,
  nothingSelected,
  selectAll,
  selectNone,
  selectOnly,
  toggle,
} from '../../../src/webview/studio/gallery/selection.ts';

const keys = [9, 8, 7, 6, 5];
const selected = ({ selected: set }: { selected: ReadonlySet<number> }) => [...set];

describe('selecting in the gallery', () => {
  it('selects one by a click, and adds and takes away with Ctrl', () => {
    let selection = selectOnly(8);
    selection = toggle(selection, 6);
    assert.deepEqual(selected(selection), [8, 6]);
    assert.deepEqual(selected(toggle(selection, 8)), [6]);
    assert.deepEqual(selected(selectOnly(5)), [5]);
  });

  it('selects with Shift from where the selection began, both ways', () => {
    const down = extendTo(selectOnly(8), keys, 6);
    assert.deepEqual(selected(down), [8, 7, 6]);
    assert.deepEqual(selected(extendTo(down, keys, 9)), [9, 8]);
    assert.deepEqual(selected(extendTo(focusOn(nothingSelected, 7), keys, 5)), [7, 6, 5]);
  });

  it('leaves the selection when the focus moves', () => {
    const selection = focusOn(selectOnly(8), 5);
    assert.deepEqual(selected(selection), [8]);
    assert.equal(selection.focus, 5);
    assert.deepEqual(selected(selectAll(selection, keys)), keys);
    assert.deepEqual(selected(selectNone(selection)), []);
  });

  it('gives an order to all selected only at one of them', () => {
    const selection = toggle(selectOnly(6), 9);
    assert.deepEqual(concerned(selection, 6, keys), [9, 6]);
    assert.deepEqual(concerned(selection, 7, keys), [7]);
  });

  it('goes to the next image when its own is gone, at the end to the one before', () => {
    assert.equal(keepExisting(selectOnly(7), keys, [9, 8, 6, 5]).focus, 6);
    assert.equal(keepExisting(selectOnly(5), keys, [9, 8, 7, 6]).focus, 6);
    assert.equal(keepExisting(selectOnly(7), keys, []).focus, undefined);
    assert.deepEqual(selected(keepExisting(selectAll(selectOnly(7), keys), keys, [9, 5])), [9, 5]);
  });
});
