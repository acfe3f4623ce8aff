import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Fault } from '../fakeEvolink/faults.ts';
import { assertNeverHeld } from '../harness/hostWatch.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { createActions } from './actions.ts';
import { accepted, expectSavedOnce, generate, tasksOf } from './paidImages.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const patienceMs = 90_000;
const minuteMs = 60_000;
/** With the pauses between its tries, each twice the one before, the result is late by a minute. */
const lateTries = 7;
const lateImage = 'a late lark';
/** The default of `imageStudio.maxConcurrentTasks`. */
const atOnce = 4;
const queued = 24;
/** Typed while the store is locked, evenly over a minute. */
const words =
  'The quick brown fox jumps over the lazy dog while another program has the store locked for a minute.';
const betweenKeysMs = minuteMs / words.length;

describe('a paid image, when an answer is awkward', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({
      api: { taskMs: 500, drawing: 'fast' },
      files: { 'notes.txt': '' },
      userSettings: { 'imageStudio.output.openAfterSave': false },
      watchesHosts: true,
    });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('awkward-answers-failed');
  });
  after(() => studio.stop());

  /** Meets a prompt's requests of a route with faults, one after another. */
  async function meet(
    route: 'create' | 'result',
    promptIncludes: string,
    ...faults: Fault[]
  ): Promise<void> {
    for (const fault of faults) await studio.api.fault({ match: { route, promptIncludes }, fault });
  }

  async function createsOf(prompt: string) {
    const creates = await studio.api.log({ route: 'create' });
    return creates.filter(({ json }) => (json as { prompt?: string }).prompt === prompt);
  }

  it('looks again and again for a result that is not there, and says so', async () => {
    const fault = { kind: 'expired', status: 404 } as const;
    await meet('result', lateImage, ...Array<Fault>(lateTries).fill(fault));
    await generate(window, lateImage);
    await window.statusBarItem(/not found at EvoLink now, looked for again/).waitFor();
    await window.screenshot('result-not-found');
  });

  for (const status of [302, 400, 451]) {
    it(`finds what was accepted when a gateway answers the repetition with ${String(status)}`, async () => {
      const prompt = `a gateway goose ${String(status)}`;
      const headers = { location: `${studio.api.urls.media}/login` };
      await meet(
        'create',
        prompt,
        { kind: 'reset', at: 'afterRequest' },
        { kind: 'status', status, body: 'html', ...(status === 302 && { headers }) },
      );
      await generate(window, prompt);
      const notice = /not known whether EvoLink accepted this image/;
      await window.notifications.expect(notice, patienceMs);
      if (status === 451) await window.screenshot('perhaps-submitted');
      const [task] = await tasksOf(studio.api, prompt);
      assert.ok(task, 'it was accepted');
      await window.notifications.clickButton(notice, 'Look It Up');
      await window.quickInput.expectTitle('Which task is this image?');
      await window.quickInput.pick(task.id);
      await expectSavedOnce(studio, prompt);
      assert.equal((await tasksOf(studio.api, prompt)).length, 1);
      const keys = (await createsOf(prompt)).map(({ headers }) => headers['idempotency-key']);
      assert.deepEqual(keys, [task.idempotencyKey, task.idempotencyKey]);
      assert.deepEqual(await studio.api.log({ route: 'unknown' }), [], 'it was not redirected');
    });
  }

  it('is told as cancelled when EvoLink calls it canceled, and watched no longer', async () => {
    const prompt = 'a canceled cow';
    await meet('create', prompt, { kind: 'cancelled' }, { kind: 'statusAs', as: 'canceled' });
    await generate(window, prompt);
    await window.notifications.expect(/EvoLink cancelled this image/, patienceMs);
    const [told] = await tasksOf(studio.api, prompt);
    await generate(window, 'a watched whale');
    await accepted(studio.api, 'a watched whale');
    await expectSavedOnce(studio, 'a watched whale');
    assert.deepEqual(await tasksOf(studio.api, prompt), [told]);
  });

  const ends: [string, Fault][] = [
    ['its status is SUCCESS', { kind: 'statusAs', as: 'SUCCESS' }],
    ['its answer has results and no status', { kind: 'statusAs' }],
  ];
  for (const [index, [title, fault]] of ends.entries()) {
    it(`is saved when ${title}`, async () => {
      const prompt = `an ended eagle ${String(index)}`;
      await meet('create', prompt, fault);
      await generate(window, prompt);
      await accepted(studio.api, prompt);
      await expectSavedOnce(studio, prompt);
    });
  }

  it('is saved by itself, and not paid again, once its late result is there', async () => {
    await expectSavedOnce(studio, lateImage);
    const [task, ...others] = await tasksOf(studio.api, lateImage);
    assert.deepEqual([task?.resultFetches, others.length], [lateTries + 1, 0]);
    const fetches = await studio.api.log({ route: 'result' });
    const ofTask = fetches.filter(({ path }) => path.includes(task?.id ?? ''));
    assert.ok(ofTask.at(-1)!.at - ofTask[0]!.at >= minuteMs, 'it was late by a minute');
    assert.equal((await createsOf(lateImage)).length, 1);
  });

  it('waits with all of the queue for a good key when the key was revoked', async () => {
    const prompt = 'a revoked raven';
    const goodKey = 'sk-offline-another-good-key';
    // A pause that new images do not end keeps them all in the queue until the key is revoked.
    const fault = { kind: 'status', status: 429, retryAfter: 3_600 } as const;
    await studio.api.fault({ match: { route: 'create' }, times: 'always', fault });
    for (let count = 0; count < queued; count += 8) await generate(window, prompt, 8);
    await window.statusBarItem(/24 images · EvoLink asks to wait/).waitFor();
    await studio.api.clearFaults();
    await studio.api.configure({ keys: [{ key: studio.api.key, state: 'disabled' }, goodKey] });
    const before = (await createsOf(prompt)).length;

    await window.runCommand('Image Studio: Show Jobs');
    await window.quickInput.expectTitle('Image Studio: Jobs');
    await window.quickInput.clickButton('Continue the Queue');
    await window.quickInput.cancel();
    await window.notifications.expect(
      /does not accept the API key.*Waiting images: 24\. They go on by themselves/,
      patienceMs,
    );
    await window.statusBarItem(/24 images · waiting for an API key/).waitFor();
    await window.screenshot('waiting-for-a-key');

    // From a key that is refused to the images: the button that helps is the first.
    const { act, expectCount } = createActions();
    const refusal = /does not accept the API key.*Waiting images: 24/;
    await act('Set API Key', () => window.notifications.clickButton(refusal, 'Set API Key'));
    await window.quickInput.expectTitle('Set EvoLink API Key');
    await act('the key and Enter', async () => {
      await window.quickInput.type(goodKey);
      await window.quickInput.accept();
    });
    await accepted(studio.api, prompt, queued);
    await expectSavedOnce(studio, prompt);
    expectCount(2);
    const tasks = await tasksOf(studio.api, prompt);
    assert.equal(tasks.length, queued);
    assert.equal(new Set(tasks.map((task) => task.idempotencyKey)).size, queued);
    const refused = (await createsOf(prompt)).slice(before).filter(({ status }) => status === 401);
    assert.ok(refused.length <= atOnce, `${String(refused.length)} creates with the revoked key`);
  });

  it('leaves the editor alone while another program has the store locked, and is saved then', async () => {
    const prompt = 'a locked llama';
    await window.explorerItem('notes.txt').dblclick();
    await window.editorTab('notes.txt').waitFor();
    // It ends while the store is locked.
    await meet('create', prompt, { kind: 'takes', ms: 8_000 });
    await generate(window, prompt);
    await accepted(studio.api, prompt);
    const other = new DatabaseSync(await storePath());
    try {
      other.exec('PRAGMA busy_timeout = 10000; BEGIN EXCLUSIVE');
      const editor = window.page.locator('.monaco-editor[data-uri$="notes.txt"]').first();
      await editor.locator('.view-lines').click();
      for (let length = 1; length <= words.length; length += 1) {
        await window.page.keyboard.type(words.charAt(length - 1));
        const typed = words.slice(0, length).trimEnd().replaceAll(' ', '\u00A0');
        await editor.locator('.view-line', { hasText: typed }).waitFor();
        await window.page.waitForTimeout(betweenKeysMs);
      }
      await window.page.keyboard.press('Control+S');
      const path = join(studio.workspace, 'notes.txt');
      await waitUntil('the text in the file', async () => (await readFile(path, 'utf8')) === words);
      // A new one is not shown where the list has more than it has room for.
      await window.runCommand('Notifications: Clear All Notifications');
      await generate(window, 'a refused rhino');
      await window.notifications.expect(/is locked by another program.*Nothing was changed/);
      await window.screenshot('store-locked');
      // What was typed is still there, to be tried again.
      await window.quickInput.expectValue('a refused rhino');
      await window.quickInput.type('a refused rhino');
      await window.quickInput.cancel();
    } finally {
      other.close();
    }
    await expectSavedOnce(studio, prompt);
    assert.equal((await tasksOf(studio.api, prompt)).length, 1);
    assert.equal((await createsOf('a refused rhino')).length, 0);
    // The window has a process of its own, so that typing does not show a host that is held.
    await assertNeverHeld(studio.watchDir, 'image-studio');
  });

  async function storePath(): Promise<string> {
    const folder = join(studio.dataDir, 'User', 'globalStorage');
    const own = (await readdir(folder)).find((name) => name.includes('image-studio'));
    return join(folder, own ?? '', 'jobs.sqlite');
  }
});
