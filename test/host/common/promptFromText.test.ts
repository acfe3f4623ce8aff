import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activated, run, withSettings, workspaceFolder } from '../hostContext.ts';

const dawn = 'A sleepy harbour at dawn.';

describe('the prompt that a text suggests', () => {
  before(activated);
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  /** What the prompt box begins with, for a user who leaves it. */
  async function suggested(options?: Record<string, unknown>): Promise<string[]> {
    const { createInputBox } = vscode.window;
    const values: string[] = [];
    Object.assign(vscode.window, {
      createInputBox() {
        const box = createInputBox.call(vscode.window);
        const show = box.show.bind(box);
        box.show = () => {
          values.push(box.value);
          show();
          box.hide();
        };
        return box;
      },
    });
    try {
      await run('generate', options);
    } finally {
      Object.assign(vscode.window, { createInputBox });
    }
    return values;
  }

  /** Opens a text of a language; its selection goes from the first `|` to the last. */
  async function open(marked: string, name: string): Promise<void> {
    const content = marked.replaceAll('|', '');
    const uri = vscode.Uri.joinPath(workspaceFolder(), 'suggests', name);
    await vscode.workspace.fs.writeFile(uri, Buffer.from(content));
    const editor = await vscode.window.showTextDocument(uri);
    const { document } = editor;
    const [begin, end] = [marked.indexOf('|'), marked.lastIndexOf('|')];
    const shift = end > begin ? 1 : 0;
    editor.selection = new vscode.Selection(
      document.positionAt(begin),
      document.positionAt(end - shift),
    );
  }

  after(async () => {
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'suggests');
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  const cases: [what: string, name: string, text: string, prompt: string][] = [
    ['is the sentence at the cursor', 'a.md', `# A\n\n${dawn}|\n`, dawn],
    ['is the sentence in a plain text', 'a.txt', `It is quiet. |${dawn}`, dawn],
    [
      'is what is selected, where something is',
      'b.md',
      `A |sleepy harbour| at dawn.`,
      'sleepy harbour',
    ],
    ['is no code', 'a.js', `${dawn}|`, ''],
    ['is no heading', 'c.md', `# ${dawn}|`, ''],
  ];
  for (const [what, name, text, prompt] of cases)
    it(what, async () => {
      await open(text, name);
      assert.deepEqual(await suggested(), [prompt]);
    });

  it('is none for whoever has a folder or images in mind', async () => {
    await open(`${dawn}|`, 'd.md');
    assert.deepEqual(await suggested({ output: workspaceFolder() }), ['']);
    const references = ['https://example.com/a.png'];
    await withSettings('imageStudio', { uploadReferences: 'always' }, async () => {
      assert.deepEqual(await suggested({ references }), ['']);
    });
    assert.deepEqual(await suggested({ prompt: undefined }), [dawn]);
  });

  it('is none in a log, nor with several cursors', async () => {
    await open(`${dawn}|`, 'e.md');
    const { activeTextEditor } = vscode.window;
    assert.ok(activeTextEditor);
    const at = (character: number) => new vscode.Selection(0, character, 0, character);
    activeTextEditor.selections = [at(3), at(9)];
    assert.deepEqual(await suggested(), ['']);
    const provider = { provideTextDocumentContent: () => dawn };
    const registered = vscode.workspace.registerTextDocumentContentProvider('old', provider);
    await vscode.window.showTextDocument(vscode.Uri.parse('old:/a.md'));
    assert.deepEqual(await suggested(), ['']);
    registered.dispose();
  });
});
