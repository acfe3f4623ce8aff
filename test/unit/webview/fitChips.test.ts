import assert from 'node:assert/strict';
import { fitChips } from '../../../src/webview/studio/compose/chips/fitChips.ts';

const gaps = { gapPx: 4, morePx: 24 };

describe('the row of chips', () => {
  it('shows all that fit, without the button for more', () => {
    assert.equal(fitChips([50, 50, 50], 158, gaps), 3);
    assert.equal(fitChips([], 0, gaps), 0);
  });

  it('keeps room for the button that opens the rest', () => {
    // 157 px are enough for two and their gaps, and the button.
    assert.equal(fitChips([50, 50, 50], 157, gaps), 2);
    assert.equal(fitChips([50, 50, 50], 131, gaps), 1);
    assert.equal(fitChips([50, 50, 50], 77, gaps), 0);
    assert.equal(fitChips([300, 10], 100, gaps), 0);
  });
});
