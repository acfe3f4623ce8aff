import { strict as assert } from 'node:assert';
import { utimes } from 'node:fs/promises';
import * as vscode from 'vscode';
import { placeImages } from '../../../src/document/placeImages.ts';
import { activated, run, workspaceFolder, codeActionsAt } from '../hostContext.ts';
import { pngOf } from '../pngOf.ts';

describe('inserting an image', () => {
  const image = () => vscode.Uri.joinPath(workspaceFolder(), 'pictures', 'red fox.png');

  async function insertedInto(name: string, content: string): Promise<string> {
    const uri = vscode.Uri.joinPath(workspaceFolder(), 'docs', name);
    await vscode.workspace.fs.writeFile(uri, Buffer.from(content));
    const editor = await vscode.window.showTextDocument(uri);
    const end = editor.document.positionAt(content.length);
    editor.selection = new vscode.Selection(end, end);
    await run('insertImage', image());
    const text = editor.document.getText();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    return text;
  }

  before(activated);

  it('writes a link relative to the document, as its language needs it', async () => {
    assert.equal(await insertedInto('a.md', '# A\n'), '# A\n\n![](../pictures/red%20fox.png)');
    assert.equal(await insertedInto('a.html', ''), '<img src="../pictures/red%20fox.png" alt="">');
    assert.equal(await insertedInto('a.tsx', ''), '<img src="../pictures/red%20fox.png" alt="" />');
    assert.equal(await insertedInto('a.css', ''), 'url("../pictures/red%20fox.png")');
  });

  it('knows languages that no extension is installed for', async () => {
    const img = '<img src="../pictures/red%20fox.png" alt="">';
    assert.equal(await insertedInto('a.astro', ''), img.replace('>', ' />'));
    assert.equal(await insertedInto('a.typ', ''), '#image("../pictures/red fox.png")');
    assert.equal(await insertedInto('a.qmd', ''), '![](../pictures/red%20fox.png)');
    for (const name of ['a.html.twig', 'a.blade.php', 'a.html.erb', 'a.ejs', 'a.cshtml'])
      assert.equal(await insertedInto(name, ''), img, name);
    assert.equal(
      await insertedInto('a.rst', 'words'),
      'words\n\n.. image:: ../pictures/red\\ fox.png',
    );
    const component = 'export const A = () => <p>a</p>;\n';
    assert.equal(await insertedInto('a.js', component), component + img.replace('>', ' />'));
  });

  it('writes the size of an image where the language has it', async () => {
    await vscode.workspace.fs.writeFile(image(), pngOf(64, 48));
    const attributes = 'src="../pictures/red%20fox.png" alt=""';
    const sized = `${attributes} width="64" height="48"`;
    const written: [name: string, text: string][] = [
      ['s.md', '![](../pictures/red%20fox.png)'],
      ['s.html', `<img ${sized}>`],
      ['s.vue', `<img ${sized}>`],
      ['s.svelte', `<img ${sized}>`],
      ['s.php', `<img ${sized}>`],
      ['s.astro', `<img ${sized} />`],
      ['s.jsx', `<img ${attributes} width={64} height={48} />`],
      ['s.tsx', `<img ${attributes} width={64} height={48} />`],
      ['s.pug', 'img(src="../pictures/red%20fox.png" alt="" width="64" height="48")'],
      ['s.scss', 'url("../pictures/red%20fox.png")'],
      ['s.adoc', 'image::../pictures/red fox.png[,64,48]'],
      ['s.rst', '.. image:: ../pictures/red\\ fox.png\n   :width: 64px'],
      ['s.tex', '\\includegraphics{../pictures/red fox.png}'],
      ['s.typ', '#image("../pictures/red fox.png")'],
      ['s.org', '[[file:../pictures/red fox.png]]'],
    ];
    for (const [name, text] of written) assert.equal(await insertedInto(name, ''), text, name);
    await vscode.workspace.fs.delete(image());
  });

  it('writes what the template of the language says, and its own form for a wrong one', async () => {
    const configuration = vscode.workspace.getConfiguration('imageStudio', workspaceFolder());
    const { Workspace } = vscode.ConfigurationTarget;
    const templates = { markdown: '{{< figure "${link}" >}}', html: '<img data-src="${source}">' };
    await configuration.update('document.templates', templates, Workspace);
    assert.equal(await insertedInto('t.md', ''), '{{< figure "../pictures/red%20fox.png" >}}');
    assert.equal(await insertedInto('t.html', ''), '<img src="../pictures/red%20fox.png" alt="">');
    await configuration.update('document.templates', undefined, Workspace);
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('puts several images in one step, each where it can be seen', async () => {
    const uri = vscode.Uri.joinPath(workspaceFolder(), 'docs', 'many.md');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('Words.\n'));
    const editor = await vscode.window.showTextDocument(uri);
    await run('insertImage', image(), vscode.Uri.joinPath(workspaceFolder(), 'b.png'));
    const both = '![](../pictures/red%20fox.png)\n\n![](../b.png)';
    assert.equal(editor.document.getText(), `Words.\n\n${both}\n`);
    assert.ok(editor.selection.isEmpty);
    assert.equal(editor.document.offsetAt(editor.selection.active), `Words.\n\n${both}`.length);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'Words.\n');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('writes what a project with a pipeline for images needs, in one step', async () => {
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'site');
    const inFolder = (path: string) => vscode.Uri.joinPath(folder, path);
    const write = (path: string, text: string | Buffer) =>
      vscode.workspace.fs.writeFile(inFolder(path), Buffer.from(text));
    await write('package.json', JSON.stringify({ dependencies: { next: '15.0.0' } }));
    await write('app/fox.png', pngOf(8, 6));
    const component = 'export const A = () => (\r\n  <p></p>\r\n);\r\n';
    await write('app/page.tsx', component);
    const editor = await vscode.window.showTextDocument(inFolder('app/page.tsx'));
    const inside = editor.document.positionAt(component.indexOf('</p>'));
    editor.selection = new vscode.Selection(inside, inside);
    await run('insertImage', inFolder('app/fox.png'));
    const imports = "import fox from './fox.png';\r\nimport Image from 'next/image';\r\n\r\n";
    const element = '<Image src={fox} alt="" />';
    const expected = imports + component.replace('</p>', `${element}</p>`);
    assert.equal(editor.document.getText(), expected);
    assert.ok(editor.selection.isEmpty);
    const before = editor.document.getText(
      new vscode.Range(new vscode.Position(0, 0), editor.selection.active),
    );
    assert.ok(before.endsWith(element));
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), component);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it('links what is dropped at its place, or as a block behind the paragraph there', async () => {
    const uri = vscode.Uri.joinPath(workspaceFolder(), 'docs', 'drop.md');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('Some words.\n\nMore.\n'));
    const document = await vscode.workspace.openTextDocument(uri);
    const between = await placeImages(document, new vscode.Position(0, 4), [image()], []);
    await vscode.workspace.applyEdit(between);
    const link = '![](../pictures/red%20fox.png)';
    assert.equal(document.getText(), `Some words.\n\n${link}\n\nMore.\n`);
    const page = await vscode.workspace.openTextDocument({ language: 'html', content: '' });
    const start = new vscode.Position(0, 0);
    await vscode.workspace.applyEdit(await placeImages(page, start, [image()], []));
    assert.equal(page.getText(), '<img src="pictures/red%20fox.png" alt="">');
    await document.save();
  });

  it('starts from the workspace folder in a text that is no file yet', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: '' });
    await vscode.window.showTextDocument(document);
    await run('insertImage', image());
    assert.equal(document.getText(), '![](pictures/red%20fox.png)');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('leaves alone a text that is only shown', async () => {
    const provider = { provideTextDocumentContent: () => 'frozen' };
    const frozen = vscode.workspace.registerTextDocumentContentProvider('frozen', provider);
    const uri = vscode.Uri.parse('frozen:/a.md');
    const { document } = await vscode.window.showTextDocument(uri);
    await run('insertImage', image());
    assert.equal(document.getText(), 'frozen');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    frozen.dispose();
  });

  it('finds the image a link leads to in a file and in a new text', async () => {
    const link = (path: string) => ({ language: 'markdown', content: `![a](${path})` });
    await vscode.workspace.fs.writeFile(image(), Buffer.from('x'));
    const texts: vscode.TextDocument[] = [
      await vscode.workspace.openTextDocument(link('pictures/red%20fox.png')),
    ];
    const file = vscode.Uri.joinPath(workspaceFolder(), 'docs', 'links.md');
    await vscode.workspace.fs.writeFile(file, Buffer.from('![a](../pictures/red%20fox.png)'));
    texts.push(await vscode.workspace.openTextDocument(file));
    for (const text of texts) assert.equal(String(await imageToEdit(text)), image().toString());
    await vscode.workspace.fs.delete(image());
  });

  it('finds an image of the web by its address as it was written', async () => {
    const address = 'https://pictures.example/far.png?signature=a%2Bb%3D&expires=1';
    const content = `<p>\n  <img alt="a > b"\n    src="${address.replace('&', '&amp;')}">\n</p>`;
    const text = await vscode.workspace.openTextDocument({ language: 'html', content });
    assert.equal((await imageToEdit(text, 2))?.toString(true), address);
  });

  it('finds the image of a link that begins with a slash in a public folder', async () => {
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'web');
    const logo = vscode.Uri.joinPath(folder, 'public', 'logo.png');
    for (const file of [image(), logo]) await vscode.workspace.fs.writeFile(file, Buffer.from('x'));
    const page = vscode.Uri.joinPath(folder, 'src', 'page.astro');
    const lines = ['<Image src="/logo.png" alt="" />', '![[red fox.png|300]]'];
    await vscode.workspace.fs.writeFile(page, Buffer.from(lines.join('\n')));
    const note = vscode.Uri.joinPath(folder, 'note.md');
    await vscode.workspace.fs.writeFile(note, Buffer.from(lines.join('\n\n')));
    const text = await vscode.workspace.openTextDocument(page);
    assert.equal(String(await imageToEdit(text)), logo.toString());
    const notes = await vscode.workspace.openTextDocument(note);
    assert.equal(String(await imageToEdit(notes)), logo.toString());
    assert.equal(String(await imageToEdit(notes, 2)), image().toString());
    await vscode.workspace.fs.delete(folder, { recursive: true });
    await vscode.workspace.fs.delete(image());
  });

  it('offers the newest image of the workspace first, however it is written', async () => {
    const newest = vscode.Uri.joinPath(workspaceFolder(), 'pictures', 'Newest.JfIf');
    await vscode.workspace.fs.writeFile(image(), Buffer.from('x'));
    await vscode.workspace.fs.writeFile(newest, Buffer.from('x'));
    const later = new Date(Date.now() + 60_000);
    await utimes(newest.fsPath, later, later);
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: '' });
    await vscode.window.showTextDocument(document);
    const inserted = run('insertImage');
    const accept = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'),
      200,
    );
    await inserted;
    clearInterval(accept);
    assert.equal(document.getText(), '![](pictures/Newest.JfIf)');
    for (const file of [newest, image()]) await vscode.workspace.fs.delete(file);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('shows each image in its row, the newest first, and its kind where it is not fit for that', async () => {
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'rows');
    const at = (name: string) => vscode.Uri.joinPath(folder, name);
    // Models draw files that are larger than one megabyte.
    const asDrawn = Buffer.concat([pngOf(8, 6), Buffer.alloc(2 * 1024 * 1024)]);
    const inOrder = ['newest.png', 'newer.png', 'old.png', 'drawn.svg'];
    for (const [index, name] of inOrder.entries()) {
      const isSvg = name.endsWith('.svg');
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
      await vscode.workspace.fs.writeFile(at(name), isSvg ? Buffer.from(svg) : asDrawn);
      const time = new Date(Date.now() + (10 - index) * 60_000);
      await utimes(at(name).fsPath, time, time);
    }
    const { createQuickPick } = vscode.window;
    let list: vscode.QuickPick<vscode.QuickPickItem> | undefined;
    Object.assign(vscode.window, {
      createQuickPick: () => (list = createQuickPick.call(vscode.window)),
    });
    try {
      const inserted = run('insertImage');
      const rows = () => (list?.items ?? []).filter(({ label }) => label.startsWith('rows/'));
      const icons = () =>
        rows().map(({ iconPath }) =>
          iconPath instanceof vscode.Uri ? iconPath.toString() : (iconPath as vscode.ThemeIcon).id,
        );
      const expected = [...inOrder.slice(0, 3).map((name) => String(at(name))), 'file-media'];
      const isShown = () => icons().join() === expected.join();
      for (let looks = 0; !isShown() && looks < 250; looks += 1)
        await new Promise((soon) => setTimeout(soon, 20));
      assert.deepEqual(
        rows().map(({ label }) => label),
        inOrder.map((name) => `rows/${name}`),
      );
      assert.deepEqual(icons(), expected);
      list?.hide();
      await inserted;
    } finally {
      Object.assign(vscode.window, { createQuickPick });
      await vscode.workspace.fs.delete(folder, { recursive: true });
    }
  });

  /** What "Edit Image…" would edit in a line. */
  async function imageToEdit(text: vscode.TextDocument, line = 0): Promise<vscode.Uri | undefined> {
    const actions = await codeActionsAt(text.uri, text.lineAt(line).range);
    const edit = actions.find(({ command }) => command?.command === 'imageStudio.edit');
    return edit?.command?.arguments?.[0] as vscode.Uri | undefined;
  }
});
