import assert from 'node:assert/strict';
import type { Draft } from '../../../src/shared/studio/draft.ts';
import type { State } from '../../../src/shared/studio/state.ts';
import {
  followOnModel,
  followSource,
  withChosenSize,
  withReferences,
} from '../../../src/webview/studio/compose/followSource.ts';

const alone: Draft = {
  ...{ prompt: 'a fox', references: [], quality: '', count: 1, writtenAt: 1 },
  size: '1024x1024',
};
const sizes = ['1024x1024', '1536x1024', '1024x1536'];

/** As the host knows it when it has read the reference. */
function known(source: string, like?: string): Pick<State['options'], 'source' | 'sizes'> {
  return {
    source,
    sizes: sizes.map((id) => ({
      ...{ id, width: 1, height: 1, isRatio: false },
      ...(id === like && { isAsSource: true }),
    })),
  };
}
const wide = (source: string) => known(source, '1536x1024');
const tall = (source: string) => known(source, '1024x1536');

describe('the size of a draft', () => {
  it('follows the first reference, and is again what it was before when there is none', () => {
    const first = followSource(withReferences(alone, ['a']), wide('a'));
    assert.equal(first.size, '1536x1024');
    const second = followSource(withReferences(first, ['b', 'a']), tall('b'));
    assert.equal(second.size, '1024x1536');
    assert.deepEqual(withReferences(second, []), alone);
  });

  it('follows it too when its shape is known late, and others were added meanwhile', () => {
    let draft = withReferences(alone, ['a']);
    // What the host still knows is of nothing, or of another image.
    draft = followSource(draft, { sizes: wide('a').sizes });
    draft = followSource(draft, tall('x'));
    draft = withReferences(draft, ['a', 'b']);
    assert.equal(draft.size, '1024x1024');
    assert.equal(followSource(draft, wide('a')).size, '1536x1024');
  });

  it('follows it too when the draft was kept and loaded before the shape was known', () => {
    const kept = JSON.stringify(withReferences(alone, ['a']));
    assert.equal(followSource(JSON.parse(kept) as Draft, wide('a')).size, '1536x1024');
  });

  it('follows the one that comes to the first place, or is left there', () => {
    const draft = followSource(withReferences(alone, ['a', 'b']), wide('a'));
    const moved = withReferences(draft, ['b', 'a']);
    assert.equal(followSource(moved, wide('a')).size, '1536x1024');
    assert.equal(followSource(moved, tall('b')).size, '1024x1536');
    assert.equal(followSource(withReferences(draft, ['b']), tall('b')).size, '1024x1536');
  });

  it('stays what the user chose, before the shape is known or after', () => {
    const early = withChosenSize(withReferences(alone, ['a']), '1024x1536');
    assert.equal(followSource(early, wide('a')).size, '1024x1536');
    const followed = followSource(withReferences(alone, ['a']), wide('a'));
    const late = withChosenSize(followed, '1024x1536');
    const other = withReferences(late, ['b']);
    assert.equal(followSource(other, wide('b')).size, '1024x1536');
    assert.equal(withReferences(other, []).size, '1024x1536');
  });

  it('is followed anew by the next first reference after all were removed', () => {
    const chosen = withChosenSize(withReferences(alone, ['a']), '1024x1536');
    const next = withReferences(withReferences(chosen, []), ['a']);
    assert.equal(followSource(next, wide('a')).size, '1536x1024');
  });

  it('stays that of a draft that came with its references', () => {
    const reused: Draft = { ...alone, references: ['a'] };
    assert.equal(followSource(reused, wide('a')), reused);
    assert.equal(followSource(withReferences(reused, ['b']), tall('b')).size, '1024x1024');
  });

  it('stays as it is where no shape is known', () => {
    const draft = followSource(withReferences(alone, ['https://x']), known('https://x'));
    assert.equal(draft.size, '1024x1024');
    assert.equal(followSource(withReferences(draft, ['b', 'https://x']), tall('b')).size, sizes[2]);
  });

  it('follows on another model as long as it has the shape of the reference', () => {
    const draft = followSource(withReferences(alone, ['a']), wide('a'));
    const same = followOnModel(draft, wide('a'));
    assert.equal(followSource(withReferences(same, ['b']), tall('b')).size, '1024x1536');
    const other = followOnModel({ ...draft, size: '1024x1024' }, wide('a'));
    assert.equal(followSource(withReferences(other, ['b']), tall('b')).size, '1024x1024');
  });
});
