import assert from 'node:assert/strict';
import { IncomingReferences } from '../../../src/studio/draft/incomingReferences.ts';

describe('references on their way into the tray', () => {
  let incoming: IncomingReferences;
  beforeEach(() => {
    incoming = new IncomingReferences();
  });

  it('are sent again until the page has a draft with them', () => {
    incoming.keep(['a', 'b']);
    // On its way before they came.
    incoming.arrived([]);
    incoming.arrived(['a']);
    assert.deepEqual(incoming.take(), ['b']);
    assert.deepEqual(incoming.take(), []);
  });

  it('do not come back when they were removed after they had arrived', () => {
    incoming.keep(['a']);
    incoming.arrived(['a']);
    incoming.arrived([]);
    assert.deepEqual(incoming.take(), []);
  });

  it('come once, and no more into a tray that is full', () => {
    incoming.keep(['a', 'a']);
    assert.deepEqual(incoming.take(), ['a']);
    incoming.keep(['a']);
    incoming.arrived(Array.from({ length: 64 }, (_, number) => String(number)));
    assert.deepEqual(incoming.take(), []);
  });
});
