import assert from 'node:assert/strict';
import { draftId } from '../../../src/studio/draft/draftId.ts';

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
});
