import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { StudioFrame } from './studioFrame.ts';
import { startStudio, type Studio } from './studioWindow.ts';

/** The screen of many laptops. */
const laptop = { width: 1366, height: 768 };

for (const hasAi of [true, false])
  describe(`the first minute in a new profile, AI features ${hasAi ? 'enabled' : 'disabled'}`, () => {
    const name = `first-minute-${hasAi ? 'ai' : 'no-ai'}`;
    let studio: Studio;
    let window: WorkbenchPage;

    before(async () => {
      studio = await startStudio({
        asInstalled: true,
        hasKey: false,
        api: { taskMs: 1_000 },
        files: { 'notes.md': '# Notes\n' },
        userSettings: { 'chat.disableAIFeatures': !hasAi },
      });
      window = new WorkbenchPage(await studio.workbench.open(laptop));
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await window.recordFailure(`${name}-failed`);
    });
    after(() => studio.stop());

    /** What the secondary side bar shows. */
    const sideBar = () => window.page.locator('.part.auxiliarybar').filter({ visible: true });
    const activated = () =>
      window.page.locator('.statusbar-item [aria-label*="Open Image Studio"]').first().waitFor();
    const step = (title: string) =>
      window.page.locator('.getting-started-step', { hasText: title }).first();

    async function expectNothingOfOurs(): Promise<void> {
      await activated();
      const active = sideBar().locator('.title-label, .action-item.checked');
      assert.doesNotMatch((await active.allInnerTexts()).join(), /Image Studio/);
      assert.equal(await window.page.locator('iframe.webview.ready').count(), 0);
    }

    it('begins with nothing of ours on the screen but the status bar', async () => {
      await expectNothingOfOurs();
      await window.screenshot(`${name}-begins`);
      await window.reload();
      await expectNothingOfOurs();
    });

    it('says in an empty list what would fill it', async () => {
      await window.runCommand('Image Studio: Show Jobs');
      await window.quickInput.item('Generate Image…').waitFor();
      await window.screenshot(`${name}-no-jobs`);
      await window.quickInput.pick('Generate Image…');
      await window.quickInput.expectTitle('Generate Image');
      await window.quickInput.cancel();
      await window.runCommand('Image Studio: Edit Image…');
      await window.quickInput.expectPlaceholder(/No images in this workspace/);
      await window.quickInput.cancel();
    });

    it('shows the Studio in the side bar when asked to, until it is closed', async () => {
      await window.runCommand('Image Studio: Open Studio');
      // The palette has the next one where the Studio's tab is in front.
      await StudioFrame.of(window);
      await window.runCommand('Image Studio: Open Studio in Side Bar');
      await window.runCommand('View: Close All Editors');
      await StudioFrame.of(window);
      await window.screenshot(`${name}-side-bar`);
      await window.reload();
      await activated();
      await StudioFrame.of(window);
      await window.runCommand('View: Hide Secondary Side Bar');
      await sideBar().waitFor({ state: 'hidden' });
      // A browser's window keeps what an extension remembers a moment later.
      await window.page.waitForTimeout(3_000);
      await window.reload();
      await expectNothingOfOurs();
    });

    it('ticks a step of the walkthrough when it is done, not when it was cancelled', async () => {
      await window.runCommand('Welcome: Open Walkthrough...');
      await window.quickInput.typeFor('Image Studio', 'Get Started with Image Studio');
      await window.quickInput.pick('Get Started with Image Studio');
      await step('Describe an image').waitFor();
      await window.screenshot(`${name}-walkthrough`);
      const tick = '.codicon-getting-started-step-checked';
      // "Generate Image…" was opened, and left again.
      assert.equal(await step('Describe an image').locator(tick).count(), 0);
      await window.page.getByRole('button', { name: 'Set API Key', exact: true }).click();
      await window.quickInput.expectTitle('Set EvoLink API Key');
      await window.screenshot(`${name}-key`);
      await window.quickInput.type(studio.api.key);
      await window.quickInput.accept();
      await step('Set your API key').locator(tick).waitFor();
    });

    it('fetches the images of a machine that is no more', async () => {
      const answer = await fetch(`${studio.api.urls.api}/v1/images/generations`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${studio.api.key}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ model: 'gpt-image-1.5-lite', prompt: 'a fox', size: '1024x1024' }),
      });
      assert.equal(answer.status, 200);
      await waitUntil('the task done', async () =>
        (await studio.api.tasks()).every(({ status }) => status === 'completed'),
      );
      const [task] = await studio.api.tasks();
      await window.runCommand('Image Studio: Recover Image by Task ID…');
      await window.quickInput.expectTitle('Recover Images');
      await window.quickInput.widget.getByText('gpt-image-1.5-lite · Drawn').waitFor();
      await window.screenshot(`${name}-recover`);
      await window.quickInput.clickButton('Toggle all checkboxes');
      await window.quickInput.accept();
      const images = join(studio.workspace, 'images');
      const saved = async () =>
        (await readdir(images).catch(() => [])).find((each) => /^[^.].*\.png$/.test(each));
      await waitUntil('the image', async () => (await saved()) !== undefined);
      const file = (await saved()) ?? '';
      const bytes = await readFile(join(images, file));
      assert.equal(createHash('sha256').update(bytes).digest('hex'), task?.sha256);
      assert.equal((await studio.api.tasks()).length, 1);
      // What is known here is offered no more.
      await window.runCommand('Image Studio: Recover Image by Task ID…');
      await window.quickInput.expectTitle('Recover Image by Task ID');
      await window.quickInput.cancel();
    });
  });
