import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { insertChunks } from '../../fakeEvolink/drawing/png.ts';
import { activated, run, workspaceFolder } from '../hostContext.ts';
import { pngOf } from '../pngOf.ts';

interface Answer {
  images: { uri: vscode.Uri; width: number; height: number; sizeBytes: number }[];
  srcset?: string;
  sizes?: string;
}

describe('converting an image', () => {
  const folder = () => vscode.Uri.joinPath(workspaceFolder(), 'converting');
  const inFolder = (name: string) => vscode.Uri.joinPath(folder(), name);
  const names = async () =>
    (await vscode.workspace.fs.readDirectory(folder())).map(([name]) => name).sort();
  const convert = async (uri: vscode.Uri, options: object) =>
    await run<Answer>('convertImage', uri, undefined, options);
  const factsOf = async (uri: vscode.Uri) => {
    const { format, width, height } = await sharp(
      await vscode.workspace.fs.readFile(uri),
    ).metadata();
    return { format, width, height };
  };
  const isCode = (code: string) => (thrown: unknown) => (thrown as { code?: string }).code === code;

  before(activated);
  beforeEach(async () => {
    await vscode.workspace.fs.writeFile(inFolder('red fox.png'), pngOf(640, 480));
  });
  afterEach(async () => {
    await vscode.workspace.fs.delete(folder(), { recursive: true });
  });

  it('makes a file of each format beside it, and leaves the image as it was', async () => {
    const source = inFolder('red fox.png');
    const before = await vscode.workspace.fs.readFile(source);
    for (const [format, name, type] of [
      ['webp', 'red fox.webp', 'webp'],
      ['jpeg', 'red fox.jpg', 'jpeg'],
      ['png', 'red fox-640.png', 'png'],
    ] as const) {
      const { images } = await convert(source, { format });
      assert.deepEqual(
        images.map(({ uri, width, height }) => [uri.toString(), width, height]),
        [[inFolder(name).toString(), 640, 480]],
      );
      assert.deepEqual(await factsOf(inFolder(name)), { format: type, width: 640, height: 480 });
    }
    assert.deepEqual(await names(), [
      'red fox-640.png',
      'red fox.jpg',
      'red fox.png',
      'red fox.webp',
    ]);
    assert.equal(Buffer.compare(before, await vscode.workspace.fs.readFile(source)), 0);
  });

  it('overwrites no file, and makes no second of what is there', async () => {
    const source = inFolder('red fox.png');
    const other = Buffer.from('something else');
    await vscode.workspace.fs.writeFile(inFolder('red fox.webp'), other);
    for (let turn = 0; turn < 2; turn += 1)
      await convert(source, { format: 'webp', maxWidth: 100 });
    assert.deepEqual(
      Buffer.from(await vscode.workspace.fs.readFile(inFolder('red fox.webp'))),
      other,
    );
    await convert(source, { format: 'jpeg' });
    const first = await names();
    await convert(source, { format: 'jpeg' });
    assert.deepEqual(await names(), first);
  });

  it('makes a srcset of several widths', async () => {
    const { images, srcset, sizes } = await convert(inFolder('red fox.png'), {
      format: 'webp',
      widths: [1280, 320, 330],
    });
    assert.deepEqual(
      images.map(({ width, height }) => [width, height]),
      [
        [330, 248],
        [640, 480],
      ],
    );
    assert.equal(srcset, 'red%20fox-330.webp 330w, red%20fox-640.webp 640w');
    assert.equal(sizes, '(max-width: 640px) 100vw, 640px');
    const hashed = await convert(inFolder('red fox.png'), {
      format: 'webp',
      widths: [320],
      hash: true,
    });
    assert.match(hashed.srcset ?? '', /^red%20fox-320\.[0-9a-f]{8}\.webp 320w$/);
  });

  it('converts what only a browser reads, by a page', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="red"/></svg>';
    await vscode.workspace.fs.writeFile(inFolder('sign.svg'), Buffer.from(svg));
    const { images } = await convert(inFolder('sign.svg'), { format: 'webp' });
    assert.deepEqual(
      images.map(({ width, height }) => [width, height]),
      [[40, 20]],
    );
  });

  it('tells once that a signed record of the origin is lost, and leaves that with the image', async () => {
    const record = { type: 'caBX', data: Buffer.from('a signed record') };
    const signed = insertChunks(pngOf(64, 48), [record]);
    const { showInformationMessage } = vscode.window;
    const told: string[] = [];
    const listen = (text: string) => {
      told.push(text);
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showInformationMessage: listen });
    try {
      for (const name of ['one.png', 'two.png']) {
        await vscode.workspace.fs.writeFile(inFolder(name), signed);
        const { images } = await convert(inFolder(name), { format: 'webp' });
        const made = Buffer.from(await vscode.workspace.fs.readFile(images[0]!.uri));
        assert.ok(!made.includes('a signed record'));
        const left = await vscode.workspace.fs.readFile(inFolder(name));
        assert.equal(Buffer.compare(left, signed), 0);
      }
    } finally {
      Object.assign(vscode.window, { showInformationMessage });
    }
    const lost = told.filter((text) => text.includes('Content Credentials'));
    assert.equal(lost.length, 1);
    assert.match(lost[0] ?? '', /one\.png/);
  });

  it('refuses with a code what cannot be converted, and leaves nothing behind', async () => {
    await vscode.workspace.fs.writeFile(inFolder('broken.png'), pngOf(64, 64).subarray(0, 40));
    const before = await names();
    const source = inFolder('red fox.png');
    await assert.rejects(convert(inFolder('broken.png'), { format: 'webp' }), isCode('badImage'));
    await assert.rejects(convert(inFolder('none.png'), { format: 'webp' }), isCode('badImage'));
    await assert.rejects(convert(source, { format: 'tiff' }), isCode('badRequest'));
    await assert.rejects(convert(source, { format: 'webp', quality: 0 }), isCode('badRequest'));
    const outside = vscode.Uri.file('/site/fox.png');
    await assert.rejects(convert(outside, { format: 'webp' }), isCode('badRequest'));
    await assert.rejects(
      run('convertImage', 'fox.png', undefined, { format: 'webp' }),
      isCode('badRequest'),
    );
    assert.deepEqual(await names(), before);
  });
});
