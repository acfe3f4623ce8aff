import assert from 'node:assert/strict';
import { costKey } from '../../../src/shared/studio/state.ts';
import type { Draft } from '../../../src/shared/studio/draft.ts';
import type { State } from '../../../src/shared/studio/state.ts';
import { recall } from '../../../src/webview/studio/compose/promptHistory.ts';
import {
  counterOf,
  expectedCost,
  hasPicker,
  obstacleOf,
} from '../../../src/webview/studio/compose/readiness.ts';
import { mentionAt, moved, urisOf } from '../../../src/webview/studio/compose/referenceOrder.ts';

const draft: Draft = {
  prompt: 'a fox',
  references: [],
  size: 's',
  quality: 'q',
  count: 2,
  writtenAt: 1,
};
const state: State = {
  hasKey: true,
  options: {
    model: 'm',
    models: ['m', 'n'],
    sizes: [],
    qualities: [],
    resolutions: [],
    isResolutionOfRatios: false,
    backgrounds: [],
    maxPromptChars: 10,
    maxReferences: 1,
    maxCount: 8,
  },
  notices: [],
  destination: 'images/',
  isOtherDestination: false,
  styles: [],
  history: [],
  costs: { [costKey({ model: 'm', size: 's', quality: 'q', hasReferences: false })]: 2.5 },
  isEmpty: true,
  workspaces: [],
};

describe('writing an order', () => {
  it('says what is in the way, the first thing first', () => {
    assert.equal(obstacleOf(state, draft), undefined);
    assert.equal(obstacleOf({ ...state, hasKey: false }, { ...draft, prompt: '' })?.kind, 'key');
    assert.equal(obstacleOf(state, { ...draft, prompt: ' \n' })?.kind, 'empty');
    assert.deepEqual(obstacleOf(state, { ...draft, prompt: '🦊'.repeat(12) }), {
      kind: 'tooLong',
      excess: 2,
    });
    assert.equal(obstacleOf(state, { ...draft, references: ['a', 'b'] })?.kind, 'references');
    assert.equal(obstacleOf({ ...state, destination: undefined }, draft)?.kind, 'destination');
    assert.equal(obstacleOf(state, { ...draft, model: 'n' })?.kind, 'model');
    assert.equal(obstacleOf(state, { ...draft, model: 'm' }), undefined);
  });

  it('shows a refusal at the button when its field has no picker', () => {
    const { options } = state;
    for (const field of ['quality', 'resolution', 'background', undefined] as const)
      assert.equal(hasPicker(options, draft, field), false, field);
    for (const field of ['model', 'prompt', 'size', 'references', 'destination'] as const)
      assert.equal(hasPicker(options, draft, field), true, field);
    const resolutions = [{ id: '2K', label: '2K' }];
    assert.equal(hasPicker({ ...options, resolutions }, draft, 'resolution'), true);
    const ofRatios = { ...options, resolutions, isResolutionOfRatios: true };
    assert.equal(hasPicker(ofRatios, draft, 'resolution'), false);
  });

  it('tells the cost of all variations, and none that is not known', () => {
    assert.equal(expectedCost(state, draft), 5);
    assert.equal(expectedCost(state, { ...draft, references: ['a'] }), undefined);
  });

  it('counts when the end is near', () => {
    assert.equal(counterOf('a'.repeat(1599), 2000), undefined);
    assert.deepEqual(counterOf('a'.repeat(1600), 2000), { chars: 1600, isOver: false });
    assert.deepEqual(counterOf('a'.repeat(2001), 2000), { chars: 2001, isOver: true });
    assert.equal(counterOf('🦊'.repeat(1000), 2000), undefined);
  });

  it('goes through earlier prompts from an empty box, and leaves what was changed', () => {
    const history = ['new', 'old'];
    assert.deepEqual(recall(history, -1, '', 'older'), { at: 0, text: 'new' });
    assert.deepEqual(recall(history, 0, 'new', 'older'), { at: 1, text: 'old' });
    assert.equal(recall(history, 1, 'old', 'older'), undefined);
    assert.deepEqual(recall(history, 1, 'old', 'newer'), { at: 0, text: 'new' });
    assert.deepEqual(recall(history, 0, 'new', 'newer'), { at: -1, text: '' });
    assert.equal(recall(history, 0, 'new, but blue', 'older'), undefined);
    assert.equal(recall(history, -1, 'mine', 'older'), undefined);
    assert.equal(recall([], -1, '', 'newer'), undefined);
  });

  it('puts references in another order, and no further than the ends', () => {
    assert.deepEqual(moved(['a', 'b', 'c'], 0, 1), ['b', 'a', 'c']);
    assert.deepEqual(moved(['a', 'b', 'c'], 2, 0), ['c', 'a', 'b']);
    assert.deepEqual(moved(['a', 'b', 'c'], 1, 9), ['a', 'c', 'b']);
    assert.deepEqual(moved(['a'], 5, 0), ['a']);
  });

  it('reads the lists that editors and systems drop', () => {
    assert.deepEqual(urisOf('# two\r\nfile:///a.png\r\n\nfile:///b.png\n'), [
      'file:///a.png',
      'file:///b.png',
    ]);
    assert.deepEqual(urisOf(''), []);
  });

  it('knows where an image is mentioned, and an address from a mention', () => {
    assert.deepEqual(mentionAt('like @fo', 8), { start: 5, written: 'fo' });
    assert.deepEqual(mentionAt('@', 1), { start: 0, written: '' });
    assert.equal(mentionAt('me@home', 7), undefined);
    assert.equal(mentionAt('like @fox and', 13), undefined);
  });
});
