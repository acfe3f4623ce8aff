import assert from 'node:assert/strict';
import { paneColumns } from '../../../src/webview/studio/compare/paneColumns.ts';
import { moved, wholeImage, zoomed } from '../../../src/webview/studio/compare/zoom.ts';

describe('compared images', () => {
  it('stay where they are under the pointer when they are zoomed', () => {
    const at = { x: 0.25, y: -0.1 };
    const once = zoomed(wholeImage, 2, at);
    const twice = zoomed(once, 2, at);
    for (const { scale, x, y } of [once, twice]) {
      assert.ok(Math.abs((at.x - x) / scale - at.x) < 1e-9);
      assert.ok(Math.abs((at.y - y) / scale - at.y) < 1e-9);
    }
    assert.deepEqual(zoomed(twice, 1 / 100, at), wholeImage);
    assert.ok(zoomed(twice, 1_000, at).scale <= 16);
  });

  it('cannot be moved out of their panes, nor at all while they are whole', () => {
    assert.deepEqual(moved(wholeImage, { x: 3, y: -3 }), wholeImage);
    assert.deepEqual(moved({ scale: 3, x: 0, y: 0 }, { x: 9, y: -9 }), { scale: 3, x: 1, y: -1 });
  });

  it('are in the columns in which they are largest', () => {
    const wide = { width: 1200, height: 500 };
    const high = { width: 300, height: 700 };
    const landscape = { width: 3, height: 2 };
    assert.equal(paneColumns(2, wide, landscape, 30), 2);
    assert.equal(paneColumns(2, high, landscape, 30), 1);
    assert.equal(paneColumns(4, { width: 700, height: 600 }, landscape, 30), 2);
    assert.equal(paneColumns(3, wide, { width: 2, height: 3 }, 30), 3);
    assert.equal(paneColumns(1, { width: 0, height: 0 }, { width: 0, height: 0 }, 30), 1);
  });
});
