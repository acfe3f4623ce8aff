import { strict as assert } from 'node:assert';
import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { tricks } from '../../faults/hostileTricks.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { editorIcon, editorLink } from '../../unit/editor/say/hostileTexts.ts';
import { activated, freshApi, generate, run, workspaceFolder } from '../hostContext.ts';

const megabyte = 1024 * 1024;
/** Far more than an answer is, and far less than is sent. */
const maxGrowthBytes = 256 * megabyte;
const atOnce = 4;

/** `hostileLane.ts` plays the tricks, and looks at what was written and how long it took. */
describe('a window whose provider wishes no good', () => {
  let api: OfflineApi;
  let drawn: Buffer;
  let taskId: string;
  let edits = 0;
  const shown: string[] = [];
  const messages = ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const;
  const { showInformationMessage, showWarningMessage, showErrorMessage } = vscode.window;

  before(async () => {
    api = await freshApi();
    const { images } = await generate({ prompt: 'before the storm', open: false });
    drawn = await readFile(images[0]!.uri.fsPath);
    ({ taskId } = images[0]!);
    for (const name of messages)
      Object.assign(vscode.window, {
        [name]: (message: string) => {
          shown.push(message);
          return Promise.resolve(undefined);
        },
      });
  });

  after(() => {
    Object.assign(vscode.window, { showInformationMessage, showWarningMessage, showErrorMessage });
  });

  /** No two are alike, so that each has to be uploaded. */
  async function edit(): Promise<unknown> {
    edits += 1;
    const file = vscode.Uri.joinPath(workspaceFolder(), `source-${String(edits)}.png`);
    await writeFile(file.fsPath, Buffer.concat([drawn, Buffer.from(String(edits))]));
    return await run('edit', file, undefined, { prompt: `an edit ${String(edits)}`, open: false });
  }

  it('saves what it can, tells the rest in plain words, and needs no more memory', async function () {
    this.timeout(180_000);
    const before = process.memoryUsage().rss;
    let highest = before;
    const looking = setInterval(() => {
      highest = Math.max(highest, process.memoryUsage().rss);
    }, 20);
    const answers: unknown[] = [];
    const work: Promise<unknown>[] = [];
    const begin = async (call: () => Promise<unknown>) => {
      try {
        answers.push(await call());
      } catch (thrown) {
        const { code, message } = thrown as { code?: unknown; message: string };
        assert.equal(typeof code, 'string', String(thrown));
        answers.push({ code, message });
      }
    };
    const storm = { isOver: false };
    const ended = fetch(process.env['IMAGE_STUDIO_TEST_LAUNCHER'] ?? '')
      .then((answer) => answer.json())
      .finally(() => (storm.isOver = true));
    while (!storm.isOver) {
      const unfinished = (await activated())
        .jobs()
        .filter(({ state }) => !['saved', 'failed', 'cancelled', 'unconfirmed'].includes(state));
      if (unfinished.length < atOnce)
        work.push(
          begin(() => generate({ prompt: 'in spite of all', open: false })),
          begin(edit),
        );
      await Promise.all([
        begin(() => run('checkConnection')),
        begin(() => run('recoverTask', taskId)),
        new Promise((resolve) => setTimeout(resolve, 200)),
      ]);
    }
    const met: unknown = await ended;
    assert.ok(Number(met) >= tricks.length, `tricks that were met: ${String(met)}`);
    await Promise.all(work);
    clearInterval(looking);

    const last = await generate({ prompt: 'after the storm', open: false });
    assert.equal(last.images.length, 1, JSON.stringify(last));
    const jobs = (await activated()).jobs();
    assert.ok(jobs.filter(({ state }) => state === 'saved').length > 3, JSON.stringify(jobs));
    const keys = (await api.tasks()).map(({ idempotencyKey }) => idempotencyKey);
    assert.equal(new Set(keys).size, keys.length, 'paid twice');
    assert.ok(shown.length > 0);
    for (const text of [...shown, ...jobs.flatMap(({ error }) => error?.message ?? [])]) {
      assert.doesNotMatch(text, editorLink);
      assert.doesNotMatch(text, editorIcon);
      assert.doesNotMatch(text, /[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      assert.ok(text.length <= 1_001);
    }
    const told = JSON.stringify([shown, answers, jobs]);
    for (const spelling of [api.key, Buffer.from(api.key).toString('base64')])
      assert.ok(!told.includes(spelling), 'the key is told');
    const grownMb = Math.round((highest - before) / megabyte);
    assert.ok(highest - before < maxGrowthBytes, `${String(grownMb)} MB more`);
  });
});
