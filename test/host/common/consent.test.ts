import { strict as assert } from 'node:assert';
import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import {
  answering,
  freshApi,
  generate,
  rejection,
  run,
  sentRequests,
  withSettings,
  workspaceFolder,
} from '../hostContext.ts';

describe('consent to what a program sends', () => {
  let api: OfflineApi;
  let drawn: string;
  let elsewhere: string;

  before(async () => {
    api = await freshApi();
    const { images } = await generate({ prompt: 'to be sent', open: false });
    drawn = images[0]!.uri.fsPath;
    elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
  });

  after(() => rm(elsewhere, { recursive: true }));

  /** No two are alike, so that each has to be uploaded. */
  async function imageAt(path: string): Promise<vscode.Uri> {
    await writeFile(path, Buffer.concat([await readFile(drawn), Buffer.from(path)]));
    return vscode.Uri.file(path);
  }

  async function edit(uploads: string, resource: vscode.Uri, ...selected: unknown[]) {
    const options = { prompt: 'by a program', open: false };
    await withSettings('imageStudio', { uploadReferences: uploads }, () =>
      run('edit', resource, selected.length > 0 ? [resource, ...selected] : undefined, options),
    );
  }

  it('is asked for a file outside the workspace, be uploads always allowed', async () => {
    const uri = await imageAt(join(elsewhere, 'private.png'));
    const [dialog] = await answering('Upload Once', () => edit('always', uri));
    assert.match(dialog!.question, /Upload .*private\.png to EvoLink\?/);
    assert.ok(dialog!.question.includes(elsewhere), dialog!.question);
    assert.match(dialog!.detail, /\d kB/);
    assert.deepEqual(dialog!.answers, ['Upload Once']);
  });

  it('says where a link in the workspace leads, and asks', async () => {
    const target = await imageAt(join(elsewhere, 'secret.png'));
    const link = vscode.Uri.joinPath(workspaceFolder(), 'harmless.png');
    await symlink(target.fsPath, link.fsPath);
    const [dialog] = await answering('Upload Once', () => edit('always', link));
    assert.ok(dialog!.detail.includes(target.fsPath), dialog!.detail);
    await rm(link.fsPath);
  });

  it('is asked for an address that EvoLink shall fetch, also where uploads are off', async () => {
    const references = ['https://example.com/a.png?words=the-key-is'];
    for (const uploadReferences of ['always', 'never']) {
      const [dialog] = await answering('Upload Once', () =>
        withSettings('imageStudio', { uploadReferences }, () =>
          generate({ prompt: 'an address', references, open: false }),
        ),
      );
      assert.ok(dialog!.question.includes(references[0]!), dialog!.question);
    }
  });

  it('sends nothing when the user closes the question', async () => {
    const uri = await imageAt(join(elsewhere, 'refused.png'));
    const before = await sentRequests(api);
    let code = '';
    await answering(undefined, async () => {
      ({ code } = await rejection(edit('always', uri)));
    });
    assert.equal(code, 'cancelled');
    assert.deepEqual(await sentRequests(api), before);
  });

  it('is not asked for a file of the workspace where uploads are always allowed', async () => {
    const uri = await imageAt(vscode.Uri.joinPath(workspaceFolder(), 'plain.png').fsPath);
    assert.deepEqual(await answering('Upload Once', () => edit('always', uri)), []);
  });

  it('says what is left out of which format, and when nothing is', async () => {
    const png = await imageAt(vscode.Uri.joinPath(workspaceFolder(), 'told.png').fsPath);
    const jpeg = vscode.Uri.joinPath(workspaceFolder(), 'told.png.jpg');
    await writeFile(jpeg.fsPath, await sharp(drawn).jpeg().toBuffer());
    const [first] = await answering('Upload Once', () => edit('ask', png));
    assert.match(first!.detail, /^Left out of PNG: .*workflows.*behind the image's end\.$/m);
    assert.doesNotMatch(first!.detail, /JPEG|WebP/);
    const [both] = await answering('Upload Once', () => edit('ask', png, jpeg));
    assert.match(both!.detail, /^Left out of PNG: [^]*^Left out of JPEG: /m);
    await withSettings('imageStudio', { removeMetadata: false }, async () => {
      const [whole] = await answering('Upload Once', () => edit('ask', png));
      assert.match(whole!.detail, /^The whole files are sent, .*imageStudio\.removeMetadata\.$/m);
      assert.doesNotMatch(whole!.detail, /Left out/);
    });
  });

  it('names up to eight of several, with their folders', async () => {
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(workspaceFolder(), 'many'));
    const uris: vscode.Uri[] = [];
    for (let n = 0; n < 10; n += 1) {
      const { fsPath } = vscode.Uri.joinPath(workspaceFolder(), 'many', `${String(n)}.png`);
      await copyFile(drawn, fsPath);
      uris.push(await imageAt(fsPath));
    }
    const [first, ...others] = uris;
    const [dialog] = await answering('Upload Once', () => edit('ask', first!, ...others));
    assert.equal(dialog!.question, 'Upload 10 images to EvoLink?');
    for (let n = 0; n < 8; n += 1)
      assert.ok(dialog!.detail.includes(`many/${String(n)}.png (`), dialog!.detail);
    assert.match(dialog!.detail, /and 2 more/);
    assert.doesNotMatch(dialog!.detail, /many\/8/);
  });
});
