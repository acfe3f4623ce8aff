import assert from 'node:assert/strict';
import { bidiSafe } from '../../../../src/editor/files/displayName.ts';

describe('a name in a sentence', () => {
  it('is what it is', () => {
    for (const name of ['fox.png', `it's "quoted".png`, '😀 née 東京.webp', 'a/b/c.png'])
      assert.equal(bidiSafe(name), name);
  });

  it('does not turn the words around it when it runs from right to left', () => {
    assert.equal(bidiSafe('שלום.png'), '\u2068שלום.png\u2069');
    assert.equal(bidiSafe('صورة.png'), '\u2068صورة.png\u2069');
  });

  it('shows its true order whatever marks are in it', () => {
    assert.equal(bidiSafe('photo\u202egnp.exe'), 'photognp.exe');
    assert.equal(bidiSafe('\u2069a\u2066b\u200f.png'), 'ab.png');
  });

  it('stays on one line', () => {
    assert.equal(bidiSafe('two\nlines\u2028.png'), 'two lines .png');
  });
});
