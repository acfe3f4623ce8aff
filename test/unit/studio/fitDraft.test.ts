import assert from 'node:assert/strict';
import type { ModelRow } from '../../../src/evolink/models/modelRow.ts';
import { findModel, shippedModels } from '../../../src/evolink/models/shippedModels.ts';
import type { Draft } from '../../../src/shared/studio/draft.ts';
import { fitDraft, usualResolution } from '../../../src/studio/draft/fitDraft.ts';

const draft: Draft = {
  prompt: 'a fox',
  references: [],
  size: '1:1',
  quality: 'high',
  count: 1,
  writtenAt: 1,
};

function rowOf(id: string): ModelRow {
  const row = findModel(id, shippedModels);
  assert(row);
  return row;
}

describe('a draft that was kept for another model', () => {
  const gemini = rowOf('gemini-3.1-flash-image-preview');
  const old = rowOf('gpt-image-1.5');

  it('loses what its model has no picker for', () => {
    const kept = { ...draft, resolution: '2K', background: 'plaid' };
    const fitted = fitDraft(old, kept);
    assert.equal(fitted.resolution, undefined);
    assert.equal(fitted.background, undefined);
    assert.equal(fitDraft(gemini, draft).quality, gemini.qualities?.default ?? '');
  });

  it('keeps a seed where its model takes one', () => {
    const kept = { ...draft, seed: 42 };
    assert.equal(fitDraft(rowOf('z-image-turbo'), kept).seed, 42);
    assert.equal(fitDraft(old, kept).seed, undefined);
  });

  it('has the resolution that is paid, also where none was chosen', () => {
    assert.equal(fitDraft(gemini, draft).resolution, gemini.resolutions?.default);
    assert.equal(fitDraft(gemini, { ...draft, resolution: '2K' }).resolution, '2K');
    const unknown = { ...draft, resolution: '99K' };
    assert.equal(fitDraft(gemini, unknown).resolution, gemini.resolutions?.default);
    assert.equal(usualResolution(gemini, '2K'), '2K');
    assert.equal(usualResolution(gemini, ''), gemini.resolutions?.default);
    assert.equal(usualResolution(old, '2K'), undefined);
  });

  it('is the same for every model once it fits, and keeps its words', () => {
    for (const row of shippedModels)
      for (const size of ['1:1', '1024x1536', '777x777', 'auto', '']) {
        const once = fitDraft(row, { ...draft, size, resolution: '2K', quality: 'low' });
        assert.deepEqual(fitDraft(row, once), once);
        assert.equal(once.prompt, draft.prompt);
      }
  });
});
