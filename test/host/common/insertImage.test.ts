import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activated, run, workspaceFolder } from '../hostContext.ts';

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
    assert.equal(await insertedInto('a.md', '# A\n'), '# A\n![](../pictures/red%20fox.png)');
    assert.equal(await insertedInto('a.html', ''), '<img src="../pictures/red%20fox.png" alt="">');
    assert.equal(await insertedInto('a.tsx', ''), '<img src="../pictures/red%20fox.png" alt="" />');
    assert.equal(await insertedInto('a.css', ''), 'url("../pictures/red%20fox.png")');
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
    const texts: vscode.TextDocument[] = [
      await vscode.workspace.openTextDocument(link('pictures/red%20fox.png')),
    ];
    const file = vscode.Uri.joinPath(workspaceFolder(), 'docs', 'links.md');
    await vscode.workspace.fs.writeFile(file, Buffer.from('![a](../pictures/red%20fox.png)'));
    texts.push(await vscode.workspace.openTextDocument(file));
    for (const text of texts) assert.equal(String(await imageToEdit(text)), image().toString());
  });

  it('finds an image of the web by its address as it was written', async () => {
    const address = 'https://pictures.example/far.png?signature=a%2Bb%3D&expires=1';
    const content = `<p>\n  <img alt="a > b"\n    src="${address.replace('&', '&amp;')}">\n</p>`;
    const text = await vscode.workspace.openTextDocument({ language: 'html', content });
    assert.equal((await imageToEdit(text, 2))?.toString(true), address);
  });

  /** What "Edit Image…" would edit in a line. */
  async function imageToEdit(text: vscode.TextDocument, line = 0): Promise<vscode.Uri | undefined> {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      text.uri,
      text.lineAt(line).range,
    );
    const edit = actions.find(({ command }) => command?.command === 'imageStudio.edit');
    return edit?.command?.arguments?.[0] as vscode.Uri | undefined;
  }
});
