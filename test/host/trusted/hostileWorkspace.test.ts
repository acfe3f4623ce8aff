import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activated, generate, offlineApi, setKey } from '../hostContext.ts';

/** The workspace's own settings name another host; see test/host/run.ts. */
describe('in a trusted workspace that names another host', () => {
  it('sends the key where the user said, all the same', async () => {
    const api = await offlineApi();
    assert.equal(vscode.workspace.isTrusted, true);
    await activated();
    await setKey(api.key);
    const result = await generate({ prompt: 'a trusting cat', open: false });
    assert.deepEqual(result.failures, []);
    assert.equal((await api.log({ route: 'create' })).length, 1);
  });
});
