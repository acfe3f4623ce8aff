import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Draft } from '../../../src/shared/studio/draft.ts';
import { parseToHost } from '../../../src/shared/studioProtocol.ts';

/** What version 0.1 (commit e541034) keeps of the Studio: in the workspace, and of its page. */
interface Saved {
  memento: { 'studio.draft': Draft };
  emptyDraft: Draft;
  pageState: { draft: Draft; filter: object; selected: number[] };
}

const saved = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures', 'version-0.1.json'), 'utf8'),
) as Saved;

describe('what the version before kept of the Studio', () => {
  // Typed for a browser, so that its path is no literal here. It takes the editor's state once, when
  // it is loaded: other tests have a host of their own.
  const hostPath: string = '../../../src/webview/studio/host.ts?savedState';
  let state: unknown;
  let load: () => unknown;

  before(async () => {
    Object.assign(globalThis, { acquireVsCodeApi: () => ({ getState: () => state }) });
    const { host } = (await import(hostPath)) as { host: { load: () => unknown } };
    load = () => host.load();
  });
  after(() => {
    Reflect.deleteProperty(globalThis, 'acquireVsCodeApi');
  });

  it('is a draft that the page and its host still send each other', () => {
    for (const draft of [saved.memento['studio.draft'], saved.emptyDraft])
      assert.deepEqual(parseToHost({ kind: 'draft', draft }), { kind: 'draft', draft });
  });

  it('is a page that comes up with all it had', () => {
    state = saved.pageState;
    assert.deepEqual(load(), saved.pageState);
  });

  it('is left out where it is not as it should be', () => {
    state = { ...saved.pageState, draft: { prompt: 7 }, selected: ['a', 3] };
    const { draft: _, ...rest } = saved.pageState;
    assert.deepEqual(load(), { ...rest, selected: [3] });
    state = undefined;
    assert.deepEqual(load(), {});
  });
});
