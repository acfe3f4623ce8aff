import { strict as assert } from 'node:assert';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { imageAtCursor } from '../../../src/document/imageAtCursor.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import {
  activated,
  freshApi,
  generate,
  rejection,
  run,
  sentRequests,
  workspaceFolder,
  codeActionsAt,
} from '../hostContext.ts';

/** A document of each language with a link to `wren.png`; the bar is in it. */
const samples: Readonly<Record<string, string>> = {
  'a.md': '# Birds\n\n![a w|ren](wren.png) and words',
  'b.md': '![a wren][wr|en]\n\n[wren]: wren.png\n',
  'c.md': '<p align="center"><img src="wr|en.png"></p>\n',
  'a.mdx': '<Image src="./wr|en.png" alt="a" />\n',
  'a.html': '<img alt="a" src="wr|en.png">',
  'srcset.html': '<img src="other.png" srcset="other.png 1x, wr|en.png 2x">',
  'a.vue': '<template>\n  <img src="./wr|en.png" alt="a">\n</template>\n',
  'a.svelte': '<img src="wr|en.png" alt="a" />\n',
  'a.astro': '---\nimport wren from "./wr|en.png";\n---\n<Image src={wren} alt="a" />\n',
  'a.jsx': 'export const A = () => <img src="./wr|en.png" alt="a" />;\n',
  'a.tsx': 'import wren from "./wr|en.png";\nexport const A = () => <img src={wren} alt="a" />;\n',
  'a.css': 'a { background: url(wr|en.png) }\n',
  'set.css': 'a { background: image-set("other.png" 1x, "wr|en.png" 2x) }\n',
  'a.scss': '.a { .b { background: url("wr|en.png") } }\n',
  'a.less': '.a { background: url("wr|en.png") }\n',
  'a.adoc': '= Birds\n\nimage::wr|en.png[a wren]\n',
  'a.rst': '.. image:: wr|en.png\n   :alt: a\n',
  'a.tex': '\\includegraphics{wr|en}\n',
  'a.typ': '#image("wr|en.png")\n',
};

interface Link {
  command: string;
  args: unknown[];
}

function linksOf(hover: vscode.MarkdownString): Link[] {
  return [...hover.value.matchAll(/\]\(command:([\w.]+)\?([^)]*)\)/g)].map(
    ([, command = '', args = '']) => ({
      command,
      args: JSON.parse(decodeURIComponent(args)) as unknown[],
    }),
  );
}

