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
});
