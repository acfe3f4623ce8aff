import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  activated,
  answering,
  generate as order,
  type DrawResult,
  offlineApi,
  setKey,
  sha256,
  workspaceFolder,
} from '../hostContext.ts';

/** A program's request is asked for, as nobody could trust it here. */
async function generate(options: Record<string, unknown>): Promise<DrawResult> {
  let result: DrawResult | undefined;
  const asked = await answering('Generate', async () => {
    result = await order(options);
  });
  assert.deepEqual(
    asked.map(({ question }) => question),
    ['Generate 1 image with gpt-image-1.5-lite?'],
  );
  return result!;
}

/** The workspace's own settings name another host, and a folder outside; see test/host/run.ts. */
describe('in Restricted Mode', () => {
  it('draws with the settings of the user and not of the workspace', async () => {
    const api = await offlineApi();
    assert.equal(vscode.workspace.isTrusted, false);
    await activated();
    await setKey(api.key);
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

  it('saves nothing behind a link of the workspace that leads out of it, and keeps the image', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    const link = vscode.Uri.joinPath(workspaceFolder(), 'linked');
    await symlink(outside, link.fsPath);
    try {
      const { images, failures } = await generate({
        prompt: 'a fox behind a link',
        output: vscode.Uri.joinPath(link, 'deeper'),
      });
      assert.deepEqual(images, []);
      assert.deepEqual(
        failures.map(({ code }) => code),
        ['writeFailed'],
      );
      for (const part of ['linked/deeper', 'outside-', 'Trust the workspace', 'Save As…'])
        assert(failures[0]!.message.includes(part), failures[0]!.message);
      assert.deepEqual(await readdir(outside), []);
      const job = (await activated()).jobs().find(({ id }) => id === failures[0]!.jobId);
      assert.equal(job?.state, 'failed');
    } finally {
      await rm(link.fsPath);
      await rm(outside, { recursive: true });
    }
  });

  it('saves behind a link within the workspace, and in a folder outside that was asked for', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    const link = vscode.Uri.joinPath(workspaceFolder(), 'linked');
    const target = vscode.Uri.joinPath(workspaceFolder(), 'assets').fsPath;
    await mkdir(target);
    await symlink(target, link.fsPath);
    try {
      for (const output of [link, vscode.Uri.file(outside)]) {
        const { images, failures } = await generate({ prompt: 'a fox in its place', output });
        assert.deepEqual(failures, []);
        assert.equal(images.length, 1);
      }
      assert.deepEqual(await readdir(target), ['a-fox-in-its-place.png']);
      assert.deepEqual(await readdir(outside), ['a-fox-in-its-place.png']);
    } finally {
      await rm(link.fsPath);
      await rm(outside, { recursive: true });
    }
  });
});
