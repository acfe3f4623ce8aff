import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { placeImages } from '../../../src/document/placeImages.ts';
import { activated, rejection, run, workspaceFolder } from '../hostContext.ts';
import { pngOf } from '../pngOf.ts';

describe('inserting several images', () => {
  const folder = vscode.Uri.joinPath(workspaceFolder(), 'several');
  const inFolder = (path: string) => vscode.Uri.joinPath(folder, path);
  const write = (path: string, content: string | Buffer) =>
    vscode.workspace.fs.writeFile(inFolder(path), Buffer.from(content));
  const size = 'width="640" height="480"';

  before(async () => {
    await activated();
    await write('red fox.png', pngOf(640, 480));
    await write('b.png', pngOf(640, 480));
  });
  after(async () => {
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  async function opened(name: string, marked: string): Promise<vscode.TextEditor> {
    const offset = marked.indexOf('¦');
    await write(name, marked.replace('¦', ''));
    const editor = await vscode.window.showTextDocument(inFolder(name));
    const at = editor.document.positionAt(offset);
    editor.selection = new vscode.Selection(at, at);
    return editor;
  }

  async function insertedInto(name: string, marked: string, ...given: unknown[]): Promise<string> {
    const editor = await opened(name, marked);
    await run('insertImage', ...given);
    const text = editor.document.getText();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    return text;
  }

  it('makes a gallery of those selected in the explorer, in one step, with the cursor behind', async () => {
    const page = '<main>\n  <p>Foxes.</p>\n</main>\n';
    const editor = await opened('a.html', page.replace('Foxes', 'Fo¦xes'));
    const [fox, other] = [inFolder('red fox.png'), inFolder('b.png')];
    await run('insertImage', fox, [fox, other, inFolder('a.html')]);
    const gallery = [
      '  <div class="gallery">',
      '    <figure>',
      `      <img src="red%20fox.png" alt="" ${size}>`,
      '    </figure>',
      '    <figure>',
      `      <img src="b.png" alt="" ${size}>`,
      '    </figure>',
      '  </div>',
    ].join('\n');
    const expected = `<main>\n  <p>Foxes.</p>\n${gallery}\n</main>\n`;
    assert.equal(editor.document.getText(), expected);
    assert.ok(editor.selection.isEmpty);
    const behind = editor.document.offsetAt(editor.selection.active);
    assert.equal(behind, expected.indexOf(gallery) + gallery.length);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), page);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('makes one picture of the files that a conversion has made of an image', async () => {
    const fox = inFolder('red fox.png');
    const options = { format: 'webp', widths: [320, 640] };
    const { images } = await run<{ images: { uri: vscode.Uri }[] }>(
      'convertImage',
      fox,
      undefined,
      options,
    );
    const files = [fox, ...images.map(({ uri }) => uri)];
    const picture = [
      '<picture>',
      '  <source type="image/webp" srcset="red%20fox-320.webp 320w, red%20fox-640.webp 640w" sizes="(max-width: 640px) 100vw, 640px">',
      `  <img src="red%20fox.png" alt="" ${size}>`,
      '</picture>',
    ].join('\n');
    assert.equal(await insertedInto('b.html', '¦', fox, files), picture);
    // What is dropped, or chosen in the Studio, is written likewise.
    const page = await vscode.workspace.openTextDocument(inFolder('b.html'));
    const edit = await placeImages(page, new vscode.Position(0, 0), files, []);
    const [[, edits] = []] = edit.entries();
    assert.equal(edits?.[0]?.newText, picture);
    assert.equal((await insertedInto('b.md', '¦', ...files)).split('\n\n').length, 3);
    for (const { uri } of images) await vscode.workspace.fs.delete(uri);
  });

  it('offers to insert what a conversion has made, as one image', async () => {
    const editor = await opened('c.html', '¦');
    const { showInformationMessage } = vscode.window;
    Object.assign(vscode.window, {
      showInformationMessage: (_: string, ...buttons: string[]) =>
        Promise.resolve(buttons.find((each) => each === 'Insert at Cursor')),
    });
    const accepting = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'),
      200,
    );
    try {
      await run('convertImage', inFolder('b.png'));
      while (editor.document.getText() === '') await new Promise((go) => setTimeout(go, 50));
    } finally {
      clearInterval(accepting);
      Object.assign(vscode.window, { showInformationMessage });
    }
    assert.match(
      editor.document.getText(),
      /^<picture>\n {2}<source type="image\/webp" srcset="b\.webp">\n/,
    );
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(inFolder('b.webp'));
  });

  it('starts from the base of a page, and refuses one that leads away', async () => {
    const fox = inFolder('red fox.png');
    const inPage = (base: string) => `<base href="${base}">\n¦`;
    const text = await insertedInto('d.html', inPage('img/'), fox);
    assert.equal(text.split('\n')[1], `<img src="../red%20fox.png" alt="" ${size}>`);
    const fromRoot = await insertedInto('e.html', inPage('/'), fox);
    assert.equal(fromRoot.split('\n')[1], `<img src="several/red%20fox.png" alt="" ${size}>`);
    const editor = await opened('f.html', inPage('https://cdn.example/x/'));
    const { code, message } = await rejection(run('insertImage', fox));
    assert.equal(code, 'badRequest');
    assert.match(message, /<base>, https:\/\/cdn\.example\/x\/, and none leads to the image/);
    assert.equal(editor.document.getText(), inPage('https://cdn.example/x/').replace('¦', ''));
    assert.ok(!editor.document.isDirty);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('links from the root what lies in the public folder of a project that its package.json tells', async () => {
    await write('site/public/fox.png', pngOf(640, 480));
    await write('site/app/page.tsx', '');
    const component = 'export const A = () => (\n  <main>\n    ¦\n  </main>\n);\n';
    const fox = inFolder('site/public/fox.png');
    const line = async () =>
      (await insertedInto('site/app/page.tsx', component, fox))
        .split('\n')
        .find((each) => each.includes('src='))
        ?.trim();
    assert.equal(await line(), '<img src="../public/fox.png" alt="" width={640} height={480} />');
    for (const [name, tag] of [
      ['next', 'Image'],
      ['vite-imagetools', 'img'],
    ] as const) {
      await write('site/package.json', JSON.stringify({ devDependencies: { [name]: '1.0.0' } }));
      assert.equal(await line(), `<${tag} src="/fox.png" alt="" width={640} height={480} />`, name);
    }
  });
});
