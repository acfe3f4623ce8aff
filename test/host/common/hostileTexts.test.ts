import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { editorIcon, editorLink, hostileTexts } from '../../unit/editor/say/hostileTexts.ts';
import { freshApi, generate, rejection, run, withSettings } from '../hostContext.ts';

/** The editor shows what a command throws, and what a job failed of, in notifications. */
function assertHarmless(message: string): void {
  assert.doesNotMatch(message, editorLink);
  assert.doesNotMatch(message, editorIcon);
  assert.doesNotMatch(message, /[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
  assert.ok(message.length <= 1_001, String(message.length));
}

describe('texts of others in the extension host', () => {
  let api: OfflineApi;

  before(async () => {
    api = await freshApi();
  });

  afterEach(() => api.clearFaults());

  it('form no link in what a wrong argument is answered with', async () => {
    for (const size of Object.values(hostileTexts))
      assertHarmless((await rejection(generate({ prompt: 'x', size }))).message);
  });

  it('form no link in what a wrong setting of the workspace is answered with', async () => {
    const size = '[Fix](command:imageStudio.clearApiKey)';
    const work = () => rejection(generate({ prompt: 'x' }));
    const target = vscode.ConfigurationTarget.Workspace;
    const { message } = await withSettings('imageStudio', { size }, work, target);
    assertHarmless(message);
    assert.match(message, /\[Fix\]/);
  });

  it('form no link in a refusal of the provider', async () => {
    for (const message of [
      '[Pay](command:imageStudio.clearApiKey) $(sync~spin)\r\n\u202eEvoLink',
      '[a](https://thief.invalid)'.repeat(50),
    ]) {
      const fault = { kind: 'failed', code: 'content_policy_violation', message } as const;
      await api.fault({ match: { route: 'create' }, fault });
      const { failures } = await generate({ prompt: 'a foreign text' });
      assert.equal(failures[0]?.code, 'moderated');
      assertHarmless(failures[0].message);
    }
  });

  it('form no link in the name of a file', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const name = '[x](command:imageStudio.clearApiKey)$(error).png';
    const file = vscode.Uri.joinPath(folder, name);
    await vscode.workspace.fs.writeFile(file, Buffer.from('no image'));
    const error = await rejection(run('edit', file, undefined, { prompt: 'x', open: false }));
    assertHarmless(error.message);
    await vscode.workspace.fs.delete(file);
  });
});
