import assert from 'node:assert/strict';
import type { Draft } from '../../../src/shared/studio/draft.ts';
import { costKey } from '../../../src/shared/studio/state.ts';
import { parseToHost, parseToPage } from '../../../src/shared/studioProtocol.ts';

const draft: Draft = {
  prompt: 'a fox',
  references: ['file:///a.png'],
  size: '1024x1024',
  quality: 'auto',
  count: 4,
  writtenAt: 1,
};

describe('what the page says to its host', () => {
  it('is heard when it is in order, and nothing else of it', () => {
    const heard = parseToHost({
      kind: 'generate',
      draft,
      model: 'm',
      key: 'sk-stolen',
      toString: 'x',
    });
    assert.deepEqual(heard, { kind: 'generate', draft, model: 'm' });
    const leftOut = { kind: 'leftOutOfDrag', reason: 'tooMany' };
    assert.deepEqual(parseToHost(leftOut), leftOut);
    assert.deepEqual(parseToHost({ kind: 'focused', since: 1 }), { kind: 'focused' });
  });

  it('is dropped when it is none of ours, or a field is wrong', () => {
    const strangers: unknown[] = [
      undefined,
      null,
      'generate',
      [],
      {},
      { kind: 'eval', code: '1' },
      { kind: 'generate' },
      { kind: 'generate', draft },
      ...[
        { count: 9 },
        { count: 1.5 },
        { prompt: 'x'.repeat(100_001) },
        { references: Array(65).fill('file:///a.png') },
      ].map((wrong) => ({ kind: 'generate', model: 'm', draft: { ...draft, ...wrong } })),
      { kind: 'act', action: 'format', keys: [1] },
      { kind: 'act', action: 'delete', keys: ['1'] },
      { kind: 'act', action: 'delete', keys: [0] },
      { kind: 'thumbnail', key: 1, bytes: 'data:image/png;base64,' },
      { kind: 'addBytes', name: 'a.png', bytes: new ArrayBuffer(50 * 1024 * 1024 + 1) },
      { kind: 'notice', action: 'rm -rf' },
      { kind: 'saveStyle', style: { name: '   ' } },
      { kind: 'leftOutOfDrag', reason: 'any other' },
    ];
    for (const message of strangers) assert.equal(parseToHost(message), undefined);
  });
});

describe('what the host says to its page', () => {
  it('is dropped when a field is wrong', () => {
    assert.equal(parseToPage({ kind: 'gallery', filter: { words: '' }, keys: [1] }), undefined);
    assert.equal(parseToPage({ kind: 'announce', sentence: 1 }), undefined);
    assert.deepEqual(parseToPage({ kind: 'announce', sentence: 'Saved' }), {
      kind: 'announce',
      sentence: 'Saved',
    });
  });
});

describe('what an image costs', () => {
  it('is known by what makes it dear', () => {
    const kind = {
      model: 'm',
      size: '1:1',
      quality: 'low',
      resolution: '1K',
      hasReferences: false,
    };
    const kinds = [
      costKey(kind),
      costKey({ ...kind, model: 'n' }),
      costKey({ ...kind, hasReferences: true }),
      costKey({ ...kind, quality: 'high' }),
      costKey({ ...kind, resolution: '2K' }),
      costKey({ ...kind, size: '3:2' }),
    ];
    assert.equal(new Set(kinds).size, kinds.length);
  });
});
