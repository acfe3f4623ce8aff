import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { chosen, dropEdits, pasteEdits } from '../../../src/document/dropAndPaste.ts';
import { draggedImages } from '../../../src/shared/draggedImages.ts';
import { workspaceFolder } from '../hostContext.ts';

const { token } = new vscode.CancellationTokenSource();
const start = new vscode.Position(0, 0);

function dataOf(type: string, list: string): vscode.DataTransfer {
  const data = new vscode.DataTransfer();
  data.set(type, new vscode.DataTransferItem(list));
  return data;
}

describe('images that are dropped or pasted', () => {
  const image = () => vscode.Uri.joinPath(workspaceFolder(), 'pictures', 'red fox.png');
  const placed: string[] = [];
  /** Whether a user is told why it cannot be done. */
  const told: boolean[] = [];
  const place = (
    document: vscode.TextDocument,
    position: vscode.Position,
    images: readonly vscode.Uri[],
    isChosen: boolean,
  ) => {
    told.push(isChosen);
    placed.push(...images.map(({ path }) => path));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, position, 'link');
    return Promise.resolve(edit);
  };
  // The editor shows a new text by itself, and closing it looks like typing to the tests that follow.
  const words = () => vscode.Uri.joinPath(workspaceFolder(), 'dropped on.txt');
  const text = () => vscode.workspace.openTextDocument(words());
  const drop = async (type: string, list: string) =>
    await dropEdits(place, await text(), start, dataOf(type, list), token);
  const paste = async (list: string, ranges = [new vscode.Range(0, 0, 0, 5)]) =>
    (await pasteEdits(place, await text(), ranges, dataOf('text/uri-list', list), token)) ?? [];

  before(async () => {
    await vscode.workspace.fs.writeFile(words(), Buffer.from('words'));
  });
  beforeEach(() => {
    placed.length = 0;
    told.length = 0;
  });
  after(async () => {
    await vscode.workspace.fs.delete(words());
  });

  it('are offered to be linked and edited, each after what the editor does with files', async () => {
    const list = `# words\r\n${image().toString()}\r\n`;
    const dropped = (await drop('text/uri-list', list)) ?? assert.fail('not offered');
    assert.equal(dropped.title, 'Insert with Image Studio');
    const pasted = await paste(list);
    assert.deepEqual(
      pasted.map(({ title }) => title),
      ['Insert with Image Studio', 'Edit with Image Studio…'],
    );
    for (const { yieldTo = [] } of [dropped, ...pasted])
      for (const kind of ['text', 'uri.path', 'markdown.link.image', 'html.link', 'css.link'])
        assert.ok(
          yieldTo.some((each) =>
            each.contains(vscode.DocumentDropOrPasteEditKind.Empty.append(kind)),
          ),
          kind,
        );
  });

  it('change nothing before one is chosen of what is pasted, and nothing that is selected', async () => {
    await drop('text/uri-list', image().toString());
    assert.deepEqual(told, [false]);
    placed.length = 0;
    const [insert, edit] = await paste(image().toString());
    assert.equal(insert!.insertText, '');
    assert.equal(edit!.insertText, '');
    const { additionalEdit } = await chosen(insert!);
    const [[, changes] = []] = additionalEdit?.entries() ?? [];
    assert.deepEqual(
      changes?.map(({ range, newText }) => [range.start.character, range.isEmpty, newText]),
      [[5, true, 'link']],
    );
    assert.deepEqual(placed, [image().path]);
    assert.deepEqual(told, [false, true]);
  });

  it('are edited when that is chosen', async () => {
    const given: unknown[][] = [];
    const { executeCommand } = vscode.commands;
    Object.assign(vscode.commands, {
      executeCommand: (...all: unknown[]) => Promise.resolve(void given.push(all)),
    });
    try {
      const [, pasted] = await paste(image().toString());
      assert.equal((await chosen(pasted!)).additionalEdit, undefined);
    } finally {
      Object.assign(vscode.commands, { executeCommand });
    }
    assert.deepEqual(
      given.map(([command, uri]) => [command, String(uri)]),
      [['imageStudio.edit', image().toString()]],
    );
    assert.deepEqual(placed, []);
  });

  it('are linked at once where they come out of the Studio', async () => {
    const other = vscode.Uri.joinPath(workspaceFolder(), 'b.webp');
    const insert = await drop(draggedImages, [image(), other].join('\r\n'));
    assert.deepEqual(insert?.yieldTo ?? [], []);
    assert.equal(insert?.additionalEdit?.size, 1);
    assert.deepEqual(placed, [image().path, other.path]);
    assert.deepEqual(told, [true]);
  });

  it('are left to the editor where they cannot be linked', async () => {
    const fails = () => Promise.reject(new Error('The store is locked'));
    const data = dataOf('text/uri-list', image().toString());
    assert.equal(await dropEdits(fails, await text(), start, data, token), undefined);
    const never = () => new Promise<never>(() => undefined);
    assert.equal(await dropEdits(never, await text(), start, data, token), undefined);
  });

  it('are none where something else is among them, or nothing that is an image here', async () => {
    const folder = workspaceFolder().toString();
    for (const list of [
      '',
      '# words',
      'words',
      `${folder}/a.txt`,
      `${folder}/a.png\n${folder}/b.md`,
      'https://example.com/a.png',
      'data:image/png;base64,AAAA.png',
      `${folder}/a.png\n`.repeat(51),
      `${folder}/${'a'.repeat(100_000)}.png`,
      '/etc/a.png',
      '%00%ff:%.png',
    ]) {
      assert.equal(await drop('text/uri-list', list), undefined, list.slice(0, 80));
      assert.equal(await drop(draggedImages, list), undefined, list.slice(0, 80));
      assert.deepEqual(await paste(list), [], list.slice(0, 80));
    }
    assert.deepEqual(await paste(image().toString(), []), []);
    const old = vscode.workspace.registerTextDocumentContentProvider('unchanging', {
      provideTextDocumentContent: () => 'words',
    });
    const frozen = await vscode.workspace.openTextDocument(vscode.Uri.parse('unchanging:/a.md'));
    const data = dataOf('text/uri-list', image().toString());
    assert.equal(await dropEdits(place, frozen, start, data, token), undefined);
    old.dispose();
  });
});
