import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { imageGlob } from '../../../src/images/imageGlob.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { shownImages } from '../../unit/images/shownImages.ts';
import { type DrawResult, freshApi, run, withSettings, workspaceFolder } from '../hostContext.ts';

describe('images that browsers show, in the extension host', () => {
  let api: OfflineApi;
  before(async () => {
    api = await freshApi();
  });

  it('are found under any extension, in any letters', async () => {
    const names = [
      'a.PNG',
      'b.Jpg',
      'c.jfif',
      'd.JPE',
      'e.WebP',
      'f.drawio.svg',
      'g.AVIF',
      'h.ico',
    ];
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'found');
    await vscode.workspace.fs.createDirectory(folder);
    for (const name of [...names, 'i.txt'])
      await writeFile(vscode.Uri.joinPath(folder, name).fsPath, 'x');
    const found = await vscode.workspace.findFiles(imageGlob);
    const here = found.filter(({ path }) => path.startsWith(`${folder.path}/`));
    assert.deepEqual(here.map(({ path }) => posix.basename(path)).toSorted(), names);
  });

  it('are drawn as PNG where EvoLink does not take them, as large as they say', async function () {
    this.timeout(240_000);
    const parts = [
      ...['diagram with its source', 'entities', 'no size', 'UTF-16', 'prefix of its own'],
      ...['poster', 'GIF without', 'AVIF under', 'icon'],
    ];
    const images = (await shownImages()).filter(({ name }) =>
      parts.some((part) => name.replace('SVG: ', '').startsWith(part) || name.endsWith(part)),
    );
    assert.ok(images.length >= parts.length);
    for (const [index, { name, bytes, facts }] of images.entries()) {
      const file = `drawn ${String(index)}.${facts.type}`;
      const uri = vscode.Uri.joinPath(workspaceFolder(), file);
      await writeFile(uri.fsPath, bytes);
      const settings = { uploadReferences: 'always', keepUploads: true };
      // What was uploaded is deleted soon after it need not be kept.
      const sent = await withSettings('imageStudio', settings, async () => {
        const edit = { prompt: name, open: false };
        const result = await run<DrawResult>('edit', uri, undefined, edit);
        assert.deepEqual(result.failures, [], name);
        const task = (await api.tasks()).find(({ id }) => id === result.images[0]?.taskId);
        const [url = ''] = task?.body['image_urls'] as string[];
        return Buffer.from(await (await fetch(url)).arrayBuffer());
      });
      const { format, width, height } = await sharp(sent).metadata();
      const scale = Math.min(1, 8_192 / Math.max(facts.width, facts.height));
      assert.deepEqual(
        [name, format, width, height],
        [name, 'png', Math.round(facts.width * scale), Math.round(facts.height * scale)],
      );
    }
  });
});
