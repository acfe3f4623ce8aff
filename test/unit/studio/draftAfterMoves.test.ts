import { strict as assert } from 'node:assert';
import { fileMoves } from '../../../src/jobs/imageFiles/fileMoves.ts';
import type { Draft } from '../../../src/shared/studio/draft.ts';
import { draftAfterMoves } from '../../../src/studio/draft/draftAfterMoves.ts';

const draft: Draft = {
  prompt: 'a fox',
  references: ['https://a.example/x.png', 'file:///a/fox.png'],
  folderUri: 'file:///a/out',
  size: '1:1',
  quality: '',
  count: 1,
  following: { alone: '1:1', source: 'file:///a/fox.png' },
  // Of a clock that was a day ahead.
  writtenAt: Date.now() + 24 * 3600_000,
};

describe('a draft after files moved', () => {
  it('has its references and its folder where they are now, and is newer than before', () => {
    const after = draftAfterMoves(draft, fileMoves([{ from: 'file:///a', to: 'file:///b' }]));
    assert.deepEqual(after, {
      ...draft,
      references: ['https://a.example/x.png', 'file:///b/fox.png'],
      folderUri: 'file:///b/out',
      following: { alone: '1:1', source: 'file:///b/fox.png' },
      writtenAt: draft.writtenAt + 1,
    });
  });

  it('is the same when others moved', () => {
    const moves = fileMoves([{ from: 'file:///a/fox', to: 'file:///b' }]);
    assert.equal(draftAfterMoves(draft, moves), undefined);
  });
});
