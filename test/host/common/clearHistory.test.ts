import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import {
  activated,
  freshApi,
  answering,
  generate,
  run,
  type SeenDialog,
  sha256,
  workspaceFolder,
} from '../hostContext.ts';

describe('clearing the history', () => {
  const { showQuickPick } = vscode.window;
  let offered: string[];
  let chosen: string;

  before(async () => {
    await freshApi();
  });
  beforeEach(() => {
    offered = [];
    chosen = 'This Workspace';
    const choose = (rows: vscode.QuickPickItem[]) => {
      offered = rows.map(({ label }) => label);
      return Promise.resolve(rows.find(({ label }) => label === chosen));
    };
    Object.assign(vscode.window, { showQuickPick: choose });
  });
  afterEach(() => {
    Object.assign(vscode.window, { showQuickPick });
  });

  const clear = (button: string | undefined): Promise<SeenDialog[]> =>
    answering(button, () => run('clearHistory'));

  async function promptOf(jobId: string): Promise<string | undefined> {
    return (await activated()).jobs().find(({ id }) => id === jobId)?.prompt;
  }

  it('removes images that are saved, says so first, and keeps their files', async () => {
    const { images } = await generate({ prompt: 'a fox to be forgotten', open: false });
    const [{ jobId, uri }] = images as [(typeof images)[number]];
    const bytes = await sha256(uri);
    // A file where a folder is needed: this image is paid, and cannot be saved.
    const file = vscode.Uri.joinPath(workspaceFolder(), 'no-folder');
    await writeFile(file.fsPath, '');
    const output = vscode.Uri.joinPath(file, 'deeper');
    const { failures } = await generate({ prompt: 'a fox that is paid', output, open: false });
    const [{ jobId: paidId }] = failures as [(typeof failures)[number]];

    await clear(undefined);
    assert.deepEqual(offered, ['This Workspace', 'Older than 30 Days', 'Everything']);
    assert.equal(await promptOf(jobId), 'a fox to be forgotten');

    const [dialog] = await clear('Clear');
    assert(dialog);
    assert.match(dialog.question, /^Clear the history of \d+ images?\?$/);
    assert(dialog.detail.includes('The files in your folders stay.'), dialog.detail);
    assert.match(dialog.detail, /Kept: \d+ images? in progress/);
    assert.deepEqual(dialog.answers, ['Clear']);
    assert.equal(await promptOf(jobId), undefined);
    assert.equal(await promptOf(paidId), 'a fox that is paid');
    assert.equal(await sha256(uri), bytes);
    // Also the last image of all can be gone, and the next one is made as ever.
    const again = await generate({ prompt: 'a fox afterwards', open: false });
    assert.deepEqual(again.failures, []);
  });

  it('asks nothing when there is nothing of that age, or nothing was chosen', async () => {
    const { images } = await generate({ prompt: 'a young fox', open: false });
    for (const label of ['Older than 30 Days', 'none of them']) {
      chosen = label;
      assert.deepEqual(await clear('Clear'), []);
    }
    assert.equal(await promptOf(images[0]!.jobId), 'a young fox');
  });
});
