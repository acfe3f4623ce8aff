import assert from 'node:assert/strict';
import type { Store } from '../../../../src/jobs/store/store.ts';
import { spec } from '../sampleJobs.ts';
import { claim, StoreFixture } from './storeFixture.ts';

const theirs = 'vscode-vfs://github/a/b';

describe('a job with a reference of a virtual file system', () => {
  const fixture = new StoreFixture().use();
  let store: Store;

  beforeEach(() => {
    store = fixture.window(1);
  });

  function add(id: string, references: string[], workspaceUri: string | undefined): void {
    const { workspaceUri: _, ...rest } = spec;
    const own = { id, references, ...(workspaceUri !== undefined && { workspaceUri }) };
    store.add([{ ...rest, ...own, state: 'queued' }]);
  }

  /** As a window claims that has these workspaces open. */
  function claimWith(by: Store, open: string[], maxConcurrent = 100): string[] {
    const isOpen = (uri: string | undefined) => uri === undefined || open.includes(uri);
    return claim(by, { maxConcurrent, isOpen });
  }

  it('is taken up by a window that has its workspace open, and by no other', () => {
    add('virtual', ['https://x/a.png', `${theirs}/a.png`], theirs);
    add('plain', ['file:///a.png', 'HTTPS://x/a.png'], theirs);
    add('web', ['http://x/a.png'], theirs);
    assert.deepEqual(claimWith(store, ['file:///other']), ['plain', 'web']);
    assert.deepEqual(claimWith(fixture.window(2), [theirs]), ['virtual']);
  });

  it('is taken up by any window when it belongs to no workspace', () => {
    add('virtual', [`${theirs}/a.png`], undefined);
    assert.deepEqual(claimWith(store, []), ['virtual']);
  });

  it('is left by others where its window died while it was sent, and holds up none of them', () => {
    add('virtual', [`${theirs}/a.png`], theirs);
    const second = fixture.window(2);
    assert.deepEqual(claimWith(second, [theirs]), ['virtual']);
    second.advance('virtual', { type: 'uploading' });
    add('plain', [], theirs);
    assert.deepEqual(claimWith(store, [], 1), [], 'it is worked on');
    fixture.alive.delete(2);
    store.reapDeadWindows();
    assert.deepEqual(claimWith(store, [], 1), ['plain']);
    assert.deepEqual(claimWith(store, [theirs], 1), ['virtual']);
  });

  it('goes on in any window once its references have addresses', () => {
    add('virtual', [`${theirs}/a.png`], theirs);
    const second = fixture.window(2);
    claimWith(second, [theirs]);
    second.advance('virtual', { type: 'submitting', imageUrls: ['https://x/a.png'] });
    second.release('virtual');
    assert.deepEqual(claimWith(store, []), ['virtual']);
  });
});
