import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { projectFolder } from '../harness/cacheFolder.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { createActions } from './actions.ts';
import { finishTasks, heldTasks } from './heldTasks.ts';
import { StudioFrame } from './studioFrame.ts';
import { startStudio, type Studio } from './studioWindow.ts';

describe('a first image', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({
      // An estimate that is not over before its words were seen.
      api: { ...heldTasks, estimatedS: 50 },
      hasKey: false,
      files: { 'notes.md': '# Notes\n\n' },
    });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('first-image-failed');
  });
  after(() => studio.stop());

  const fox = () => join(studio.workspace, 'images', 'a-red-fox-in-the-snow.png');

  it('asks for the prompt, then for the missing key, and goes on with what was asked', async () => {
    await window.runCommand('Image Studio: Generate Image…');
    await window.quickInput.expectTitle('Generate Image');
    await window.quickInput.type('a red fox in the snow');
    await window.quickInput.expectMessage(/1024x1024 · Auto quality · 1 image/);
    await window.screenshot('prompt');
    await window.quickInput.accept();
    await window.quickInput.expectTitle('Set EvoLink API Key');
    await window.quickInput.type('short');
    await window.quickInput.accept();
    await window.quickInput.expectMessage(/too short for a key/);
    await window.screenshot('key');
    await window.quickInput.type(`${studio.api.key}-of-another`);
    await window.quickInput.accept();
    await window.quickInput.expectMessage(/does not accept/);
    await window.screenshot('wrong-key');
    // From a wrong key to the image: what was asked for goes on, and is not asked for again.
    const { act, expectCount } = createActions();
    await act('the key and Enter', async () => {
      await window.quickInput.type(studio.api.key);
      await window.quickInput.accept();
    });
    await waitUntil('the task', async () => (await studio.api.tasks()).length === 1);
    expectCount(1);
  });

  it('shows progress while the image is drawn', async () => {
    await window.notifications.expect(/Drawing "a red fox in the snow"/);
    await window.notifications.expect(/Drawing · \d+ %|about \d+ s left/);
    await window.statusBarItem(/1 image/).waitFor();
    await window.screenshot('progress');
  });

  it('saves the image the server made and opens it', async () => {
    await finishTasks(studio.api);
    await window.editorTab('a-red-fox-in-the-snow.png').waitFor();
    await window.notifications.expect(/Saved to images\/a-red-fox-in-the-snow\.png/);
    const [task] = await studio.api.tasks();
    const hash = createHash('sha256')
      .update(await readFile(fox()))
      .digest('hex');
    assert.equal(hash, task?.sha256);
    await window.statusBarItem(/1 image/).waitFor({ state: 'detached' });
    const preview = await window.webviewFrame('vscode.media-preview');
    await preview.locator('img').first().waitFor();
    await window.screenshot('opened');
  });

  it('puts it into the text behind it', async () => {
    await window.explorerItem('notes.md').dblclick();
    await window.editorTab('notes.md').waitFor();
    await window.page.keyboard.press('Control+End');
    await window.notifications.clickButton(/Saved to images/, 'Insert');
    await window.page.keyboard.press('Control+S');
    await waitUntil('the link in the file', async () => {
      const text = await readFile(join(studio.workspace, 'notes.md'), 'utf8');
      return text.includes('![a red fox in the snow](images/a-red-fox-in-the-snow.png)');
    });
  });

  it('says at the end of the line how far an image is, and can be cancelled there', async () => {
    await window.editorTab('notes.md').click();
    await window.page.keyboard.press('Control+End');
    await window.page.keyboard.type('\n\nThe coast:');
    await studio.api.configure(heldTasks);
    await window.runCommand('Image Studio: Generate Image…');
    await window.quickInput.expectTitle('Generate Image');
    await window.quickInput.type('a lighthouse');
    await window.quickInput.accept();
    const inLine = await waitUntil('the words at the end of the line', () =>
      window.page.evaluate(() => {
        const spans = [...document.querySelectorAll('.view-line span')];
        const said = spans.find((span) =>
          getComputedStyle(span, '::after').content.includes('Drawing'),
        );
        const line = said?.closest('.view-line');
        const box = line?.textContent.includes('coast') && line.getBoundingClientRect();
        return box ? { x: box.left, y: box.top + box.height / 2 } : undefined;
      }),
    );
    await window.screenshot('in-line');
    const cancel = window.page.locator('.monaco-hover a', { hasText: 'Cancel' });
    // The hover comes a while after the pointer rests; another move would put it off.
    await waitUntil('the hover of the line', async () => {
      await window.page.mouse.move(inLine.x, inLine.y + 80);
      await window.page.mouse.move(inLine.x + 30, inLine.y, { steps: 4 });
      return await cancel.waitFor({ timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    });
    await window.screenshot('in-line-hover');
    await cancel.click();
    await window.clickDialogButton('Stop Watching');
    await waitUntil('a line that says nothing', () =>
      window.page.evaluate(() =>
        [...document.querySelectorAll('.view-line span')].every(
          (span) => !getComputedStyle(span, '::after').content.includes('Drawing'),
        ),
      ),
    );
  });

  it('is linked where it is dragged to out of the Studio', async () => {
    await StudioFrame.open(window);
    await window.runCommand('View: Move Editor into Right Group');
    const page = await StudioFrame.of(window);
    const cell = page.cells(/a red fox/).first();
    await cell.waitFor();
    const line = window.page.locator('.view-line', { hasText: '# Notes' });
    await line.waitFor();
    await cell.hover();
    await window.page.mouse.down();
    const to = (await line.boundingBox()) ?? assert.fail('no text');
    await window.page.mouse.move(to.x + 300, to.y + to.height / 2, { steps: 8 });
    await window.page.mouse.move(to.x + 310, to.y + to.height / 2, { steps: 4 });
    await window.screenshot('dragged');
    await window.page.mouse.up();
    const link = '![a red fox in the snow](images/a-red-fox-in-the-snow.png)';
    const lines = window.page.locator('.view-line', { hasText: '![a' });
    await waitUntil('the second link', async () => (await lines.count()) === 2);
    await window.screenshot('dropped');
    await window.page.keyboard.press('Control+S');
    await waitUntil('both links in the file', async () => {
      const text = await readFile(join(studio.workspace, 'notes.md'), 'utf8');
      return text.startsWith(`# Notes\n\n${link}\n`) && text.split(link).length === 3;
    });
    await window.runCommand('View: Close All Editors');
  });

  it('remembers the key in the next window', async () => {
    await window.reload();
    await window.runCommand('Image Studio: Check Connection and Credits');
    await window.notifications.expect(/accepts the API key/);
  });

  it('keeps the key out of every file and every other host', async () => {
    const found = await filesWith(studio.dataDir, studio.api.key);
    assert.deepEqual(found, []);
    const strangers = (await studio.api.log()).filter(
      (request) => request.origin === 'media' && JSON.stringify(request).includes(studio.api.key),
    );
    assert.deepEqual(strangers, []);
  });

  it('shows every image of the README on its page in the editor', async () => {
    const readme = await readFile(join(projectFolder, 'README.md'), 'utf8');
    const shown = readme.replaceAll(/`[^`]*`/g, '');
    const expected = [...shown.matchAll(/!\[.*?\]\((.+?)\)/g)].map(([, path]) => path);
    assert.ok(expected.length > 0);
    await answerForRepository(window.page);
    await window.runCommand('Extensions: Show Installed Extensions');
    await window.page.locator('.extension-list-item', { hasText: 'Image Studio' }).first().click();
    const page = await window.webviewFrame('Readme');
    const images = page.locator('img');
    await images.nth(expected.length - 1).waitFor();
    await waitUntil('all images of the page', async () => {
      const widths = await images.evaluateAll((all) =>
        all.map((image) => (image as HTMLImageElement).naturalWidth),
      );
      return widths.length === expected.length && widths.every((width) => width > 0);
    });
    await window.screenshot('extension-page');
  });
});

/**
 * The page shows images from https alone, so the package has the repository's addresses for those of
 * the README. The files here answer for the repository.
 */
async function answerForRepository(page: Page): Promise<void> {
  const { repository } = JSON.parse(
    await readFile(join(projectFolder, 'package.json'), 'utf8'),
  ) as {
    repository: { url: string };
  };
  const address = repository.url.replace(/^git\+|\.git$/g, '');
  await page.route(`${address}/raw/HEAD/**`, async (route) => {
    const path = new URL(route.request().url()).pathname.split('/raw/HEAD/')[1] ?? '';
    await route.fulfill({ path: join(projectFolder, path) });
  });
}

/** Files below a folder that hold a text, as it is or as UTF-16. */
async function filesWith(folder: string, secret: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (!facts?.isFile()) continue;
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (bytes.includes(secret) || bytes.includes(Buffer.from(secret, 'utf16le'))) found.push(path);
  }
  return found;
}
