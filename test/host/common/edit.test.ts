import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { FileRecord, OfflineApi, TaskRecord } from '../../fakeEvolink/types.ts';
import {
  answering,
  freshApi,
  generate,
  rejection,
  run,
  sentRequests,
  sha256,
  type DrawResult,
  withSettings,
  workspaceFolder,
} from '../hostContext.ts';

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('editing in the extension host', () => {
  let api: OfflineApi;
  let drawn: Buffer;

  before(async () => {
    api = await freshApi();
    const { images } = await generate({ prompt: 'to be edited', open: false });
    drawn = await readFile(images[0]!.uri.fsPath);
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  /** An image that no task made, so it has to be uploaded; no two are alike. */
  const image = (seed: string) => Buffer.concat([drawn, Buffer.from(seed)]);

  async function writeImage(name: string): Promise<vscode.Uri> {
    const uri = vscode.Uri.joinPath(workspaceFolder(), name);
    await writeFile(uri.fsPath, image(name));
    return uri;
  }

  async function edit(resource: unknown, selected: unknown, options: Record<string, unknown>) {
    // What is sent can be compared then.
    const settings = { uploadReferences: 'always', removeMetadata: false };
    return await withSettings('imageStudio', settings, () =>
      run<DrawResult>('edit', resource, selected, options),
    );
  }

  async function taskOf(result: DrawResult): Promise<TaskRecord> {
    assert.deepEqual(result.failures, []);
    const task = (await api.tasks()).find(({ id }) => id === result.images[0]?.taskId);
    assert(task);
    return task;
  }

  async function sentFor(task: TaskRecord): Promise<(FileRecord | undefined)[]> {
    const files = await api.files();
    const urls = task.body['image_urls'] as string[];
    return urls.map((url) => files.find((file) => file.url === url));
  }

  async function expectNothingLeft(): Promise<void> {
    const isLeft = async () => (await api.files()).some(({ deletedAt }) => deletedAt === undefined);
    while (await isLeft()) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  it('sends exactly the bytes of the source, and puts the result beside it', async () => {
    const source = await writeImage('source.png');
    const result = await edit(source, undefined, { prompt: 'by night' });
    const task = await taskOf(result);
    assert.deepEqual(
      (await sentFor(task)).map((file) => file?.sha256),
      [await sha256(source)],
    );
    assert.equal(
      result.images[0]?.uri.toString(),
      vscode.Uri.joinPath(workspaceFolder(), 'source.edit.png').toString(),
    );
    await expectNothingLeft();
  });

  it('sends the original of a file that was made of it, until somebody changed that', async () => {
    const { images } = await withSettings('imageStudio', { 'output.format': 'webp' }, () =>
      generate({ prompt: 'to be edited as webp', open: false }),
    );
    const webp = images[0]!.uri;
    const original = webp.with({ path: webp.path.replace(/webp$/, 'png') });
    const sentOf = async (image: vscode.Uri) =>
      (await taskOf(await edit(image, undefined, { prompt: 'by day' }))).body['image_urls'];
    // The provider has it, and no upload.
    assert.deepEqual(await sentOf(webp), await sentOf(original));
    const bytes = await readFile(original.fsPath);
    await writeFile(webp.fsPath, Buffer.concat([bytes, Buffer.from('mine')]));
    const second = await taskOf(await edit(webp, undefined, { prompt: 'by day' }));
    assert.equal((await sentFor(second))[0]?.sha256, await sha256(webp));
    await expectNothingLeft();
  });

  it('sends several in the order given, and a web address as it is', async () => {
    const web = 'https://example.com/a.png?signature=a%2Bb=&expires=1';
    const [second, first] = [await writeImage('b.png'), await writeImage('a.png')];
    const selected = [first, web, second];
    let result: DrawResult | undefined;
    await answering('Upload Once', async () => {
      result = await edit(first, selected, { prompt: 'all of them' });
    });
    assert(result);
    const task = await taskOf(result);
    const sent = await sentFor(task);
    assert.deepEqual(
      [sent[0]?.sha256, sent[2]?.sha256],
      [await sha256(first), await sha256(second)],
    );
    assert.equal((task.body['image_urls'] as string[])[1], web);
    await expectNothingLeft();
  });

  it('asks what to change, and names what is changed', async () => {
    const [one, two] = [await writeImage('one.png'), await writeImage('two.png')];
    const web = 'https://example.com/three.png';
    const askedFor = async (...images: [unknown, ...unknown[]]) => {
      const { createInputBox } = vscode.window;
      const shown: { title: string; placeholder: string }[] = [];
      Object.assign(vscode.window, {
        createInputBox() {
          const box = createInputBox.call(vscode.window);
          const show = box.show.bind(box);
          box.show = () => {
            const { title = '', placeholder = '' } = box;
            shown.push({ title, placeholder });
            show();
            box.hide();
          };
          return box;
        },
      });
      try {
        await run('edit', images[0], images);
      } finally {
        Object.assign(vscode.window, { createInputBox });
      }
      return shown;
    };
    assert.deepEqual(await askedFor(one), [
      {
        title: 'Edit one.png',
        placeholder: 'Say what to change, for example "make it night"',
      },
    ]);
    assert.deepEqual(await askedFor(two, one, web), [
      {
        title: 'Edit 3 Images: 1 two.png, 2 one.png, 3 three.png',
        placeholder: 'Say what to change, for example "put image 2 into image 1"',
      },
    ]);
  });

  it('keeps the proportions of the source, unless a size is asked for', async () => {
    const wide = await generate({ prompt: 'wide', size: '1536x1024', open: false });
    const source = wide.images[0]!.uri;
    const sizeOf = async (result: Promise<DrawResult>) => (await taskOf(await result)).body['size'];
    const options = { prompt: 'as wide', open: false };
    assert.equal(await sizeOf(edit(source, undefined, options)), '1536x1024');
    const sized = { ...options, size: '1024x1536' };
    assert.equal(await sizeOf(edit(source, undefined, sized)), '1024x1536');
    const ratio = { ...options, model: 'gemini-3.1-flash-image-preview' };
    assert.equal(await sizeOf(edit(source, undefined, ratio)), '3:2');
    // The setting is for what is made from words alone.
    const settings = { size: '1024x1536', uploadReferences: 'always' };
    await withSettings('imageStudio', settings, async () => {
      const referring = { ...options, references: [source] };
      assert.equal(await sizeOf(generate(referring)), '1536x1024');
      assert.equal(await sizeOf(generate(options)), '1024x1536');
    });
    await expectNothingLeft();
  });

  it('goes beside the first image it is made of, also where that is called a reference', async () => {
    const source = await writeImage('refers.png');
    const options = { prompt: 'referring', references: [source], open: false };
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'chosen');
    await withSettings('imageStudio', { uploadReferences: 'always' }, async () => {
      const beside = await generate(options);
      assert.match(beside.images[0]!.uri.path, /\/refers\.edit\.png$/);
      const chosen = await generate({ ...options, output: folder });
      assert.match(chosen.images[0]!.uri.path, /\/chosen\/referring\.png$/);
    });
    await expectNothingLeft();
  });

  it('takes any name, and keeps its ending', async () => {
    const long = `${'n'.repeat(251)}.png`;
    for (const name of [`it's "quoted" 😀.png`, 'שלום\u202eabc.png', long]) {
      const result = await edit(await writeImage(name), undefined, { prompt: 'odd', open: false });
      assert.deepEqual(result.failures, [], name);
      assert.match(result.images[0]!.uri.path, /\.edit\.png$/, name);
    }
    await expectNothingLeft();
  });

  it('reads images of virtual file systems, and sends their bytes', async () => {
    const bytes = image('virtual');
    const provider = vscode.workspace.registerFileSystemProvider('paint', onlyFile(bytes));
    try {
      const uri = vscode.Uri.parse('paint:/pictures/far.png');
      let result: DrawResult | undefined;
      await answering('Upload Once', async () => {
        result = await edit(uri, undefined, { prompt: 'from afar', open: false });
      });
      assert(result);
      const [sent] = await sentFor(await taskOf(result));
      assert.equal(sent?.sha256, hashOf(bytes));
      // Nothing can be put beside it once its file system is gone.
      assert.match(result.images[0]!.uri.path, /\/images\/from-afar\.png$/);
    } finally {
      provider.dispose();
    }
    await expectNothingLeft();
  });

  it('sends nothing when the user said never', async () => {
    const source = await writeImage('private.png');
    const before = await sentRequests(api);
    const call = withSettings('imageStudio', { uploadReferences: 'never' }, () =>
      run('edit', source, undefined, { prompt: 'not sent' }),
    );
    const { code, message } = await rejection(call);
    assert.equal(code, 'forbidden');
    assert.match(message, /imageStudio\.uploadReferences/);
    assert.deepEqual(await sentRequests(api), before);
  });

  it('names the image that cannot be used, and sends nothing', async () => {
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'folder.png');
    await vscode.workspace.fs.createDirectory(folder);
    const empty = vscode.Uri.joinPath(workspaceFolder(), 'empty.png');
    await writeFile(empty.fsPath, '');
    const corrupt = vscode.Uri.joinPath(workspaceFolder(), 'corrupt.png');
    await writeFile(corrupt.fsPath, Buffer.from(drawn).fill(0, 60, drawn.length - 40));
    const gone = vscode.Uri.joinPath(workspaceFolder(), 'gone.png');
    const good = await writeImage('good.png');
    const before = await sentRequests(api);
    for (const [uri, words] of [
      [folder, /folder\.png is a folder/],
      [empty, /empty\.png is empty/],
      [corrupt, /corrupt\.png is not .*image/],
      [gone, /gone\.png does not exist/],
    ] as const) {
      const { code, message } = await rejection(
        edit(good, [good, uri], { prompt: 'not sent', open: false }),
      );
      assert.equal(code, 'badRequest');
      assert.match(message, words);
    }
    assert.deepEqual(await sentRequests(api), before);
  });

  it('says how many are too many', async () => {
    const good = await writeImage('many.png');
    const call = edit(
      good,
      Array.from({ length: 17 }, () => good),
      { prompt: 'too many' },
    );
    const { code, message } = await rejection(call);
    assert.equal(code, 'badRequest');
    assert.match(message, /17 .* 16/);
  });
});

/** A file system that has one file, whatever it is called. */
function onlyFile(bytes: Uint8Array): vscode.FileSystemProvider {
  const no = () => {
    throw vscode.FileSystemError.NoPermissions();
  };
  return {
    onDidChangeFile: () => new vscode.Disposable(() => undefined),
    watch: () => new vscode.Disposable(() => undefined),
    stat: () => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.length }),
    readFile: () => bytes,
    readDirectory: () => [],
    createDirectory: no,
    writeFile: no,
    delete: no,
    rename: no,
  };
}
