import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../../src/extension.ts';
import { activated, freshApi, generate, workspaceFolder } from '../hostContext.ts';

describe('images whose files move in the editor, in the extension host', () => {
  let api: Api;
  const inFolder = (...names: string[]) =>
    vscode.Uri.joinPath(workspaceFolder(), 'moved', ...names);

  before(async () => {
    await freshApi();
    api = await activated();
  });

  async function made(folder: vscode.Uri, count = 1): Promise<Map<string, vscode.Uri>> {
    const options = { prompt: 'a fox', output: folder, count, open: false };
    const { images } = await generate(options);
    assert.equal(images.length, count);
    return new Map(images.map(({ jobId, uri }) => [jobId, uri]));
  }

  async function rename(...moves: [vscode.Uri, vscode.Uri][]): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    for (const [from, to] of moves) edit.renameFile(from, to);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  async function isAt(jobId: string, uri: vscode.Uri): Promise<void> {
    await vscode.workspace.fs.stat(uri);
    const isThere = () => api.jobs().find(({ id }) => id === jobId)?.uri === uri.toString();
    for (let tries = 0; !isThere() && tries < 100; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const job = api.jobs().find(({ id }) => id === jobId);
    assert.equal(job?.uri, uri.toString());
  }

  it('are followed one by one, and back', async () => {
    const [[id, uri] = assert.fail()] = await made(inFolder('one'));
    const there = inFolder('one', 'ein Fuchs, été 狐.png');
    await rename([uri, there]);
    await isAt(id, there);
    await rename([there, uri]);
    await isAt(id, uri);
  });

  it('are followed when only the letter case changes', async () => {
    const [[id, uri] = assert.fail()] = await made(inFolder('case'));
    const there = inFolder('case', 'Fox.png');
    await rename([uri, there]);
    const small = inFolder('case', 'fox.png');
    await rename([there, small]);
    await isAt(id, small);
  });

  it('are followed with their folder, and several at once', async () => {
    const images = await made(inFolder('many'), 2);
    await rename([inFolder('many'), inFolder('els ewhere', 'all')]);
    const places = new Map(
      [...images].map(([id, uri]) => [
        id,
        inFolder('els ewhere', 'all', uri.path.split('/').at(-1) ?? ''),
      ]),
    );
    for (const [id, place] of places) await isAt(id, place);
    await rename(
      ...[...places].map(
        ([id, place]) => [place, inFolder(`${id}.png`)] as [vscode.Uri, vscode.Uri],
      ),
    );
    for (const id of places.keys()) await isAt(id, inFolder(`${id}.png`));
  });

  it('are followed out of the workspace', async () => {
    const [[id, uri] = assert.fail()] = await made(inFolder('out'));
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    try {
      const there = vscode.Uri.file(join(outside, 'fox.png'));
      await rename([uri, there]);
      await isAt(id, there);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('are drawn where their folder went meanwhile, and know their source there', async () => {
    const [[, source] = assert.fail()] = await made(inFolder('source'));
    const drawing = vscode.commands.executeCommand<{
      images: { uri: vscode.Uri; jobId: string }[];
    }>('imageStudio.edit', source, undefined, { prompt: 'at night', open: false });
    await new Promise<void>((resolve) => {
      const listening = api.onDidChangeJobs((job) => {
        if (job.state !== 'running') return;
        listening.dispose();
        resolve();
      });
    });
    await rename([inFolder('source'), inFolder('studies')]);
    const { images } = await drawing;
    const [image = assert.fail()] = images;
    assert.equal(vscode.Uri.joinPath(image.uri, '..').path, inFolder('studies').path);
    const job = api.jobs().find(({ id }) => id === image.jobId);
    assert.deepEqual(job?.references, [
      inFolder('studies', source.path.split('/').at(-1) ?? '').toString(),
    ]);
  });
});
