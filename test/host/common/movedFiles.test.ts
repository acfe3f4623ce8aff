import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, rename as moveOnDisk, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { locateImage } from '../../../src/editor/jobUi/locateImage.ts';
import type { Api } from '../../../src/extension.ts';
import type { SavedJob } from '../../../src/jobs/job.ts';
import { sample } from '../../unit/jobs/sampleJobs.ts';
import {
  activated,
  answering,
  freshApi,
  generate,
  rejection,
  run,
  sha256,
  workspaceFolder,
} from '../hostContext.ts';

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

  it('are found by their content when they moved outside of the editor and are shown', async () => {
    const [[id, uri] = assert.fail()] = await made(inFolder('git'));
    const there = inFolder('git', 'moved', 'by another program.png');
    await mkdir(inFolder('git', 'moved').fsPath);
    await moveOnDisk(uri.fsPath, there.fsPath);
    await run('showJobs');
    await isAt(id, there);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });
});

describe('Locate, in the extension host', () => {
  const { showOpenDialog } = vscode.window;
  const file = (name: string) => vscode.Uri.joinPath(workspaceFolder(), 'located', name);
  let relocated: string[];
  let taken: string[];
  let job: SavedJob;

  beforeEach(async () => {
    relocated = [];
    taken = [];
    await vscode.workspace.fs.createDirectory(file(''));
    const bytes = await sharp({
      create: { ...{ width: 8, height: 8, channels: 3 }, background: 'red' },
    })
      .png()
      .toBuffer();
    await vscode.workspace.fs.writeFile(file('same.png'), bytes);
    const other = await sharp(bytes).negate().png().toBuffer();
    await vscode.workspace.fs.writeFile(file('other.png'), other);
    await vscode.workspace.fs.writeFile(file('text.png'), Buffer.from('no image'));
    const uri = file('gone.png').toString();
    job = { ...sample.saved, uri, sha256: await sha256(file('same.png')) };
  });

  afterEach(() => Object.assign(vscode.window, { showOpenDialog }));

  async function locate(chosen: string | undefined): Promise<void> {
    const answer = chosen === undefined ? undefined : [file(chosen)];
    Object.assign(vscode.window, { showOpenDialog: () => Promise.resolve(answer) });
    const imageFiles = {
      isTaken: (uri: string) => taken.includes(uri),
      relocate: (before: SavedJob, to: string) => {
        relocated.push(to);
        return Promise.resolve({ ...before, uri: to });
      },
    };
    await locateImage(imageFiles, job);
  }

  it('takes the very image without a question, and nothing when none was chosen', async () => {
    assert.deepEqual(await answering(undefined, () => locate('same.png')), []);
    assert.deepEqual(relocated, [file('same.png').toString()]);
    await locate(undefined);
    assert.equal(relocated.length, 1);
  });

  it('takes another image only after a question', async () => {
    const [asked] = await answering(undefined, () => locate('other.png'));
    assert.match(asked?.question ?? '', /other\.png is not the image that was made here/);
    assert.deepEqual(relocated, []);
    await answering('Use It Anyway', () => locate('other.png'));
    assert.deepEqual(relocated, [file('other.png').toString()]);
  });

  it('takes no file that is no image, or is another of the gallery', async () => {
    assert.equal((await rejection(locate('text.png'))).code, 'badRequest');
    taken = [file('same.png').toString()];
    assert.equal((await rejection(locate('same.png'))).code, 'badRequest');
    assert.deepEqual(relocated, []);
  });
});
