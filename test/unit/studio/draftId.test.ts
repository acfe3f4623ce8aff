import assert from 'node:assert/strict';
import { draftId, sharedDraftId } from '../../../src/studio/draft/draftId.ts';

function workspace(path?: string) {
  const values = new Map<string, unknown>();
  return {
    storageUri: path === undefined ? undefined : { path },
    workspaceState: {
      get: (key: string) => values.get(key),
      update: (key: string, value: unknown) => Promise.resolve(void values.set(key, value)),
    },
  };
}

describe('the id of a draft', () => {
  it('is that of its workspace', () => {
    assert.equal(draftId(workspace('/storage/ab12/publisher.extension')), 'ab12');
  });

  it('stays the same in a window without a folder, and differs from that of another', () => {
    const [one, other] = [workspace(), workspace()];
    const id = draftId(one);
    assert.equal(draftId(one), id);
    assert.notEqual(draftId(other), id);
  });

  it('is one for all windows of a workspace, which the editor gives a storage each', () => {
    const folders = ['file:///site'];
    const ids = ['ab12', 'ab12-1'].map((own) =>
      sharedDraftId({ workspaceFile: undefined, folders }, own),
    );
    assert.equal(ids[0], ids[1]);
    const other = sharedDraftId({ workspaceFile: undefined, folders: ['file:///other'] }, 'ab12');
    assert.notEqual(other, ids[0]);
    const workspaceFile = 'file:///site/all.code-workspace';
    assert.equal(
      sharedDraftId({ workspaceFile, folders }, 'cd34'),
      sharedDraftId({ workspaceFile, folders: [] }, 'ef56'),
    );
    assert.notEqual(
      sharedDraftId({ workspaceFile: undefined, folders: [] }, 'ab12'),
      sharedDraftId({ workspaceFile: undefined, folders: [] }, 'cd34'),
    );
  });
});
