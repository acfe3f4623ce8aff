import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as vscode from 'vscode';
import { insertChunks } from '../../fakeEvolink/drawing/png.ts';
import { activated, run, withSettings, workspaceFolder } from '../hostContext.ts';
import { pngOf } from '../pngOf.ts';

interface Answer {
  images: { uri: vscode.Uri; width: number; height: number; sizeBytes: number }[];
  failures: { uri: vscode.Uri; code: string; message: string }[];
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
    for (const [options, says] of [
      [{ format: 'tiff' }, 'format of a conversion must be one of png, jpeg, webp.'],
      [{ quality: 0 }, 'quality of a conversion must be a whole number from 1 to 100.'],
      [{ maxWidth: 1.5 }, 'maxWidth of a conversion must be a whole number from 1 to 16383.'],
      [{ widths: [9, -1] }, 'widths of a conversion must be a list of 1 to 12 whole numbers'],
      [{ hash: 'yes' }, 'hash of a conversion must be true or false.'],
      [{ output: 'small/' }, 'output of a conversion must be the Uri of a folder'],
    ] as const)
      await assert.rejects(convert(source, options), (thrown: Error) => {
        assert.ok(isCode('badRequest')(thrown));
        return thrown.message.includes(says) || assert.fail(thrown.message);
      });
    const outside = vscode.Uri.file('/site/fox.png');
    await assert.rejects(convert(outside, { format: 'webp' }), isCode('badRequest'));
    await assert.rejects(
      run('convertImage', 'fox.png', undefined, { format: 'webp' }),
      isCode('badRequest'),
    );
    assert.deepEqual(await names(), before);
  });

  it('takes its options as the second argument, and what they leave out from elsewhere', async () => {
    const source = inFolder('red fox.png');
    const named = async (options: object) =>
      (await run<Answer>('convertImage', source, options)).images.map(({ uri, width }) => [
        uri.toString().slice(folder().toString().length),
        width,
      ]);
    assert.deepEqual(await named({ format: 'webp' }), [['/red%20fox.webp', 640]]);
    assert.deepEqual(await named({ maxWidth: 100 }), [['/red%20fox-100.png', 100]]);
    await withSettings('imageStudio', { 'output.format': 'jpeg' }, async () => {
      assert.deepEqual(await named({}), [['/red%20fox.jpg', 640]]);
    });
    const output = inFolder('small/hero.webp');
    assert.deepEqual(await named({ output, maxWidth: 64 }), [['/small/hero.webp', 64]]);
    assert.equal((await factsOf(output)).format, 'webp');
    assert.deepEqual(await named({ output: inFolder('small'), format: 'jpeg' }), [
      ['/small/red%20fox.jpg', 640],
    ]);
  });

  it('refuses options and places that cannot be meant, and asks for nothing', async () => {
    const before = await names();
    const source = inFolder('red fox.png');
    const others = [source, inFolder('other.png')];
    const outside = vscode.Uri.file('/site/small');
    for (const args of [
      [source, { format: 'tiff' }],
      [source, { output: 'small' }],
      [source, { output: outside }],
      [source, { output: inFolder('hero.avif') }],
      [source, source],
      [source, 'webp'],
      [source, others, { output: inFolder('hero.webp') }],
      [source, [source, 'other.png'], { format: 'webp' }],
      [undefined, { format: 'webp' }],
      [{ format: 'webp' }],
      [source, Array.from({ length: 1_001 }, () => source), { format: 'webp' }],
    ])
      await assert.rejects(
        run('convertImage', ...args),
        isCode('badRequest'),
        JSON.stringify(args),
      );
    assert.deepEqual(await names(), before);
  });

  it('writes nothing behind a link of the workspace that leads out of it', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
    await symlink(elsewhere, inFolder('linked').fsPath);
    const png = pngOf(8, 8);
    await vscode.workspace.fs.writeFile(inFolder('linked/a.png'), png);
    for (const [source, options] of [
      ['linked/a.png', { format: 'webp' }],
      ['red fox.png', { output: inFolder('linked/deeper') }],
    ] as const)
      await assert.rejects(convert(inFolder(source), options), isCode('writeFailed'));
    assert.deepEqual(await readdir(elsewhere), ['a.png']);
    await vscode.workspace.fs.delete(inFolder('linked'));
    await rm(elsewhere, { recursive: true });
  });

  /** One of them cannot be converted. */
  async function severalImages(): Promise<vscode.Uri[]> {
    const animated = insertChunks(pngOf(8, 8), [{ type: 'acTL', data: Buffer.alloc(8) }]);
    await vscode.workspace.fs.writeFile(inFolder('b.png'), animated);
    for (const name of ['a.png', 'c.png'])
      await vscode.workspace.fs.writeFile(inFolder(name), pngOf(16, 16));
    return ['a.png', 'b.png', 'c.png'].map(inFolder);
  }

  it('converts all of several images that can be, and says which cannot', async () => {
    const sources = await severalImages();
    const { images, failures } = await run<Answer>('convertImage', sources[0], sources, {
      format: 'webp',
    });
    assert.deepEqual(
      images.map(({ uri }) => uri.toString()),
      ['a.webp', 'c.webp'].map((name) => inFolder(name).toString()),
    );
    assert.deepEqual(
      failures.map(({ uri, code }) => [uri.toString(), code]),
      [[inFolder('b.png').toString(), 'badRequest']],
    );
    assert.match(failures[0]?.message ?? '', /b\.png/);
  });

  it('converts more than 64 at once', async () => {
    const missing = Array.from({ length: 70 }, (_, index) => inFolder(`${String(index)}.png`));
    const sources = [...missing, inFolder('red fox.png')];
    const { images, failures } = await run<Answer>('convertImage', sources[0], sources, {
      format: 'webp',
    });
    assert.deepEqual([images.length, failures.length], [1, 70]);
  });

  /** Converts as a user who takes the first row of each list. @returns the notices, each closed. */
  async function asUser(
    sources: vscode.Uri[],
    { cancelAt = Infinity, choose = undefined as string | undefined } = {},
  ): Promise<{ text: string; buttons: string[] }[]> {
    const { showQuickPick, showWarningMessage, showInformationMessage, withProgress } =
      vscode.window;
    const notices: { text: string; buttons: string[] }[] = [];
    let answer = choose;
    const note = (text: string, ...buttons: string[]) => {
      notices.push({ text, buttons });
      const chosen = buttons.find((button) => button === answer);
      answer = undefined;
      return Promise.resolve(chosen);
    };
    let turns = 0;
    const progress = (
      _: unknown,
      work: (report: object, token: vscode.CancellationToken) => Promise<unknown>,
    ) => {
      const leaving = new vscode.CancellationTokenSource();
      const report = () => {
        turns += 1;
        if (turns === cancelAt) leaving.cancel();
      };
      return work({ report }, leaving.token);
    };
    Object.assign(vscode.window, {
      showQuickPick: ([first]: unknown[]) => Promise.resolve(first),
      showWarningMessage: note,
      showInformationMessage: note,
      withProgress: progress,
    });
    try {
      await run('convertImage', sources[0], sources);
      // What a button began goes on behind the notice.
      for (let n = 0; choose !== undefined && notices.length < 2 && n < 200; n += 1)
        await new Promise((go) => setTimeout(go, 50));
    } finally {
      Object.assign(vscode.window, {
        ...{ showQuickPick, showWarningMessage, showInformationMessage, withProgress },
      });
    }
    return notices;
  }

  it('tells a user in one notice what was made, and what was not and why', async () => {
    const notices = await asUser(await severalImages());
    assert.equal(notices.length, 1, JSON.stringify(notices));
    assert.match(
      notices[0]!.text,
      /^Saved 2 images to .*converting\. 1 image was not converted: .*b\.png is animated; only still images can be converted\.$/,
    );
    assert.deepEqual(notices[0]!.buttons, ['Open']);
    assert.deepEqual(
      (await names()).filter((name) => name.endsWith('.webp')),
      ['a.webp', 'c.webp'],
    );
  });

  it('keeps what was made when a user cancels, and goes on with the rest by a button', async () => {
    const sources = await severalImages();
    const choose = 'Convert the Rest';
    const notices = await asUser(sources, { cancelAt: 3, choose });
    assert.match(
      notices[0]!.text,
      /^Saved to .*a\.webp\. 1 image was not converted: .*b\.png.* 1 image is left\.$/,
    );
    assert.equal(notices[0]!.buttons[0], choose);
    assert.match(notices[1]!.text, /^Saved to .*c\.webp$/);
    assert.deepEqual(
      (await names()).filter((name) => name.endsWith('.webp')),
      ['a.webp', 'c.webp'],
    );
  });
});
