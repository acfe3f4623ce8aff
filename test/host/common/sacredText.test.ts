import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { openTextWith, relinkAll, replaceIn } from '../../../src/document/replaceLinks.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { waitUntil } from '../../harness/waitUntil.ts';
import { answering, freshApi, generate, run, workspaceFolder } from '../hostContext.ts';

const guide = '# Guide\n\nA sleepy harbour at dawn.\nIt is quiet.\n\nThe end.\n';

describe('the text of a user', () => {
  let api: OfflineApi;
  const at = (path: string) => vscode.Uri.joinPath(workspaceFolder(), 'sacred', path);

  before(async () => {
    api = await freshApi();
  });
  afterEach(async () => {
    await api.configure({ taskMs: 300 });
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(at(''), { recursive: true });
  });

  async function opened(name = 'guide.md', content = guide): Promise<vscode.TextEditor> {
    await vscode.workspace.fs.writeFile(at(name), Buffer.from(content));
    return await vscode.window.showTextDocument(at(name), { preview: false });
  }

  /** A user who has nothing selected has the cursor behind these words. */
  function select(editor: vscode.TextEditor, words: string, isCursor = false): void {
    const begin = editor.document.getText().indexOf(words);
    const end = editor.document.positionAt(begin + words.length);
    const anchor = isCursor ? end : editor.document.positionAt(begin);
    editor.selection = new vscode.Selection(anchor, end);
  }

  const selected = ({ document, selection }: vscode.TextEditor) => document.getText(selection);
  const behindLink = ({ document, selection }: vscode.TextEditor) => {
    assert.ok(selection.isEmpty);
    return document.getText(new vscode.Range(new vscode.Position(0, 0), selection.end));
  };
  const imageTabs = () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputCustom);

  async function link(words: string, isCursor = false): Promise<vscode.TextEditor> {
    const editor = await opened();
    select(editor, words, isCursor);
    await run('insertImage', at('fox é.png'));
    return editor;
  }

  it('gets the link as a block behind the selected words, and the cursor behind it', async () => {
    const editor = await link('A sleepy harbour');
    const expected = guide.replace('quiet.\n', 'quiet.\n\n![](fox%20é.png)\n');
    assert.equal(editor.document.getText(), expected);
    assert.match(behindLink(editor), /!\[\]\(fox%20é\.png\)$/);
    await vscode.commands.executeCommand('type', { text: '.' });
    assert.equal(editor.document.getText(), expected.replace('é.png)', 'é.png).'));
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), guide);
  });

  it('is not cut by a link in the middle of a sentence', async () => {
    const editor = await link('sleepy', true);
    assert.match(editor.document.getText(), /It is quiet\.\n\n!\[\]\(fox%20é\.png\)\n\nThe end\./);
  });

  it('stays in front, with its selection, when an image is finished', async () => {
    const editor = await opened();
    select(editor, 'harbour');
    const { images } = await generate({ prompt: 'seen beside the text', open: true });
    await waitUntil('the image beside it', () => imageTabs().length === 1);
    assert.equal(vscode.window.activeTextEditor, editor);
    assert.equal(selected(editor), 'harbour');
    assert.equal(vscode.window.tabGroups.activeTabGroup.viewColumn, vscode.ViewColumn.One);
    await vscode.commands.executeCommand('type', { text: 'sea' });
    assert.ok(editor.document.getText().includes('A sleepy sea at dawn.'));
    assert.equal(images.length, 1);
  });

  it('stays in front when an image is edited whose source it does not show', async () => {
    const { images } = await generate({ prompt: 'to be edited', open: false });
    const editor = await opened();
    await answering('Upload Once', () =>
      run('edit', images[0]!.uri, undefined, { prompt: 'bluer', open: true }),
    );
    await waitUntil('the image beside it', () => imageTabs().length === 1);
    assert.equal(vscode.window.activeTextEditor, editor);
    // The view of a log is an editor, too.
    const texts = vscode.window.visibleTextEditors.filter(
      ({ document }) => document.uri.scheme !== 'output',
    );
    assert.equal(texts.length, 1);
  });

  it('is covered by nothing when another text is beside it', async () => {
    const other = await opened('other.md');
    const editor = await vscode.window.showTextDocument(
      (await opened()).document,
      vscode.ViewColumn.Two,
    );
    await generate({ prompt: 'no room for it' });
    assert.equal(imageTabs().length, 0);
    assert.equal(vscode.window.activeTextEditor, editor);
    assert.equal(other.document.isClosed, false);
  });

  it('is not disturbed while it is typed', async () => {
    const editor = await opened();
    select(editor, 'dawn', true);
    const made = generate({ prompt: 'while somebody types' });
    const state = { isMade: false };
    void made.then(() => (state.isMade = true));
    let typed = '';
    while (!state.isMade) {
      await vscode.commands.executeCommand('type', { text: 'x' });
      typed += 'x';
    }
    assert.equal(imageTabs().length, 0);
    assert.ok(editor.document.getText().includes(`dawn${typed}.`));
  });

  /** Orders an image as a user does, with the place in the text, and shows nothing. */
  async function ordered(prompt: string): Promise<vscode.Uri> {
    const { images } = await generate({ prompt, open: false });
    return images[0]!.uri;
  }

  /** As another program does. The editor keeps a text for a while after its tab was closed. */
  async function changeOnDisk(document: vscode.TextDocument, content: string): Promise<void> {
    await vscode.workspace.fs.writeFile(document.uri, Buffer.from(content));
    const isRead = () => document.isClosed || document.getText() === content;
    await waitUntil('the text of the disk', isRead);
  }

  /** With an image in front, its own button inserts where it was ordered from. */
  async function insertFromImage(image: vscode.Uri): Promise<void> {
    await vscode.commands.executeCommand('vscode.open', image);
    await waitUntil('the image in front', () => vscode.window.activeTextEditor === undefined);
    await run('insertImage', image);
  }

  it('gets the link where the image was ordered, whatever was typed meanwhile', async () => {
    const editor = await opened();
    select(editor, 'harbour at dawn');
    const image = await ordered('a place that moves');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'New first lines.\n\n'));
    select(editor, 'The end.', true);
    await insertFromImage(image);
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    const expected = `quiet.\n\n![a place that moves](../images/a-place-that-moves.png)\n\nThe end.`;
    assert.ok(text.includes(expected), text);
  });

  it('gets the link where it was ordered after it was closed and changed elsewhere', async () => {
    const editor = await opened('closed.md');
    select(editor, 'harbour at dawn');
    const image = await ordered('a closed text');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await changeOnDisk(editor.document, `Prefix\n\n${guide}`);
    await insertFromImage(image);
    const text = vscode.window.activeTextEditor?.document.getText() ?? 'no text in front';
    assert.ok(
      text.includes('quiet.\n\n![a closed text](../images/a-closed-text.png)\n\nThe'),
      text,
    );
  });

  it('is left alone when the place is gone', async () => {
    const editor = await opened('gone.md');
    select(editor, 'harbour at dawn');
    const image = await ordered('a place that is gone');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await changeOnDisk(editor.document, 'All is new.\n');
    await insertFromImage(image);
    assert.equal(
      Buffer.from(await vscode.workspace.fs.readFile(at('gone.md'))).toString(),
      'All is new.\n',
    );
    assert.equal(
      vscode.workspace.textDocuments.some(({ isDirty }) => isDirty),
      false,
    );
  });

  it('has nothing selected after an edit, so that the next key replaces nothing', async () => {
    const source = await ordered('a lighthouse');
    let edited: vscode.Uri | undefined;
    await answering('Upload Once', async () => {
      const options = { prompt: 'make it night', open: false };
      const { images } = await run<{ images: { uri: vscode.Uri }[] }>(
        'edit',
        ...[source, undefined, options],
      );
      edited = images[0]?.uri;
    });
    const editor = await opened();
    await run('insertImage', edited);
    assert.match(behindLink(editor), /!\[a lighthouse \(make it night\)\]\([^)\n]+\)$/);
  });

  it('has all links to an image in the preview, each spelled as it was', async () => {
    await vscode.workspace.fs.writeFile(at('a b.png'), Buffer.from('x'));
    const texts = {
      'one.md': '![a](a%20b.png) and ![a](<./a b.png>)',
      'deep/two.html': '<img src="../a%20b.png">',
      'none.md': 'a b.png, ![](../a%20b.png)',
    };
    for (const [name, content] of Object.entries(texts))
      await vscode.workspace.fs.writeFile(at(name), Buffer.from(content));
    assert.deepEqual(await relinked('a b.png', 'a b.edit.png'), {
      'one.md': ['a%20b.edit.png', './a b.edit.png'],
      'two.html': ['../a%20b.edit.png'],
    });
  });

  /** What is written in place of links to one image so that they lead to another, by file. */
  async function relinked(image: string, other: string): Promise<Record<string, string[]>> {
    await vscode.workspace.fs.writeFile(at(other), Buffer.from('x'));
    const { token } = new vscode.CancellationTokenSource();
    const all = await relinkAll(at(image), at(other), token);
    assert.ok(all);
    assert.equal(all.isCut, false);
    assert.deepEqual(all.unread, []);
    const changed = [...all.found].filter(([, { replacements }]) => replacements.length > 0);
    const byFile = changed.map(([{ uri }, { replacements }]): [string, string[]] => [
      uri.path.split('/').at(-1) ?? '',
      replacements.map(({ text }) => text),
    ]);
    return Object.fromEntries(byFile.toSorted());
  }

  it('has the links of notebooks in the preview, too, and lets all of one lead elsewhere', async () => {
    await vscode.workspace.fs.writeFile(at('plot.png'), Buffer.from('x'));
    const cells = [
      ['markdown', '# Plot\n![p](plot.png)'],
      ['code', 'print("plot.png")'],
      ['markdown', 'Again ![p](plot.png)'],
    ].map(([cell_type, source]) => ({
      cell_type,
      source,
      metadata: {},
      ...(cell_type === 'code' && { outputs: [], execution_count: null }),
    }));
    const notebook = { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
    await vscode.workspace.fs.writeFile(at('p.ipynb'), Buffer.from(JSON.stringify(notebook)));
    assert.deepEqual(await relinked('plot.png', 'plot.edit.png'), { 'p.ipynb': ['plot.edit.png'] });
    const open = await vscode.workspace.openNotebookDocument(at('p.ipynb'));
    await vscode.window.showNotebookDocument(open);
    const texts = () => open.getCells().map(({ document }) => document.getText());
    const text = await openTextWith(at('plot.png'), undefined);
    assert.equal(text?.uri.path, at('p.ipynb').path);
    await replaceIn(text, at('plot.png'), at('plot.edit.png'), '');
    assert.deepEqual(texts(), [
      '# Plot\n![p](plot.edit.png)',
      'print("plot.png")',
      'Again ![p](plot.edit.png)',
    ]);
    await open.save();
  });

  it('keeps its alt texts when a link is replaced, and changes them only when that is chosen', async () => {
    for (const name of ['old.png', 'new.png', 'other.png'])
      await vscode.workspace.fs.writeFile(at(name), Buffer.from('x'));
    const lines = [
      '![an old fox](old.png) ![](old.png) ![other](other.png)',
      '<img src="old.png" alt="an old fox"> <img src="old.png" alt="">',
    ];
    await vscode.workspace.fs.writeFile(at('alts.md'), Buffer.from(lines.join('\n\n')));
    const text = await vscode.workspace.openTextDocument(at('alts.md'));
    const { showInformationMessage } = vscode.window;
    const seen: string[] = [];
    let answer: string | undefined;
    Object.assign(vscode.window, {
      showInformationMessage(message: string) {
        seen.push(message);
        return Promise.resolve(answer);
      },
    });
    const words = 'a "new" fox [red]';
    try {
      await replaceIn(text, at('old.png'), at('new.png'), words);
      const relinked = lines.join('\n\n').replaceAll('old.png', 'new.png');
      assert.equal(text.getText(), relinked);
      assert.deepEqual(seen, ['2 alt texts in sacred/alts.md may describe the earlier image.']);
      answer = 'Update Alt Text';
      await replaceIn(text, at('new.png'), at('old.png'), words);
      await waitUntil('the new words', () => text.getText().includes('new'));
      assert.equal(
        text.getText(),
        [
          '![a "new" fox \\[red\\]](old.png) ![](old.png) ![other](other.png)',
          '<img src="old.png" alt="a &quot;new&quot; fox [red]"> <img src="old.png" alt="">',
        ].join('\n\n'),
      );
      await replaceIn(text, at('old.png'), at('new.png'), words);
      assert.equal(seen.length, 2);
    } finally {
      Object.assign(vscode.window, { showInformationMessage });
    }
    await text.save();
  });

  it('is sought among so many files, and it is known when there are more', async () => {
    for (const name of ['one.md', 'two.md', 'a.png', 'b.png'])
      await vscode.workspace.fs.writeFile(at(name), Buffer.from('![](a.png)'));
    const { token } = new vscode.CancellationTokenSource();
    const all = await relinkAll(at('a.png'), at('b.png'), token, 1);
    assert.equal(all?.isCut, true);
  });

  it('is not opened again for new links when it was closed without a file', async () => {
    await vscode.workspace.fs.writeFile(at('a.png'), Buffer.from('x'));
    const content = `![](${at('a.png').path})`;
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await waitUntil('the text closed', () => document.isClosed);
    await replaceIn(document, at('a.png'), at('b.png'), '');
    assert.ok(vscode.workspace.textDocuments.every(({ uri }) => uri.scheme !== 'untitled'));
  });
});
