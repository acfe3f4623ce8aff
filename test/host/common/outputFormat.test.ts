import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import * as vscode from 'vscode';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import {
  freshApi,
  generate,
  run,
  sentRequests,
  withSettings,
  workspaceFolder,
} from '../hostContext.ts';

describe('the format of results', () => {
  let api: OfflineApi;

  before(async () => {
    api = await freshApi();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const inImages = (name: string) => vscode.Uri.joinPath(workspaceFolder(), 'images', name);
  const made = async (settings: object, prompt: string, more: object = {}) => {
    const result = await withSettings('imageStudio', { ...settings }, () =>
      generate({ prompt, open: false, ...more }),
    );
    return result.images.map(({ uri }) => uri.toString());
  };
  const factsOf = async (name: string) => {
    const bytes = await vscode.workspace.fs.readFile(inImages(name));
    const { format, width } = await sharp(bytes).metadata();
    return { format, width };
  };
  const namesOf = async (start: string) =>
    (await vscode.workspace.fs.readDirectory(inImages('')))
      .map(([name]) => name)
      .filter((name) => name.startsWith(start))
      .toSorted();

  it('is that of the setting, and the original stays beside it', async () => {
    const settings = { 'output.format': 'webp', 'output.maxWidth': 200 };
    assert.deepEqual(await made(settings, 'kept as webp'), [
      inImages('kept-as-webp.webp').toString(),
    ]);
    assert.deepEqual(await factsOf('kept-as-webp.webp'), { format: 'webp', width: 200 });
    assert.deepEqual(await namesOf('kept-as'), ['kept-as-webp.png', 'kept-as-webp.webp']);
    assert.equal((await factsOf('kept-as-webp.png')).format, 'png');
  });

  it('is alone on the disk where no original is kept', async () => {
    const settings = { 'output.format': 'jpeg', 'output.keepOriginal': false };
    assert.deepEqual(await made(settings, 'only jpeg'), [inImages('only-jpeg.jpg').toString()]);
    assert.deepEqual(await namesOf('only-'), ['only-jpeg.jpg']);
    assert.equal((await factsOf('only-jpeg.jpg')).format, 'jpeg');
  });

  it('is that of the name, where a file is asked for by its name', async () => {
    const settings = { 'output.format': 'webp', 'output.keepOriginal': false };
    const output = inImages('named.jpeg');
    assert.deepEqual(await made(settings, 'named', { output }), [inImages('named.jpg').toString()]);
    assert.equal((await factsOf('named.jpg')).format, 'jpeg');
  });

  it('is inserted with the words that made it, by its own file', async () => {
    const [uri = ''] = await made({ 'output.format': 'webp' }, 'a finch in webp');
    const file = vscode.Uri.parse(uri, true);
    assert.match(uri, /a-finch-in-webp\.webp$/);
    for (const [name, link] of [
      ['a.md', '![a finch in webp](a-finch-in-webp.webp)'],
      ['a.html', '<img src="a-finch-in-webp.webp" alt="a finch in webp"'],
    ] as const) {
      const text = inImages(name);
      await vscode.workspace.fs.writeFile(text, Buffer.from(''));
      const { document } = await vscode.window.showTextDocument(text);
      await run('insertImage', file);
      assert.ok(document.getText().includes(link), document.getText());
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await vscode.workspace.fs.delete(text);
    }
  });

  it('is refused before anything is paid where it cannot be written', async () => {
    const before = (await sentRequests(api)).length;
    for (const format of ['avif', 'tiff'])
      await assert.rejects(made({ 'output.format': format }, 'none'), (thrown: Error) => {
        assert.equal((thrown as { code?: string }).code, 'badRequest');
        assert.match(thrown.message, /imageStudio\.output\.format.*webp/);
        return true;
      });
    assert.equal((await sentRequests(api)).length, before);
  });
});
