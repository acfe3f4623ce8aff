import { strict as assert } from 'node:assert';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import {
  answering,
  type DrawResult,
  freshApi,
  run,
  sentRequests,
  withSettings,
  workspaceFolder,
} from '../hostContext.ts';

describe('a placeholder where a missing image will be', () => {
  let api: OfflineApi;
  const folder = vscode.Uri.joinPath(workspaceFolder(), 'placeholders');
  const inFolder = (path: string) => join(folder.fsPath, path);

  before(async () => {
    api = await freshApi();
    await api.configure({ taskMs: 3_000 });
    await mkdir(folder.fsPath, { recursive: true });
  });
  after(async () => {
    await api.configure({ taskMs: 300 });
    await rm(folder.fsPath, { recursive: true });
  });

  /** Generates the image of a link, and does something once a placeholder stands there. */
  async function generating(
    name: string,
    tag: string,
    meanwhile: (path: string) => Promise<unknown>,
    isPut = true,
  ): Promise<DrawResult> {
    const page = vscode.Uri.joinPath(folder, `${name}.html`);
    await writeFile(page.fsPath, tag.replace('NAME', name));
    let result: DrawResult | undefined;
    await withSettings('imageStudio', { 'document.placeholder': isPut }, () =>
      answering('Generate', async () => {
        const at = { line: 0, character: 12 };
        const made = run<DrawResult>('generateMissing', page, { at, asks: false });
        await meanwhile(inFolder(name));
        result = await made;
      }),
    );
    return result ?? assert.fail('no result');
  }

  async function untilThere(path: string): Promise<void> {
    while ((await readFile(path).catch(() => Buffer.alloc(0))).length === 0)
      await new Promise((go) => setTimeout(go, 20));
  }

  const named = async (name: string) =>
    (await readdir(folder.fsPath)).filter((each) => each.startsWith(name));
  const tag = '<img src="NAME" alt="a wren in the snow" width="600" height="400">';
  const formats = { 'png.png': 'png', 'webp.webp': 'webp' };
  for (const [name, format] of Object.entries(formats))
    it(`is a valid ${format} of the size that the link asks for, and the image replaces it`, async () => {
      let before = Buffer.alloc(0);
      const { images } = await generating(name, tag, async (path) => {
        await untilThere(path);
        before = await readFile(path);
      });
      const put = await sharp(before).metadata();
      assert.deepEqual([put.format, put.width, put.height], [format, 600, 400]);
      assert.deepEqual(
        images.map(({ uri }) => uri.toString()),
        [vscode.Uri.joinPath(folder, name).toString()],
      );
      const { width, height } = await sharp(await readFile(inFolder(name))).metadata();
      assert.deepEqual([width, height], [1536, 1024]);
      assert.deepEqual(await named(name.split('.')[0] ?? ''), [name, `${name}.html`]);
      assert.deepEqual(
        (await readdir(folder.fsPath)).filter((each) => each.startsWith('.')),
        [],
      );
    });

  it('gives way to a file that came meanwhile', async () => {
    const { images } = await generating('mine.png', tag, async (path) => {
      await untilThere(path);
      await writeFile(path, 'mine');
    });
    assert.equal(images[0]?.uri.fsPath, inFolder('mine-2.png'));
    assert.equal(await readFile(inFolder('mine.png'), 'utf8'), 'mine');
  });

  it('goes when the task fails', async () => {
    await api.fault({ fault: { kind: 'failed' } });
    const { images, failures } = await generating('none.png', tag, untilThere);
    assert.deepEqual([images.length, failures.length], [0, 1]);
    while ((await named('none.png')).length > 1) await new Promise((go) => setTimeout(go, 50));
    assert.deepEqual(await named('none.png'), ['none.png.html']);
  });

  it('is not put where the setting does not ask for it', async () => {
    const { length } = await sentRequests(api);
    const isUnset = false;
    const { images } = await generating(
      'unset.png',
      tag,
      async () => {
        while ((await sentRequests(api)).length === length)
          await new Promise((go) => setTimeout(go, 20));
        assert.deepEqual(await named('unset.png'), ['unset.png.html']);
      },
      isUnset,
    );
    assert.equal(images[0]?.uri.fsPath, inFolder('unset.png'));
  });
});
