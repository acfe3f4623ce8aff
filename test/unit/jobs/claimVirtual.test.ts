import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../../src/jobs/job.ts';
import { openStore, type Store } from '../../../src/jobs/store.ts';
import { wish } from './sampleJobs.ts';

const theirs = 'vscode-vfs://github/a/b';

describe('a job with a reference of a virtual file system', () => {
  let folder: string;
  let store: Store;
  /** Windows that run, by the process. */
  let alive: Set<number>;
  let windows: Store[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'virtual-'));
    [alive, windows] = [new Set([1, 2]), []];
    store = window(1);
  });
  afterEach(async () => {
    for (const each of windows) each.close();
    await rm(folder, { recursive: true });
  });

  function window(pid: number): Store {
    const opened = openStore({
      path: join(folder, 'jobs.sqlite'),
      window: { id: `window-${String(pid)}`, pid, host: 'here' },
      isAlive: (process) => alive.has(process),
    });
    windows.push(opened);
    return opened;
  }

  function add(id: string, references: string[], workspaceUri: string | undefined): void {
    const { workspaceUri: _, ...rest } = wish;
    const own = { id, references, ...(workspaceUri !== undefined && { workspaceUri }) };
    store.add([{ ...rest, ...own, state: 'queued' }]);
  }

  /** As a window claims that has these workspaces open. */
  function claim(by: Store, open: string[], maxConcurrent = 100): string[] {
    const isOpen = (uri: string | undefined) => uri === undefined || open.includes(uri);
    const jobs: Job[] = by.claim({ maxConcurrent, isAtWork: () => true, isOpen });
    return jobs.map(({ id }) => id);
  }

  it('is taken up by a window that has its workspace open, and by no other', () => {
    add('virtual', ['https://x/a.png', `${theirs}/a.png`], theirs);
    add('plain', ['file:///a.png', 'HTTPS://x/a.png'], theirs);
    add('web', ['http://x/a.png'], theirs);
    assert.deepEqual(claim(store, ['file:///other']), ['plain', 'web']);
    assert.deepEqual(claim(window(2), [theirs]), ['virtual']);
  });

  it('is taken up by any window when it belongs to no workspace', () => {
    add('virtual', [`${theirs}/a.png`], undefined);
    assert.deepEqual(claim(store, []), ['virtual']);
  });

  it('is left by others where its window died while it was sent, and holds up none of them', () => {
    add('virtual', [`${theirs}/a.png`], theirs);
    const second = window(2);
    assert.deepEqual(claim(second, [theirs]), ['virtual']);
    second.advance('virtual', { type: 'uploading' });
    add('plain', [], theirs);
    assert.deepEqual(claim(store, [], 1), [], 'it is worked on');
    alive.delete(2);
    store.lookAround();
    assert.deepEqual(claim(store, [], 1), ['plain']);
    assert.deepEqual(claim(store, [theirs], 1), ['virtual']);
  });

  it('goes on in any window once its references have addresses', () => {
    add('virtual', [`${theirs}/a.png`], theirs);
    const second = window(2);
    claim(second, [theirs]);
    second.advance('virtual', { type: 'submitting', imageUrls: ['https://x/a.png'] });
    second.release('virtual');
    assert.deepEqual(claim(store, []), ['virtual']);
  });
});
