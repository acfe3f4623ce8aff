import { strict as assert } from 'node:assert';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { finishTasks, heldTasks } from './heldTasks.ts';
import { accepted, expectSavedOnce, generate, tasksOf } from './paidImages.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const patienceMs = 90_000;
const taskMs = 6_000;

describe('a paid image', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({
      api: { taskMs, drawing: 'fast' },
      files: { 'notes.md': '# Notes\n' },
      userSettings: { 'imageStudio.output.openAfterSave': false },
    });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('never-lost-failed');
  });
  after(() => studio.stop());

  it('is saved though the window was reloaded while it was drawn', async () => {
    await generate(window, 'a reloaded rabbit');
    await accepted(studio.api, 'a reloaded rabbit');
    await window.reload();
    await expectSavedOnce(studio, 'a reloaded rabbit');
  });

  it('is saved though the window vanished, and its extension host lives on', async () => {
    await generate(window, 'a vanished vole');
    await accepted(studio.api, 'a vanished vole');
    let orphans: number[] = [];
    // That of the window before its reload may still be ending.
    await waitUntil('one extension host', async () => {
      orphans = await studio.workbench.extensionHostPids();
      return orphans.length === 1;
    });
    await window.crash();
    window = new WorkbenchPage(await studio.workbench.open());
    await expectSavedOnce(studio, 'a vanished vole');
    // One that only begins, or ends, may be counted, too.
    let now: number[] = [];
    await waitUntil('the host of the new window beside the old one', async () => {
      now = await studio.workbench.extensionHostPids();
      return now.length === orphans.length + 1;
    });
    assert.ok(
      orphans.every((pid) => now.includes(pid)),
      `${String(orphans)} in ${String(now)}`,
    );
    for (const pid of orphans) await studio.workbench.killExtensionHost(pid);
  });

  it('is saved once though the extension host was killed, five times over', async () => {
    const prompts: string[] = [];
    for (let kill = 0; kill < 5; kill += 1) {
      const prompt = `a killed cat ${'abcde'[kill] ?? ''}`;
      prompts.push(prompt);
      await generate(window, prompt, 2);
      await accepted(studio.api, prompt, kill === 0 ? 1 : 2);
      const pids = await studio.workbench.extensionHostPids();
      for (const pid of pids) await studio.workbench.killExtensionHost(pid);
      // After three crashes the editor no longer starts a host by itself; a user reloads.
      if (kill >= 2) await window.reload();
      await waitUntil('a new extension host', async () => {
        const now = await studio.workbench.extensionHostPids();
        return now.length > 0 && now.every((pid) => !pids.includes(pid));
      });
    }
    for (const prompt of prompts) {
      await waitUntil(
        `both requests for "${prompt}" accepted`,
        async () => (await tasksOf(studio.api, prompt)).length === 2,
        patienceMs,
      );
      await expectSavedOnce(studio, prompt);
    }
    const keys = (await studio.api.tasks()).map((task) => task.idempotencyKey);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('is taken over by the other window when its own dies', async () => {
    const before = await studio.workbench.extensionHostPids();
    const second = new WorkbenchPage(await studio.workbench.open());
    await waitUntil(
      'two extension hosts',
      async () => (await studio.workbench.extensionHostPids()).length === 2,
    );
    await generate(second, 'a widowed wolf', 2);
    await accepted(studio.api, 'a widowed wolf', 2);
    // Kills the host that the first window did not have, without notice.
    const hosts = await studio.workbench.extensionHostPids();
    await studio.workbench.killExtensionHost(hosts.find((pid) => !before.includes(pid)) ?? 0);
    await second.page.close();
    await expectSavedOnce(studio, 'a widowed wolf');
  });

  it('is only stopped when the user says so, and can be recovered', async () => {
    await studio.api.configure(heldTasks);
    await generate(window, 'a stopped stork');
    await accepted(studio.api, 'a stopped stork');
    await window.notifications.clickButton(/Drawing "a stopped stork"/, 'Cancel');
    await window.notifications.expect(/submitted is paid/);
    await window.screenshot('cancel-after-submit');
    await window.notifications.clickButton(/submitted is paid/, 'Stop Watching');
    await window.runCommand('Image Studio: Show Jobs');
    await window.quickInput.expectTitle('Image Studio: Jobs');
    await window.page.getByText('Paid, not watched').first().waitFor();
    await window.screenshot('jobs');
    await finishTasks(studio.api);
    await studio.api.configure({ taskMs, estimatedS: taskMs / 1_000 });
    await window.quickInput.type('a stopped stork');
    await window.quickInput.accept();
    await expectSavedOnce(studio, 'a stopped stork');
  });

  it('waits when the account is out of credits, and costs nothing until it goes on', async () => {
    const fault = {
      kind: 'status',
      status: 402,
      code: 'insufficient_quota',
      message: 'No credits',
    } as const;
    await studio.api.fault({
      match: { route: 'create', promptIncludes: 'a poor pig' },
      times: 1,
      fault,
    });
    await generate(window, 'a poor pig');
    await window.notifications.expect(/out of credits\. Waiting images: 1/);
    await window.screenshot('out-of-credits');
    assert.equal((await tasksOf(studio.api, 'a poor pig')).length, 0);
    await window.notifications.clickButton(/out of credits/, 'Continue');
    await accepted(studio.api, 'a poor pig');
    await expectSavedOnce(studio, 'a poor pig');
  });
});
