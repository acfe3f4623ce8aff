import assert from 'node:assert/strict';
import { referenceKind } from '../../../src/requests/referenceKind.ts';

describe('the kind of a reference', () => {
  const kinds: Record<string, string[]> = {
    web: ['https://a/b.png?c=d%2Be', 'HTTP://a/b.png'],
    uri: ['file:///a/b.png', 'vscode-remote://x/a.png', 'paint:/a.png'],
    absolutePath: ['/a/b.png', '\\\\server\\a.png', 'C:\\a.png', 'c:/a.png'],
    relativePath: ['a.png', './a.png', '../a.png', 'docs/a b.png', 'é.png'],
  };
  for (const [kind, references] of Object.entries(kinds)) {
    for (const reference of references) {
      it(`is ${kind} for ${reference}`, () => {
        assert.equal(referenceKind(reference), kind);
      });
    }
  }

  it('is a URI for an address on the web without a host: there is nothing to fetch', () => {
    assert.equal(referenceKind('https://'), 'uri');
  });
});
