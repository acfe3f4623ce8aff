import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activated, generate, offlineApi, run, sha256, workspaceFolder } from '../hostContext.ts';

/** The workspace's own settings name another host, and a folder outside; see test/host/run.ts. */
describe('in Restricted Mode', () => {
  it('draws with the settings of the user and not of the workspace', async () => {
    const api = await offlineApi();
    assert.equal(vscode.workspace.isTrusted, false);
    await activated();
    await run('setApiKey', api.key);
    const result = await generate({ prompt: 'a cautious cat' });
    assert.deepEqual(result.failures, []);
    const uri = result.images[0]!.uri;
    assert.equal(
      uri.toString(),
      vscode.Uri.joinPath(workspaceFolder(), 'images', 'a-cautious-cat.png').toString(),
    );
    const task = (await api.tasks()).find(({ id }) => id === result.images[0]!.taskId);
    assert.equal(await sha256(uri), task?.sha256);
  });
});