describe('a link to an image that was made here', () => {
  let api: OfflineApi;
  let folder: vscode.Uri;
  let file: vscode.Uri;
  let jobId: string;
  const prompt = 'a wren [in snow](command:workbench.action.quit?[1])';

  before(async () => {
    api = await freshApi();
    folder = vscode.Uri.joinPath(workspaceFolder(), 'hovers');
    await mkdir(folder.fsPath, { recursive: true });
    const result = await generate({ prompt, output: folder, open: false });
    const [image] = result.images;
    file = vscode.Uri.joinPath(folder, 'wren.png');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(image!.uri, file);
    await vscode.workspace.applyEdit(edit);
    jobId = image!.jobId;
    const isMoved = async () =>
      (await activated()).jobs().some((job) => job.uri === file.toString());
    for (let n = 0; !(await isMoved()); n += 1) {
      assert.ok(n < 200, 'the image was not followed');
      await new Promise((go) => setTimeout(go, 50));
    }
    await copyFile(file.fsPath, vscode.Uri.joinPath(folder, 'other.png').fsPath);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(folder.fsPath, { recursive: true });
  });

  async function textOf(name: string, marked: string) {
    const uri = vscode.Uri.joinPath(folder, name);
    await writeFile(uri.fsPath, marked.replace('|', ''));
    const text = await vscode.workspace.openTextDocument(uri);
    return { text, position: text.positionAt(marked.indexOf('|')) };
  }

  async function hoverAt(uri: vscode.Uri, position: vscode.Position) {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      uri,
      position,
    );
    const contents = hovers.flatMap((hover) => hover.contents) as vscode.MarkdownString[];
    return contents.find(({ value }) => value.includes('command:imageStudio.'));
  }

  function assertIsHover(hover: vscode.MarkdownString | undefined): void {
    assert.ok(hover, 'no hover');
    assert.ok(hover.value.startsWith(`![](${file.toString()}|width=`), hover.value);
    const shown = hover.value.replaceAll('&nbsp;', ' ');
    assert.match(shown, /\n1024 × 1024 · \d\S* credits\n/);
    assert.match(shown, /\na wren /);
    assert.deepEqual(
      linksOf(hover).map(({ command }) => command),
      ['imageStudio.edit', 'imageStudio.makeAgain'],
    );
    assert.deepEqual(hover.isTrusted, {
      enabledCommands: ['imageStudio.edit', 'imageStudio.makeAgain'],
    });
  }

  for (const [name, marked] of Object.entries(samples))
    it(`shows it, and edits that file, in ${name}`, async () => {
      const { text, position } = await textOf(name, marked);
      const hover = await hoverAt(text.uri, position);
      assertIsHover(hover);
      const [edit] = linksOf(hover!);
      assert.equal((edit!.args[0] as { path: string }).path, file.path);
      const actions = await codeActionsAt(text.uri, new vscode.Range(position, position));
      const action = actions.find(({ command }) => command?.command === 'imageStudio.edit');
      assert.equal(String(action?.command?.arguments?.[0]), file.toString());
      const editor = await vscode.window.showTextDocument(text);
      editor.selection = new vscode.Selection(position, position);
      assert.equal(String(await imageAtCursor()), file.toString());
    });

  it('shows it in a cell of a notebook', async () => {
    const words = '![a](hovers/wren.png)';
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, words, 'markdown');
    const data = new vscode.NotebookData([cell]);
    const notebook = await vscode.workspace.openNotebookDocument('jupyter-notebook', data);
    const { document } = notebook.cellAt(0);
    assertIsHover(await hoverAt(document.uri, new vscode.Position(0, 8)));
  });

  it('is made again by its hover, after its words were shown', async () => {
    const { text, position } = await textOf('again.md', '![a](wr|en.png)');
    const [, again] = linksOf((await hoverAt(text.uri, position))!);
    assert.deepEqual(again!.args, [jobId]);
    const before = (await sentRequests(api)).length;
    const values: string[] = [];
    const { createInputBox } = vscode.window;
    Object.assign(vscode.window, {
      createInputBox() {
        const box = createInputBox();
        setTimeout(() => {
          values.push(box.value);
          box.hide();
        }, 500);
        return box;
      },
    });
    try {
      await run('makeAgain', ...again!.args);
    } finally {
      Object.assign(vscode.window, { createInputBox });
    }
    assert.deepEqual(values, [prompt]);
    assert.equal((await sentRequests(api)).length, before);
    assert.equal((await rejection(run('makeAgain', 'nobody'))).code, 'badRequest');
  });

  it('gets the words that made it as its alt text, where it has none', async () => {
    const alt = prompt;
    for (const [name, before, after] of [
      ['alt.md', '![](wr|en.png)', `![${alt.replace(/[[\]]/g, '\\$&')}](wren.png)`],
      [
        'alt.html',
        '<img src="wr|en.png" width="3">',
        `<img alt="${alt}" src="wren.png" width="3">`,
      ],
      ['decorative.html', '<img src="wr|en.png" alt="">', undefined],
      ['other.html', '<img src="oth|er.png">', undefined],
    ] as const) {
      const { text, position } = await textOf(name, before);
      const actions = await codeActionsAt(text.uri, new vscode.Range(position, position));
      const fix = actions.find(({ title }) => title === 'Add alt text');
      assert.equal(fix !== undefined, after !== undefined, name);
      if (!fix?.edit) continue;
      await vscode.workspace.applyEdit(fix.edit);
      assert.equal(text.getText(), after);
      await text.save();
    }
  });

  it('has no hover of ours where the image is another, missing, on the web, or no link', async () => {
    const others = [
      '![a](oth|er.png)',
      '![a](go|ne.png)',
      '![a](https://example.com/wr|en.png)',
      '`![a](wr|en.png)`',
      '![a](wren.png) wo|rds',
      '![a]({{ x }}/wr|en.png)',
    ];
    for (const marked of others) {
      const { text, position } = await textOf(`other-${String(others.indexOf(marked))}.md`, marked);
      assert.equal(await hoverAt(text.uri, position), undefined, marked);
    }
  });
});
