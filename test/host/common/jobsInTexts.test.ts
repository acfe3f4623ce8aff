import { strict as assert } from 'node:assert';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import {
  activated,
  answering,
  freshApi,
  run,
  withSettings,
  workspaceFolder,
} from '../hostContext.ts';
import { shownDecorations, type ShownDecorations } from '../shownDecorations.ts';

/** A link to a command, in Markdown that the editor shows. */
const commandLink = /(?<!\\)\]\(command:([\w.]+)\?([^)]*)\)/g;

describe('a line whose image is being made', () => {
  let api: OfflineApi;
  let folder: vscode.Uri;
  let text: vscode.TextDocument;
  let shown: ShownDecorations;
  let made: Promise<unknown>;

  /** What the ends of the lines say by now. */
  const said = () =>
    shown.of(text.uri).map(({ range, renderOptions, hoverMessage }) => ({
      line: text.lineAt(range.start.line).text,
      words: renderOptions?.after?.contentText ?? '',
      hover: hoverMessage as vscode.MarkdownString,
    }));

  async function until(what: string, isSo: () => boolean): Promise<void> {
    for (let n = 0; !isSo(); n += 1) {
      assert.ok(n < 400, `${what}; the lines say ${JSON.stringify(said())}`);
      await new Promise((go) => setTimeout(go, 50));
    }
  }

  const jobOf = async (prompt: string) =>
    (await activated()).jobs().find((job) => job.prompt === prompt);
  const wren = 'a wren](command:workbench.action.quit?[]) [in snow';
  const robin = 'a robin';

  before(async () => {
    api = await freshApi();
    await api.configure({ taskMs: 600_000, estimatedS: 1 });
    folder = vscode.Uri.joinPath(workspaceFolder(), 'drawn');
    await mkdir(folder.fsPath, { recursive: true });
    const uri = vscode.Uri.joinPath(folder, 'a.html');
    const link = (name: string, alt: string) => `<img src="${name}" alt="${alt}">`;
    const lines = ['<p>', link('wren.png', wren), link('robin.png', robin), '</p>', ''];
    await writeFile(uri.fsPath, lines.join('\n'));
    text = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(text);
    // Tests before this may have typed just now, and no list opens in front of whoever types.
    await new Promise((go) => setTimeout(go, 4_500));
    shown = shownDecorations();
    const accepting = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'),
      300,
    );
    made = run('generateMissing', uri);
    try {
      await until('two lines say that an image is drawn', () => {
        const words = said().map((each) => each.words);
        return words.length === 2 && words.every((each) => each.startsWith('Drawing'));
      });
    } finally {
      clearInterval(accepting);
    }
  });

  after(async () => {
    shown.restore();
    await api.configure({ taskMs: 300 });
    await api.advanceClock(2_000_000);
    await made;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder.fsPath, { recursive: true });
  });

  it('says so at its end, and stays that line when others come above it', async () => {
    assert.deepEqual(
      said().map(({ line }) => /src="(.*?)"/.exec(line)?.[1]),
      ['wren.png', 'robin.png'],
    );
    const edit = new vscode.WorkspaceEdit();
    edit.insert(text.uri, new vscode.Position(0, 0), '<h1>Birds</h1>\n\n');
    await vscode.workspace.applyEdit(edit);
    await until('the lines that moved', () => said().every(({ line }) => line.includes('<img')));
  });

  it('offers to cancel its image and no other, by no command but that', async () => {
    const [first, second] = said();
    for (const { hover } of [first!, second!]) {
      assert.deepEqual(hover.isTrusted, { enabledCommands: ['imageStudio.cancelJobs'] });
      const links = [...hover.value.matchAll(commandLink)];
      assert.equal(links.length, 1, hover.value);
      assert.equal(links[0]?.[1], 'imageStudio.cancelJobs');
    }
    const [[, command = '', args = ''] = []] = [...second!.hover.value.matchAll(commandLink)];
    const ids = JSON.parse(decodeURIComponent(args)) as string[];
    assert.deepEqual(ids, [(await jobOf(robin))?.id]);
    // What is paid goes on until the user says otherwise.
    await answering(undefined, async () => vscode.commands.executeCommand(command, ...ids));
    assert.equal((await jobOf(robin))?.state, 'running');
    const asked = await answering('Stop Watching', async () =>
      vscode.commands.executeCommand(command, ...ids),
    );
    assert.equal(asked.length, 1);
    await until('one line that is left', () => said().length === 1);
    assert.ok(said()[0]?.line.includes('wren.png'));
    assert.equal((await jobOf(robin))?.state, 'stopped');
    assert.equal((await jobOf(wren))?.state, 'running');
  });

  it('says so again after its text was closed, which changes nothing', async () => {
    await text.save();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal((await jobOf(wren))?.state, 'running');
    text = await vscode.workspace.openTextDocument(text.uri);
    await vscode.window.showTextDocument(text);
    await until('the line', () => said()[0]?.line.includes('wren.png') === true);
    await api.advanceClock(2_000_000);
    await until('a text that says nothing', () => said().length === 0);
    const file = vscode.Uri.joinPath(folder, 'wren.png');
    await vscode.workspace.fs.stat(file);
  });

  it('says so while its image only waits for another, which changes nothing for long', async () => {
    await withSettings('imageStudio', { maxConcurrentTasks: 1 }, async () => {
      const uri = vscode.Uri.joinPath(folder, 'waits.html');
      await writeFile(
        uri.fsPath,
        '<img src="owl.png" alt="an owl">\n\n<img src="hawk.png" alt="a hawk">\n',
      );
      text = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(text);
      const orders = [0, 2].map((line) =>
        run('generateMissing', uri, { at: { line, character: 12 } }),
      );
      await until('one line that draws and one that waits', () => {
        const words = said().map((each) => each.words);
        return words.some((each) => each.startsWith('Drawing')) && words.includes('Waiting');
      });
      await api.advanceClock(2_000_000);
      await until('the other, which draws', () => {
        const [first, ...others] = said();
        return others.length === 0 && first?.words.startsWith('Drawing') === true;
      });
      await api.advanceClock(2_000_000);
      await Promise.all(orders);
    });
  });
});
