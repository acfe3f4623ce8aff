import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
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
} from '../hostContext.ts';

const fromAlt = /^Generate '(.+)' from its alt text$/;
const withWords = /^Generate '(.+)'…$/;

/** A document of a language: its links to `there.png`, and those to images that are not there. */
interface Sample {
  file: string;
  text: string;
  /** Names with an alt text. */
  described: string[];
  /** Names without. */
  others?: string[];
}

const samples: readonly Sample[] = [
  {
    file: 'a.md',
    text: [
      '# Birds',
      '![a there](there.png) ![a wren](m1.png) [page](b.md)',
      '![a robin][robin]',
      '![](m3.png)',
      '<img src="m4.png" alt="an owl">',
      '`![code](code.png)`',
      '[robin]: m2.png "words"',
      '![a far one](https://example.com/far.png) ![d](data:image/png;base64,AAAA)',
      '![x]({{ base }}/y.png) ![an icon](i.svg) ![no format](nothing)',
    ].join('\n\n'),
    described: ['m1.png', 'm2.png', 'm4.png'],
    others: ['m3.png'],
  },
  {
    file: 'a.mdx',
    text: 'import x from "./m1.png"\n\n<Image src="m2.png" alt="a wren" />\n\n![a robin](m3.png)\n',
    described: ['m2.png', 'm3.png'],
    others: ['m1.png'],
  },
  {
    file: 'a.html',
    text: '<img src="there.png" alt="a">\n<img src=m1.png alt="a wren" width=300 height=200>\n<video poster="m2.png"></video>\n<img src="m3.png" alt="">\n',
    described: ['m1.png'],
    others: ['m2.png', 'm3.png'],
  },
  {
    file: 'a.vue',
    text: '<template>\n  <img src="./m1.png" alt="a wren">\n  <img :src="picture" alt="b">\n</template>\n',
    described: ['m1.png'],
  },
  {
    file: 'a.svelte',
    text: '<img src="m1.png" alt="a wren" />\n<img {src} alt="b" />\n',
    described: ['m1.png'],
  },
  {
    file: 'a.astro',
    text: '---\nimport wren from "./m1.png";\n---\n<Image src={wren} alt="a wren" />\n<img src="m2.png" alt="a robin" />\n',
    described: ['m1.png', 'm2.png'],
  },
  {
    file: 'a.tsx',
    text: 'import wren from "./m1.png";\nexport const A = () => (\n  <p>\n    <img src={wren} alt="a wren" />\n    <img src="./m2.png" alt="a robin" />\n  </p>\n);\n',
    described: ['m1.png', 'm2.png'],
  },
  {
    file: 'a.css',
    text: 'a { background: url(there.png) }\nb { width: 30px; background: url("m1.png") }\n@font-face { src: url(f.woff) }\n',
    described: [],
    others: ['m1.png'],
  },
  {
    file: 'a.scss',
    text: '.a { // url(no.png)\n  .b { background: url(m1.png) }\n}\n',
    described: [],
    others: ['m1.png'],
  },
  {
    file: 'a.adoc',
    text: '= Birds\n\nimage::m1.png[a wren]\n\nimage::there.png[]\n',
    described: ['m1.png'],
  },
  {
    file: 'a.rst',
    text: '.. image:: m1.png\n   :alt: a wren\n\n.. image:: there.png\n',
    described: ['m1.png'],
  },
  {
    file: 'a.tex',
    text: '\\includegraphics{m1.png}\n\\includegraphics{there}\n',
    described: [],
    others: ['m1.png'],
  },
  {
    file: 'a.typ',
    text: '#image("m1.png", alt: "a wren")\n#image("there.png")\n',
    described: ['m1.png'],
  },
];

describe('an image that is missing where a link leads', () => {
  let api: OfflineApi;
  let folder: vscode.Uri;
  const inFolder = (path: string) => vscode.Uri.joinPath(folder, path);
  const allOf = (text: vscode.TextDocument) => new vscode.Range(0, 0, text.lineCount, 0);

  before(async () => {
    api = await freshApi();
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
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      text.uri,
      range,
    );
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

  async function runFix(text: vscode.TextDocument, at: number): Promise<DrawResult> {
    const cursor = text.positionAt(at);
    const fixes = await fixesAt(text, new vscode.Range(cursor, cursor));
    const fix = fixes.find(({ title }) => fromAlt.test(title));
    assert.ok(fix?.command, `no fix at ${String(at)}`);
    const { command, arguments: args = [] } = fix.command;
    let result: DrawResult | undefined;
    await answering('Generate', async () => {
      result = await vscode.commands.executeCommand<DrawResult>(command, ...(args as unknown[]));
    });
    return result ?? assert.fail('no result');
  }

  /** A failure leads to the prompt, which is closed. */
  async function leavingPrompt<T>(work: () => Promise<T>): Promise<T> {
    const closing = setInterval(
      () => void vscode.commands.executeCommand('workbench.action.closeQuickOpen'),
      100,
    );
    return await work().finally(() => clearInterval(closing));
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

  it('is not offered by its alt text where that is no description', async () => {
    const text = await textOf('long/a.md', `![${'word '.repeat(1_000)}](a.png)\n`);
    const titles = (await fixesAt(text, allOf(text))).map(({ title }) => title);
    assert.deepEqual(titles, ["Generate 'a.png'…"]);
  });

  it('is told of in a format that the model does not draw in, and costs nothing', async () => {
    const before = await sentRequests(api);
    const text = await textOf('formats/a.md', '![a wren](wren.jpeg)\n');
    assert.deepEqual((await leavingPrompt(() => runFix(text, 3))).images, []);
    assert.deepEqual(await sentRequests(api), before);
    const setting = { model: 'gpt-image-2', quality: 'low' };
    const { images } = await withSettings('imageStudio', setting, () => runFix(text, 3));
    assert.equal(images[0]?.uri.toString(), inFolder('formats/wren.jpeg').toString());
    assert.equal((await readFile(images[0].uri.fsPath)).subarray(0, 2).toString('hex'), 'ffd8');
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
});
