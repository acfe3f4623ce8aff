import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { nextImage } from '../../../src/studio/draft/nextImage.ts';
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

  it('is their own where only a width is set', async () => {
    const settings = { 'output.maxWidth': 200 };
    assert.deepEqual(await made(settings, 'less wide'), [inImages('less-wide-200.png').toString()]);
    assert.deepEqual(await factsOf('less-wide-200.png'), { format: 'png', width: 200 });
    assert.deepEqual(await namesOf('less-wide'), ['less-wide-200.png', 'less-wide.png']);
    const output = inImages('narrow.webp');
    assert.deepEqual(await made(settings, 'narrow', { output }), [output.toString()]);
    assert.deepEqual(await factsOf('narrow.webp'), { format: 'webp', width: 200 });
    assert.deepEqual(await namesOf('narrow'), ['narrow.webp']);
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
    assert.deepEqual(await made(settings, 'named', { output }), [output.toString()]);
    assert.equal((await factsOf('named.jpeg')).format, 'jpeg');
  });

  for (const [name, format] of [
    ['alone.webp', 'webp'],
    ['alone.JPG', 'jpeg'],
    ['alone.png', 'png'],
  ] as const)
    it(`is that of ${name}, which is made alone where no setting asks for a format`, async () => {
      for (const model of ['gpt-image-2', 'gpt-image-1.5-lite']) {
        const output = inImages(`${model}-${name}`);
        assert.deepEqual(await made({}, 'alone', { output, model }), [output.toString()]);
        assert.equal((await factsOf(`${model}-${name}`)).format, format);
        assert.deepEqual(await namesOf(`${model}-alone`), [`${model}-${name}`]);
        await vscode.workspace.fs.delete(output);
      }
    });

  it('is that of the name for each of several', async () => {
    const output = inImages('several.webp');
    // The first that is drawn takes the name.
    assert.deepEqual((await made({}, 'several', { output, count: 2 })).toSorted(), [
      inImages('several-2.webp').toString(),
      output.toString(),
    ]);
    assert.equal((await factsOf('several-2.webp')).format, 'webp');
  });

  it('is refused before anything is paid for a name in a format that is not written', async () => {
    const before = (await sentRequests(api)).length;
    for (const name of ['named.gif', 'named.avif'])
      await assert.rejects(made({}, 'none', { output: inImages(name) }), (thrown: Error) => {
        assert.equal((thrown as { code?: string }).code, 'badRequest');
        assert.ok(thrown.message.includes(name), thrown.message);
        return true;
      });
    assert.equal((await sentRequests(api)).length, before);
  });

  it('is in the name that the Studio shows for the next image', async () => {
    const place = { folder: vscode.workspace.workspaceFolders?.[0] };
    const studio = {
      ...{ workplace: { now: () => place }, engine: { listRecent: () => [] } },
      ownFolder: vscode.Uri.joinPath(workspaceFolder(), 'own'),
    } as unknown as Parameters<typeof nextImage>[0];
    const draft = { model: 'gpt-image-1.5-lite', prompt: 'shown next', references: [] };
    const shown = async (settings: object) =>
      await withSettings(
        'imageStudio',
        { ...settings },
        async () =>
          (await nextImage(studio, { ...draft, size: 'auto', quality: 'auto' } as never)).path,
      );
    assert.equal(await shown({}), 'images/shown-next.png');
    assert.equal(await shown({ 'output.format': 'webp' }), 'images/shown-next.webp');
    const alone = { 'output.format': 'jpeg', 'output.keepOriginal': false };
    assert.equal(await shown(alone), 'images/shown-next.jpg');
    assert.equal(await shown({ 'output.maxWidth': 200 }), 'images/shown-next.png');
    // The number is the original's, where that is kept too.
    await vscode.workspace.fs.writeFile(inImages('shown-next.png'), Buffer.from('x'));
    assert.equal(await shown({ 'output.format': 'webp' }), 'images/shown-next-2.webp');
    assert.equal(await shown(alone), 'images/shown-next.jpg');
    await vscode.workspace.fs.delete(inImages('shown-next.png'));
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
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        text,
        document.positionAt(document.getText().indexOf('a-finch') + 1),
      );
      // The editor has a hover of its own for some links.
      const shown = hovers.flatMap((each) => each.contents) as vscode.MarkdownString[];
      const texts = shown.map(({ value }) => value).join('\n');
      assert.ok(texts.includes('command:imageStudio.makeAgain'), texts);
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
