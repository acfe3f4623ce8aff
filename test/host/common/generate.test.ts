import { strict as assert } from 'node:assert';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import {
  activated,
  answering,
  freshApi,
  generate,
  rejection,
  run,
  clearKey,
  setKey,
  sha256,
  withSettings,
  workspaceFolder,
} from '../hostContext.ts';

const dispatcherName = Symbol.for('undici.globalDispatcher.1');

describe('generating in the extension host', () => {
  let api: OfflineApi;
  // Before anything of ours runs.
  const dispatcherBefore = (globalThis as Record<symbol, unknown>)[dispatcherName];

  before(async () => {
    api = await freshApi();
  });

  afterEach(async () => {
    await api.clearFaults();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('saves the bytes the server made, and says where', async () => {
    const result = await generate({ prompt: 'a red fox in the snow' });
    assert.deepEqual(result.failures, []);
    const [image] = result.images;
    assert(image);
    assert.equal(
      image.uri.toString(),
      vscode.Uri.joinPath(workspaceFolder(), 'images', 'a-red-fox-in-the-snow.png').toString(),
    );
    const task = (await api.tasks()).find(({ id }) => id === image.taskId);
    assert.equal(await sha256(image.uri), task?.sha256);
  });

  it('opens the image in the built-in preview', async () => {
    const result = await generate({ prompt: 'an open door' });
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert(input instanceof vscode.TabInputCustom);
    assert.equal(input.uri.toString(), result.images[0]?.uri.toString());
    assert.equal(input.viewType, 'imagePreview.previewEditor');
  });

  it('opens nothing when told so', async () => {
    await generate({ prompt: 'a closed door', open: false });
    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab, undefined);
  });

  it('numbers a name that is taken, and overwrites nothing', async () => {
    const first = await generate({ prompt: 'twice the same' });
    const before = await sha256(first.images[0]!.uri);
    const second = await generate({ prompt: 'twice the same' });
    assert.match(second.images[0]!.uri.path, /twice-the-same-2\.png$/);
    assert.equal(await sha256(first.images[0]!.uri), before);
  });

  it('makes several variations as several tasks', async () => {
    const result = await generate({ prompt: 'three little pigs', count: 3, open: false });
    assert.equal(result.images.length, 3);
    assert.equal(new Set(result.images.map(({ taskId }) => taskId)).size, 3);
  });

  it('sends size, quality and web references as asked', async () => {
    const references = ['https://example.com/a.png', 'https://example.com/b.png'];
    const prompt = 'wide and fine';
    await answering('Upload Once', () =>
      generate({ prompt, size: '1536x1024', quality: 'high', references, open: false }),
    );
    const body = (await api.tasks()).find((task) => task.prompt === prompt)?.body;
    assert(body);
    assert.equal(body['size'], '1536x1024');
    assert.equal(body['quality'], 'high');
    assert.deepEqual(body['image_urls'], references);
  });

  it('saves to the file it is told, in the format that its name says', async () => {
    const output = vscode.Uri.joinPath(workspaceFolder(), 'deep', 'er', 'my picture.webp');
    const result = await generate({ prompt: 'exact', output, open: false });
    assert.match(result.images[0]!.uri.path, /\/deep\/er\/my picture\.webp$/);
    const bytes = await vscode.workspace.fs.readFile(result.images[0]!.uri);
    assert.equal(Buffer.from(bytes).subarray(8, 12).toString('latin1'), 'WEBP');
  });

  it('follows the settings for folder and name', async () => {
    const settings = {
      'output.directory': 'art/${documentDirName}',
      'output.fileName': 'x-${size}-${n}',
    };
    const result = await withSettings(
      'imageStudio',
      settings,
      () => generate({ prompt: 'named', open: false }),
      vscode.ConfigurationTarget.Workspace,
    );
    assert.match(result.images[0]!.uri.path, /\/art\/x-1024x1024-1\.png$/);
  });

  describe('beside a document', () => {
    const document = () => vscode.Uri.joinPath(workspaceFolder(), 'docs', 'guide', 'intro.md');
    const folders: [string, string][] = [
      ['${documentDirName}/img', 'docs/guide/img'],
      ['images/${documentBaseName}', 'images/intro'],
      ['img/${documentBaseName/(.*)/$1.x/}', 'img/intro.x'],
    ];

    before(async () => {
      await vscode.workspace.fs.writeFile(document(), new TextEncoder().encode('# Intro\n'));
    });
    after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

    for (const [directory, folder] of folders)
      it(`saves into ${directory}, with the document or its image in front`, async () => {
        await vscode.window.showTextDocument(document());
        const draw = (open: boolean) => generate({ prompt: 'beside', open });
        await withSettings(
          'imageStudio',
          { 'output.directory': directory },
          async () => {
            const inDocument = await draw(true);
            // The text stays in front until the user goes to the image.
            assert.equal(vscode.window.activeTextEditor?.document.uri.path, document().path);
            await vscode.commands.executeCommand('vscode.open', inDocument.images[0]!.uri);
            assert.equal(vscode.window.activeTextEditor, undefined);
            const behindImage = await draw(false);
            for (const { images } of [inDocument, behindImage])
              assert.equal(
                vscode.Uri.joinPath(images[0]!.uri, '..').path,
                vscode.Uri.joinPath(workspaceFolder(), folder).path,
              );
          },
          vscode.ConfigurationTarget.Workspace,
        );
      });
  });

  it('pays for no image whose folder is not understood', async () => {
    const paid = (await api.tasks()).length;
    for (const directory of ['${mood}', '${env:NOT_SET}/x', '$HOME/x', '${workspaceFolder:moon}'])
      await withSettings('imageStudio', { 'output.directory': directory }, async () => {
        const { code, message } = await rejection(generate({ prompt: 'nowhere' }));
        assert.equal(code, 'badRequest');
        assert.match(message, /imageStudio\.output\.directory/);
      });
    assert.equal((await api.tasks()).length, paid);
  });

  it('never touches the dispatcher that all extensions share', async () => {
    await generate({ prompt: 'leave others alone', open: false });
    assert.equal((globalThis as Record<symbol, unknown>)[dispatcherName], dispatcherBefore);
  });

  it('tells other extensions of every job', async () => {
    const exports = await activated();
    const states: string[] = [];
    const listening = exports.onDidChangeJobs((job) => states.push(job.state));
    const result = await generate({ prompt: 'told', open: false });
    listening.dispose();
    assert.deepEqual(
      states.filter((state, index) => state !== states[index - 1]),
      ['queued', 'submitting', 'running', 'downloading', 'saved'],
    );
    const job = exports.jobs().find(({ id }) => id === result.images[0]?.jobId);
    assert.equal(job?.state, 'saved');
    assert.equal(job.prompt, 'told');
  });

  describe('given what cannot be drawn', () => {
    const bad: [string, Record<string, unknown>, RegExp][] = [
      ['an empty prompt', { prompt: '  ' }, /prompt is empty/],
      [
        '2001 characters',
        { prompt: 'x'.repeat(2001) },
        /prompt is one character over the limit of 2000/,
      ],
      [
        'an unknown size',
        { prompt: 'x', size: '512x512' },
        /size "512x512" .*1024x1024, 1024x1536, 1536x1024/,
      ],
      ['an unknown quality', { prompt: 'x', quality: 'best' }, /quality "best"/],
      [
        '17 references',
        { prompt: 'x', references: Array(17).fill('https://example.com/a.png') },
        /17 reference images .* 16/,
      ],
      ['a count of nine', { prompt: 'x', count: 9 }, /count is more than 8/],
      ['a prompt that is no text', { prompt: 7 }, /^prompt is not text\.$/],
      [
        'a reference that is none',
        { prompt: 'x', references: [7] },
        /^references\.0 is not a Uri or/,
      ],
    ];
    for (const [what, options, words] of bad) {
      it(`says what is wrong with ${what}, and sends nothing`, async () => {
        const [last] = (await api.log()).slice(-1);
        const { code, message } = await rejection(generate(options));
        assert.equal(code, 'badRequest');
        assert.match(message, words);
        assert.deepEqual(await api.log({ afterSeq: last?.seq ?? 0 }), []);
      });
    }

    it('takes no other image than the one meant', async () => {
      const options = { prompt: 'bluer' };
      const { images } = await generate({ prompt: 'the one in front' });
      const { uri } = images[0]!;
      const [last] = (await api.log()).slice(-1);
      for (const args of [[uri.fsPath], [[uri]], [undefined, [uri, uri.fsPath]], [uri, 'all']]) {
        const given = [args[0], args[1], options];
        const { code, message } = await rejection(run('edit', ...given));
        assert.equal(code, 'badRequest');
        assert.match(message, /by their Uri/);
      }
      assert.deepEqual(await api.log({ afterSeq: last?.seq ?? 0 }), []);
    });

    it('names a reference that is no address', async () => {
      const error = await rejection(generate({ prompt: 'x', references: ['file:////a/b.png'] }));
      assert.equal(error.code, 'badRequest');
      assert.match(error.message, /file:\/\/\/\/a\/b\.png/);
    });

    it('names the setting whose template speaks of what does not exist', async () => {
      const uri = vscode.Uri.joinPath(workspaceFolder(), 'pictures', 'red fox.png');
      const error = await withSettings(
        'imageStudio',
        { 'edit.fileName': '${name}-${mood}' },
        () => rejection(run('edit', uri, undefined, { prompt: 'x' })),
        vscode.ConfigurationTarget.Workspace,
      );
      assert.equal(error.code, 'badRequest');
      assert.match(error.message, /imageStudio\.edit\.fileName .*\$\{mood\}.*\$\{name\}/);
    });

    it('names the setting that holds a wrong size', async () => {
      const target = vscode.ConfigurationTarget.Workspace;
      const work = () => rejection(generate({ prompt: 'x' }));
      const error = await withSettings('imageStudio', { size: '9x9' }, work, target);
      assert.equal(error.code, 'badRequest');
      assert.match(error.message, /size "9x9"/);
    });

    it('refuses a base URL that is none, or is not https', async () => {
      for (const [apiBaseUrl, words] of [
        ['nonsense', /imageStudio\.apiBaseUrl is not a web address/],
        ['http://example.com', /imageStudio\.apiBaseUrl must begin with https/],
      ] as const) {
        const configuration = vscode.workspace.getConfiguration('imageStudio');
        const before = configuration.inspect<string>('apiBaseUrl')?.globalValue;
        await configuration.update('apiBaseUrl', apiBaseUrl, vscode.ConfigurationTarget.Global);
        try {
          const error = await rejection(generate({ prompt: 'nowhere' }));
          assert.equal(error.code, 'badRequest');
          assert.match(error.message, words);
        } finally {
          await configuration.update('apiBaseUrl', before, vscode.ConfigurationTarget.Global);
        }
      }
    });
  });

  describe('when it goes wrong', () => {
    it('says what a refused prompt was refused for', async () => {
      const fault = {
        kind: 'failed',
        code: 'content_policy_violation',
        message: 'No such thing',
      } as const;
      await api.fault({ match: { route: 'create' }, fault });
      const result = await generate({ prompt: 'forbidden fruit' });
      assert.deepEqual(result.images, []);
      assert.equal(result.failures[0]?.code, 'moderated');
      assert.match(result.failures[0].message, /No such thing/);
    });

    it('keeps a paid image when the folder is read-only, and saves it on another try', async function () {
      const folder = join(workspaceFolder().fsPath, 'blocked');
      // Root may write anywhere, so a file stands in the way of the folder.
      await writeFile(folder, 'in the way');
      const output = vscode.Uri.joinPath(workspaceFolder(), 'blocked', 'x.png');
      const prompt = 'nowhere to go';
      const result = await generate({ prompt, output, open: false });
      assert.equal(result.failures[0]?.code, 'writeFailed');
      const exports = await activated();
      const { jobId } = result.failures[0];
      assert.equal(exports.jobs().find(({ id }) => id === jobId)?.state, 'failed');
      await rm(folder);
      await mkdir(folder);
      const task = (await api.tasks()).find((made) => made.prompt === prompt)!;
      const uri = await run<vscode.Uri>('recoverTask', task.id);
      assert.equal(await sha256(uri), task.sha256);
      assert.deepEqual(await readdir(folder), ['x.png']);
      assert.equal((await api.tasks()).filter((made) => made.prompt === prompt).length, 1);
      await chmod(folder, 0o755);
    });

    it('tells a wrong key from a missing one', async () => {
      await api.configure({ keys: [{ key: api.key, state: 'disabled' }] });
      const wrong = await generate({ prompt: 'locked out' });
      assert.equal(wrong.failures[0]?.code, 'auth');
      const connection = await run<{ ok: boolean; code?: string }>('checkConnection');
      assert.equal(connection.code, 'auth');
      await api.configure({ keys: [api.key] });
      await clearKey();
      assert.equal((await rejection(generate({ prompt: 'no key' }))).code, 'noKey');
      assert.equal((await rejection(run('recoverTask', 'task-of-nobody'))).code, 'noKey');
      await setKey(api.key);
      assert.deepEqual((await generate({ prompt: 'let in again', open: false })).failures, []);
    });

    it('asks before it takes a key from a caller, and keeps its own when the user refuses', async () => {
      const other = 'sk-thief-0123456789';
      const refused = async () => {
        let error: { code: string } | undefined;
        const asked = await answering(undefined, async () => {
          error = await rejection(run('setApiKey', other));
        });
        assert.equal(error?.code, 'cancelled');
        assert.equal(asked.length, 1);
        return asked[0]!;
      };
      const dialog = await refused();
      assert.equal(dialog.isModal, true);
      assert.match(dialog.question, /Replace/);
      assert.match(dialog.detail, /account.*6789/s);
      assert.doesNotMatch(dialog.detail, /thief/);
      assert.equal((await run<{ ok: boolean }>('checkConnection')).ok, true);
      // The same key is no other.
      assert.deepEqual(await answering(undefined, () => run('setApiKey', api.key)), []);
      await clearKey();
      assert.match((await refused()).question, /Store/);
      assert.equal((await rejection(generate({ prompt: 'no key' }))).code, 'noKey');
      await setKey(api.key);
    });

    it('takes a key out of what was copied with it', async () => {
      for (const text of [`Bearer ${api.key}`, `export EVOLINK_API_KEY="${api.key}"\n`]) {
        await clearKey();
        await setKey(text);
        assert.equal((await run<{ ok: boolean }>('checkConnection')).ok, true);
      }
    });

    it('names the variable of a bad key in the environment, and takes a good one with quotes', async () => {
      await clearKey();
      try {
        process.env['EVOLINK_API_KEY'] = 'two words of no key';
        const { code, message } = await rejection(generate({ prompt: 'badly set' }));
        assert.equal(code, 'noKey');
        assert.match(message, /EVOLINK_API_KEY holds no API key: .*spaces/);
        assert.doesNotMatch(message, /two words/);
        process.env['EVOLINK_API_KEY'] = `'${api.key}'`;
        assert.equal((await run<{ ok: boolean }>('checkConnection')).ok, true);
      } finally {
        delete process.env['EVOLINK_API_KEY'];
        await setKey(api.key);
      }
    });

    it('refuses a malformed key with a reason', async () => {
      for (const key of [
        '',
        'https://evolink.ai/keys',
        'sk 0123 456 789',
        'short',
        'x'.repeat(100_000),
      ]) {
        const error = await rejection(run('setApiKey', key));
        assert.equal(error.code, 'badRequest');
        assert.notEqual(error.message, '');
      }
    });
  });

  it('tells the credits that are left', async () => {
    const result = await run<{ ok: boolean; credits?: number }>('checkConnection');
    assert.equal(result.ok, true);
    assert.equal(typeof result.credits, 'number');
  });

  it('recovers the image of a task by its id', async () => {
    const [task] = (await api.tasks()).filter((made) => made.status === 'completed');
    const uri = await run<vscode.Uri | undefined>('recoverTask', task!.id);
    // Known here: it is the file saved before, or a new one when it was never saved.
    assert(uri);
    assert.equal(await sha256(uri), task!.sha256);
  });

  it('sends the key to the two base URLs and to no other host', async () => {
    const requests = await api.log();
    assert(requests.some(({ origin }) => origin === 'media'));
    for (const request of requests)
      if (request.origin === 'media') assert(!JSON.stringify(request).includes(api.key));
  });
});
