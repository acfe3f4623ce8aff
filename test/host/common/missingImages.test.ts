import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { shownSizeOfFile } from '../../../src/images/shownSize.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import {
  answering,
  type DrawResult,
  freshApi,
  run,
  sentRequests,
  withSettings,
  workspaceFolder,
  codeActionsAt,
} from '../hostContext.ts';
import { notebookWith, notToBeMade, samples } from '../missingImageSamples.ts';

const fromAlt = /^Generate '(.+)' from its alt text$/;
/** So long after an edit a list is only offered. */
const typingMs = 4_500;
const withWords = /^Generate '(.+)'…$/;

describe('an image that is missing where a link leads', () => {
  let api: OfflineApi;
  let folder: vscode.Uri;
  const inFolder = (path: string) => vscode.Uri.joinPath(folder, path);
  const allOf = (text: vscode.TextDocument) => new vscode.Range(0, 0, text.lineCount, 0);

  before(async () => {
    api = await freshApi();
    // The editor ends a request with nothing when another provider registers meanwhile, as its own for
    // Markdown does some time after the first text is open. (It asks again then for the light bulb.)
    await vscode.extensions.getExtension('vscode.markdown-language-features')?.activate();
    folder = vscode.Uri.joinPath(workspaceFolder(), 'missing');
    await mkdir(folder.fsPath, { recursive: true });
    await writeFile(inFolder('there.png').fsPath, 'x');
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder.fsPath, { recursive: true });
  });

  async function textOf(name: string, content: string): Promise<vscode.TextDocument> {
    await mkdir(join(inFolder(name).fsPath, '..'), { recursive: true });
    await writeFile(inFolder(name).fsPath, content);
    return await vscode.workspace.openTextDocument(inFolder(name));
  }

  async function fixesAt(text: vscode.TextDocument, range: vscode.Range) {
    const actions = await codeActionsAt(text.uri, range);
    return actions.filter(({ command }) => command?.command === 'imageStudio.generateMissing');
  }

  /** The names that a fix of a kind is offered for, with the cursor at each place of the text. */
  async function offered(text: vscode.TextDocument, title: RegExp): Promise<string[]> {
    const names = new Set<string>();
    const whole = text.getText();
    for (let at = 0; at < whole.length; at += 3) {
      const cursor = text.positionAt(at);
      for (const fix of await fixesAt(text, new vscode.Range(cursor, cursor))) {
        const name = title.exec(fix.title)?.[1];
        if (name !== undefined) names.add(name);
      }
    }
    return [...names].toSorted();
  }

  async function fixFromAlt(text: vscode.TextDocument, at: number): Promise<vscode.Command> {
    const cursor = text.positionAt(at);
    const fixes = await fixesAt(text, new vscode.Range(cursor, cursor));
    const { command } = fixes.find(({ title }) => fromAlt.test(title)) ?? {};
    return command ?? assert.fail(`no fix at ${String(at)}`);
  }

  async function runCommandOf({ command, arguments: args = [] }: vscode.Command) {
    let result: DrawResult | undefined;
    await answering('Generate', async () => {
      result = await vscode.commands.executeCommand<DrawResult>(command, ...(args as unknown[]));
    });
    return result ?? assert.fail('no result');
  }

  async function runFix(text: vscode.TextDocument, at: number): Promise<DrawResult> {
    return await runCommandOf(await fixFromAlt(text, at));
  }

  async function write(text: vscode.TextDocument, content: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(text.uri, allOf(text), content);
    await vscode.workspace.applyEdit(edit);
  }

  async function revert(text: vscode.TextDocument): Promise<void> {
    await vscode.window.showTextDocument(text);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }

  /** What a command that does nothing else says. */
  async function saidBy(work: () => Promise<unknown>): Promise<string> {
    const said: string[] = [];
    const { showInformationMessage } = vscode.window;
    const listen = (message: string) => {
      said.push(message);
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showInformationMessage: listen });
    try {
      await work();
    } finally {
      Object.assign(vscode.window, { showInformationMessage });
    }
    return said.join('\n');
  }

  /** A failure leads to the prompt, which is closed. */
  async function leavingPrompt<T>(work: () => Promise<T>): Promise<T> {
    const closing = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'),
      100,
    );
    return await work().finally(() => clearInterval(closing));
  }

  /**
   * Accepts the list that the work shows, three times, and then closes it.
   * @param meanwhile done while it is shown
   */
  async function acceptingList<T>(work: () => Promise<T>, meanwhile?: () => Promise<unknown>) {
    const { createQuickPick } = vscode.window;
    let list: vscode.QuickPick<vscode.QuickPickItem> | undefined;
    let ticked: string[] | undefined;
    let times = 0;
    let isBusy = false;
    const looking = setInterval(() => {
      if (!list?.items.length || isBusy) return;
      if (!ticked && meanwhile) {
        isBusy = true;
        void meanwhile().finally(() => (isBusy = false));
      }
      ticked ??= list.selectedItems.map(({ label }) => label);
      if (isBusy) return;
      if (times++ < 3)
        void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      else list.hide();
    }, 200);
    Object.assign(vscode.window, {
      createQuickPick: () => (list = createQuickPick.call(vscode.window)),
    });
    try {
      const result = await work();
      return { result, ticked };
    } finally {
      clearInterval(looking);
      Object.assign(vscode.window, { createQuickPick });
    }
  }

  for (const { file, text, described, others = [] } of samples)
    it(`is offered in ${file}, and nothing else is`, async () => {
      const document = await textOf(`languages/${file}`, text);
      await writeFile(inFolder('languages/there.png').fsPath, 'x');
      assert.deepEqual(await offered(document, withWords), [...described, ...others].toSorted());
      assert.deepEqual(await offered(document, fromAlt), described.toSorted());
    });

  it('is saved exactly where the link leads, in the shape that it asks for, and nothing besides', async () => {
    const git = async (...args: string[]) =>
      (await promisify(execFile)('git', ['-C', inFolder('repository').fsPath, ...args])).stdout;
    const line = '<img src="img/the%20wren.png" alt="a wren in the snow" width="600" height="400">';
    const text = await textOf('repository/README.md', `# Birds\n\n${line}\n`);
    await git('init', '-q');
    await git('add', '.');
    await git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '-qm', 'a');
    const { images } = await runFix(text, text.getText().indexOf('img/the'));
    const file = inFolder('repository/img/the wren.png');
    assert.deepEqual(
      images.map(({ uri }) => uri.toString()),
      [file.toString()],
    );
    const { width, height } = await shownSizeOfFile(file.fsPath);
    assert.deepEqual({ width, height }, { width: 1536, height: 1024 });
    assert.equal((await readFile(file.fsPath)).subarray(1, 4).toString(), 'PNG');
    assert.equal(await git('status', '--porcelain', '-uall'), '?? "img/the wren.png"\n');
    assert.deepEqual(await fixesAt(text, allOf(text)), []);
    assert.deepEqual(await sentRequests(api), ['create']);
  });

  it('has the shape of the other images of its folder where nothing else says it', async () => {
    const text = await textOf('shapes/a.md', '![tall](first-20x30.png)\n\n![one](c.png)\n');
    await runFix(text, 3);
    const made = await readFile(inFolder('shapes/first-20x30.png').fsPath);
    await writeFile(inFolder('shapes/second.png').fsPath, made);
    const { images } = await runFix(text, text.getText().indexOf('c.png'));
    const { width, height } = await shownSizeOfFile(images[0]!.uri.fsPath);
    assert.deepEqual({ width, height }, { width: 1024, height: 1536 });
  });

  it('is made in the folder that the site of its project serves, not where its build writes', async () => {
    for (const [name, mark, content] of [
      ['ofGatsby', 'package.json', '{ "dependencies": { "gatsby": "5.0.0" } }'],
      ['ofHugo', 'hugo.toml', ''],
    ] as const) {
      await mkdir(inFolder(`${name}/public`).fsPath, { recursive: true });
      await writeFile(inFolder(`${name}/${mark}`).fsPath, content);
      const text = await textOf(`${name}/content/a.md`, '![a wren](/img/wren.png)\n');
      const { images } = await runFix(text, 3);
      const [made] = images.map(({ uri }) => uri.toString());
      assert.equal(made, inFolder(`${name}/static/img/wren.png`).toString());
    }
  });

  it('stays beside a file that came meanwhile', async () => {
    const text = await textOf('taken/a.md', '![a wren](wren.png)\n');
    await api.configure({ taskMs: 3_000 });
    const { length: sent } = await sentRequests(api);
    const made = runFix(text, 3);
    while ((await sentRequests(api)).length === sent) await new Promise((go) => setTimeout(go, 50));
    await writeFile(inFolder('taken/wren.png').fsPath, 'mine');
    const { images } = await made;
    await api.configure({ taskMs: 300 });
    assert.equal(images[0]?.uri.toString(), inFolder('taken/wren-2.png').toString());
    assert.equal(await readFile(inFolder('taken/wren.png').fsPath, 'utf8'), 'mine');
  });

  it('is never written outside the workspace, whatever a link of the file system says', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    const before = await sentRequests(api);
    await mkdir(inFolder('leads').fsPath, { recursive: true });
    await symlink(outside, inFolder('leads/away').fsPath);
    await symlink(join(outside, 'gone.png'), inFolder('leads/gone.png').fsPath);
    const text = await textOf('leads/a.md', '![a](away/a.png)\n\n![b](../../../b.png)\n');
    assert.deepEqual((await leavingPrompt(() => runFix(text, 3))).images, []);
    assert.deepEqual(await readdir(outside), []);
    assert.deepEqual(await sentRequests(api), before);
    const up = text.positionAt(text.getText().indexOf('b.png'));
    assert.deepEqual(await fixesAt(text, new vscode.Range(up, up)), []);
    const dangling = await textOf('leads/b.md', '![a wren](gone.png)\n');
    assert.deepEqual(await fixesAt(dangling, allOf(dangling)), []);
    await rm(outside, { recursive: true });
  });

  it('is the one that the fix named, whatever was typed since it was offered', async () => {
    const text = await textOf('moved/a.md', '![a wren](wren.png)\n\n![a robin](robin.png)\n');
    const fix = await fixFromAlt(text, 3);
    await write(text, `![an owl](owl.png)\n\nWords.\n\n${text.getText()}`);
    const { images } = await runCommandOf(fix);
    assert.deepEqual(
      images.map(({ uri }) => uri.toString()),
      [inFolder('moved/wren.png').toString()],
    );
    const before = await sentRequests(api);
    const gone = await fixFromAlt(text, text.getText().indexOf('robin.png'));
    await write(text, '![an owl](owl.png)\n');
    const said = await saidBy(async () => {
      assert.deepEqual((await runCommandOf(gone)).images, []);
    });
    assert.match(said, /^No link of the text leads to .*robin\.png any more\.$/);
    assert.deepEqual(await sentRequests(api), before);
    await revert(text);
    // The tests after this one are asked nothing for having typed.
    await new Promise((go) => setTimeout(go, typingMs));
  });

  it('is drawn from the words of its alt text that a user sees, and from no others', async () => {
    const tags = '\u{e0070}\u{e0061}\u{e0079}';
    const text = await textOf(
      'unseen/a.md',
      `![a\u202e wr${tags}en\u2028 in\u200b snow](wren.png)\n\n![${tags}\u200b](none.png)\n`,
    );
    await runCommandOf(await fixFromAlt(text, 3));
    const prompts = (await api.tasks()).map(({ prompt }) => prompt);
    assert.equal(prompts.at(-1), 'a wren in snow');
    const at = text.positionAt(text.getText().indexOf('none.png'));
    const titles = (await fixesAt(text, new vscode.Range(at, at))).map(({ title }) => title);
    assert.deepEqual(titles, ["Generate 'none.png'…"]);
  });

  it('is generated in the format that its name says, whatever the model draws', async () => {
    const formats = { 'a.webp': 'webp', 'b.jpg': 'jpeg', 'c.jpeg': 'jpeg', 'd.JPG': 'jpeg' };
    for (const [name, format] of Object.entries({ ...formats, 'e.png': 'png' })) {
      const folderOf = `formats/${name.replace('.', '-')}`;
      const text = await textOf(`${folderOf}/a.md`, `![a wren](${name})\n`);
      const { images } = await runFix(text, 3);
      assert.equal(images[0]?.uri.toString(), inFolder(`${folderOf}/${name}`).toString());
      assert.equal((await sharp(await readFile(images[0].uri.fsPath)).metadata()).format, format);
      assert.deepEqual((await readdir(inFolder(folderOf).fsPath)).toSorted(), ['a.md', name]);
      assert.deepEqual(await fixesAt(text, allOf(text)), []);
    }
  });

  it('is asked of a model in its own format, where that has several', async () => {
    const text = await textOf('formats/a.md', '![a wren](wren.jpeg)\n');
    const setting = { model: 'gpt-image-2', quality: 'low' };
    const { images } = await withSettings('imageStudio', setting, () => runFix(text, 3));
    assert.equal(images[0]?.uri.toString(), inFolder('formats/wren.jpeg').toString());
    assert.equal((await readFile(images[0].uri.fsPath)).subarray(0, 2).toString('hex'), 'ffd8');
    const sent = (await api.log({ route: 'create' })).at(-1);
    assert.equal((sent?.json as { output_format?: string }).output_format, 'jpeg');
  });

  for (const [index, [what, link, sentence]] of notToBeMade.entries())
    it(`is not offered, and costs nothing, where ${what}`, async () => {
      const text = await textOf(`bad/${String(index)}/a.md`, `![a wren](${link})\n`);
      const before = await sentRequests(api);
      assert.deepEqual(await fixesAt(text, allOf(text)), []);
      assert.match(await saidBy(() => run('generateMissing', text.uri)), sentence);
      const at = { line: 0, character: 12 };
      const said = await saidBy(() => run('generateMissing', text.uri, { at, asks: false }));
      assert.match(said, /^No image is missing here any more\.$/);
      assert.deepEqual(await sentRequests(api), before);
    });

  it('is offered with words to edit only, where its alt text is no description', async () => {
    for (const [index, alt] of ['', ' \u200b', 'word '.repeat(1_000)].entries()) {
      const text = await textOf(`words/${String(index)}.md`, `![${alt}](a.png)\n`);
      const titles = (await fixesAt(text, allOf(text))).map(({ title }) => title);
      assert.deepEqual(titles, ["Generate 'a.png'…"]);
      // In the list it is not ticked, so that accepting at once sends nothing.
      const before = await sentRequests(api);
      const { result, ticked } = await acceptingList(() =>
        run<DrawResult>('generateMissing', text.uri),
      );
      assert.deepEqual(ticked, [], 'the list was shown with nothing ticked');
      assert.deepEqual(result.images, []);
      assert.deepEqual(await sentRequests(api), before);
    }
  });

  it('is offered in a cell of a notebook, from where its notebook is', async () => {
    const file = inFolder('cells/a.ipynb');
    await mkdir(join(file.fsPath, '..'), { recursive: true });
    await writeFile(file.fsPath, notebookWith('![a wren](img/wren.png)\n\n![](attachment:b.png)'));
    const notebook = await vscode.workspace.openNotebookDocument(file);
    await vscode.window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(0);
    // The editor knows the text of a cell in Markdown while that is edited.
    await vscode.commands.executeCommand('notebook.focusTop');
    await vscode.commands.executeCommand('notebook.cell.edit');
    assert.deepEqual(await offered(document, withWords), ['wren.png']);
    const { images } = await runFix(document, 3);
    const made = inFolder('cells/img/wren.png').toString();
    assert.deepEqual(
      images.map(({ uri }) => uri.toString()),
      [made],
    );
    assert.deepEqual(await fixesAt(document, allOf(document)), []);
    const { document: code } = notebook.cellAt(1);
    assert.deepEqual(await fixesAt(code, allOf(code)), []);
    assert.equal(notebook.isDirty, false);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is not offered where the setting says so, nor in an old version of a file', async () => {
    const text = await textOf('off/a.md', '![a wren](wren.png)\n');
    assert.equal((await fixesAt(text, allOf(text))).length, 2);
    const off = { 'document.missingImages': 'off' };
    await withSettings('imageStudio', off, async () => {
      assert.deepEqual(await fixesAt(text, allOf(text)), []);
    });
    const provider = { provideTextDocumentContent: () => '![a wren](wren.png)\n' };
    const old = vscode.workspace.registerTextDocumentContentProvider('old', provider);
    const uri = text.uri.with({ scheme: 'old' });
    const shown = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(shown, 'markdown');
    assert.deepEqual(await fixesAt(shown, allOf(shown)), []);
    const before = await sentRequests(api);
    const said = await saidBy(() => run('generateMissing', uri));
    assert.match(said, /^No link of a\.md leads to an image that is missing\.$/);
    assert.deepEqual(await sentRequests(api), before);
    old.dispose();
  });

  it('is marked where the setting says so, until it is there', async () => {
    const text = await textOf('hints/a.adoc', '= Birds\n\nimage::wren.png[a wren]\n');
    const marks = () =>
      vscode.languages.getDiagnostics(text.uri).filter(({ code }) => code === 'missing-image');
    const until = async (count: number) => {
      while (marks().length !== count) await new Promise((go) => setTimeout(go, 50));
    };
    await vscode.window.showTextDocument(text);
    await withSettings('imageStudio', { 'document.missingImages': 'hint' }, async () => {
      await until(1);
      assert.equal(text.getText(marks()[0]?.range), 'wren.png');
      await writeFile(inFolder('hints/wren.png').fsPath, 'x');
      await until(0);
      await rm(inFolder('hints/wren.png').fsPath);
      await until(1);
    });
    await until(0);
  });

  it('is generated with all others of a notebook, none of whose cells is edited', async () => {
    const file = inFolder('book/a.ipynb');
    await mkdir(join(file.fsPath, '..'), { recursive: true });
    await writeFile(file.fsPath, notebookWith('![a wren](1.png)', '![a robin](2.png)'));
    await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(file));
    await vscode.commands.executeCommand('notebook.focusTop');
    const { result, ticked } = await acceptingList(() => run<DrawResult>('generateMissing'));
    assert.deepEqual(ticked, ['1.png', '2.png']);
    assert.deepEqual(
      result.images.map(({ uri }) => uri.toString()).toSorted(),
      ['book/1.png', 'book/2.png'].map((path) => inFolder(path).toString()),
    );
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('is generated with all others of the document whose preview is in front', async () => {
    const text = await textOf('preview/a.md', '![a wren](1.png)\n');
    await vscode.window.showTextDocument(text);
    await vscode.commands.executeCommand('markdown.showPreview');
    while (vscode.window.activeTextEditor) await new Promise((go) => setTimeout(go, 50));
    const { result } = await acceptingList(() => run<DrawResult>('generateMissing'));
    assert.equal(result.images[0]?.uri.toString(), inFolder('preview/1.png').toString());
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('is generated with all others of a document after one list', async () => {
    const content =
      '![a wren](all/1.png)\n\n![a robin](all/2.png)\n\n![again](all/1.png)\n\n![](all/3.png)\n';
    const text = await textOf('every/a.md', content);
    const before = (await sentRequests(api)).length;
    const made = run<DrawResult>('generateMissing', text.uri);
    const accepting = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'),
      300,
    );
    const { images, failures } = await made.finally(() => clearInterval(accepting));
    assert.deepEqual(failures, []);
    // What has no alt text is not ticked by itself.
    assert.deepEqual(
      images.map(({ uri }) => uri.toString()).toSorted(),
      ['every/all/1.png', 'every/all/2.png'].map((path) => inFolder(path).toString()),
    );
    assert.equal((await sentRequests(api)).length, before + 2);
  });

  it('is generated though another of the list is being made by then', async () => {
    const content = '![a wren](1.png)\n\n![a robin](2.png)\n\n![an owl](3.png)\n';
    const text = await textOf('awaited/a.md', content);
    const fix = await fixFromAlt(text, content.indexOf('2.png'));
    const before = (await sentRequests(api)).length;
    await api.configure({ taskMs: 4_000 });
    let alone: Promise<DrawResult> | undefined;
    const { result } = await acceptingList(
      () => run<DrawResult>('generateMissing', text.uri),
      async () => {
        alone = runCommandOf(fix);
        while ((await sentRequests(api)).length === before)
          await new Promise((go) => setTimeout(go, 50));
      },
    );
    await api.configure({ taskMs: 300 });
    const all = [...result.images, ...((await alone)?.images ?? [])];
    assert.deepEqual(
      all.map(({ uri }) => uri.toString()).toSorted(),
      ['1', '2', '3'].map((name) => inFolder(`awaited/${name}.png`).toString()),
    );
    assert.equal((await sentRequests(api)).length, before + 3);
  });
});
