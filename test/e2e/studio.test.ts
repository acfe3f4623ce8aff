import { strict as assert } from 'node:assert';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { createActions } from './actions.ts';
import { findViolations } from './findViolations.ts';
import { finishTasks, heldTasks } from './heldTasks.ts';
import { StudioFrame } from './studioFrame.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const patienceMs = 60_000;

describe('the Studio', () => {
  let studio: Studio;
  let window: WorkbenchPage;
  let page: StudioFrame;

  before(async () => {
    const [one, two] = await Promise.all([colour('#c04040'), colour('#4040c0')]);
    studio = await startStudio({
      api: { ...heldTasks, drawing: 'fast' },
      files: { 'notes.md': '# Notes\n', 'one.png': one, 'two.png': two },
      userSettings: { 'imageStudio.uploadReferences': 'always' },
    });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('studio-failed');
  });
  after(() => studio.stop());

  /** Those made from words, and those made from images, which lie beside them. */
  const images = async () => [
    ...(await readdir(join(studio.workspace, 'images')).catch(() => [])),
    ...(await readdir(studio.workspace)).filter((name) => /\.edit(-\d+)?\.png$/.test(name)),
  ];
  const colour = (background: string) =>
    sharp({ create: { width: 96, height: 64, channels: 3, background } })
      .png()
      .toBuffer();

  /** Types without a click, as somebody does who opened the Studio to write. */
  async function expectTypedIntoPrompt(words: string): Promise<void> {
    await waitUntil('the focus in the prompt', () =>
      page.frame.evaluate(() => document.activeElement?.id === 'prompt' && document.hasFocus()),
    );
    await window.page.keyboard.type(words);
    await waitUntil('the words', async () => (await page.prompt.inputValue()).endsWith(words));
  }

  it('opens from the palette, with the focus in the prompt', async () => {
    page = await StudioFrame.open(window);
    await expectTypedIntoPrompt('typed at once');
    await page.prompt.fill('');
    await page.frame.getByText('Nothing drawn yet').waitFor();
    await page.generate.waitFor();
  });

  it('shows where the next image will be, for the document behind it, or what is wrong', async () => {
    const folder = join(studio.workspace, '.vscode');
    const setDirectory = async (directory: string) => {
      const settings = { 'imageStudio.output.directory': directory };
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
    };
    const line = (text: string | RegExp) => page.frame.getByText(text).waitFor();
    await window.explorerItem('notes.md').dblclick();
    await window.editorTab('notes.md').waitFor();
    page = await StudioFrame.open(window);
    await page.prompt.fill('two colours');
    await line('Next image: images/two-colours.png');
    await setDirectory('images/${documentBaseName}');
    await line('Next image: images/notes/two-colours.png');
    await page.prompt.fill('three colours');
    await line('Next image: images/notes/three-colours.png');
    await setDirectory('${mood}/x');
    await line(/The setting imageStudio\.output\.directory speaks of \$\{mood\}/);
    assert.equal(await page.frame.getByText(/Next image/).count(), 0);
    await rm(folder, { recursive: true });
    await line('Next image: images/three-colours.png');
  });

  it('takes references by a drop with Shift and from the menu of the explorer, in their order', async () => {
    await window.dragFromExplorer('two.png', page.frame.getByRole('list', { name: 'References' }));
    await page.references.first().waitFor();
    // Behind another editor the page is gone, and comes back with what it had.
    await window.explorerItem('notes.md').dblclick();
    await window.editorTab('notes.md').waitFor();
    await window.chooseFromExplorerMenu('one.png', 'Use as Reference in Studio');
    page = await StudioFrame.of(window);
    await page.frame.getByRole('button', { name: 'Image 2: one.png' }).waitFor();
    await page.frame.getByRole('button', { name: 'Image 1: two.png' }).waitFor();
    assert.equal(await page.references.count(), 2);
    await expectTypedIntoPrompt('of image 2');
    await waitUntil(
      'both to be seen',
      async () => (await page.references.locator('img').count()) === 2,
    );
  });

  it('gives what is made of an image its shape and its place', async () => {
    await page.frame
      .getByRole('radio', { name: /^Landscape.*like image 1$/, checked: true })
      .waitFor();
    await page.prompt.fill('two colours');
    await page.frame.getByText('Next image: two.edit.png').waitFor();
    await window.screenshot('studio-as-source');
  });

  /** From the words to the one of four variations that is kept. */
  const actions = createActions();

  it('draws four at once, each in its place from its first moment', async () => {
    await window.explorerItem('notes.md').dblclick();
    await window.textLine('Notes').click();
    await actions.act('the keys of the Studio', async () => {
      await window.page.keyboard.press('Control+K');
      await window.page.keyboard.press('Shift+S');
    });
    page = await StudioFrame.of(window);
    await page.prompt.fill('');
    await expectTypedIntoPrompt('two colours become four pictures');
    await actions.act('the number', async () => {
      await page.frame.getByRole('spinbutton', { name: 'Images' }).click();
      await window.page.keyboard.type('4');
    });
    await actions.act('the keys of Generate', () => window.page.keyboard.press('Control+Enter'));
    await window.dialog.getByText('Upload 2 images to EvoLink?').waitFor();
    await window.clickDialogButton('Upload Once');
    await waitUntil('four cells', async () => (await page.cells('four pictures').count()) === 4);
    await page
      .cells(/Drawing/)
      .first()
      .waitFor();
  });

  it('goes on though the window is reloaded, with what was being written', async () => {
    await page.prompt.pressSequentially(', half written');
    // A browser that reloads at once takes the last letters with it.
    await window.page.waitForTimeout(500);
    await window.reload();
    page = await StudioFrame.restored(window);
    await waitUntil('the words', async () =>
      (await page.prompt.inputValue()).endsWith(', half written'),
    );
    await waitUntil('four tasks', async () => (await studio.api.tasks()).length === 4);
    await finishTasks(studio.api);
    await page
      .cells(/four pictures, Saved/)
      .nth(3)
      .waitFor({ timeout: patienceMs });
    assert.equal((await images()).length, 4);
    const tasks = await studio.api.tasks();
    assert.equal(tasks.length, 4);
    assert.ok(tasks.every(({ body }) => (body['image_urls'] as unknown[]).length === 2));
    assert.ok(tasks.every(({ body }) => body['size'] === '1536x1024'));
    await waitUntil('four thumbnails', async () => {
      const shown = page.cells('four pictures').locator('img[src*="thumbnails"]');
      return (await shown.count()) === 4;
    });
  });

  it('goes on with what was written last, in whichever window of the folder', async () => {
    await page.prompt.fill('written in the first window');
    const other = new WorkbenchPage(await studio.workbench.open());
    const there = await StudioFrame.open(other);
    const shows = (studioPage: StudioFrame, words: string) =>
      waitUntil(words, async () => (await studioPage.prompt.inputValue()) === words);
    await shows(there, 'written in the first window');
    await there.prompt.fill('written in the second window');
    // The page sends it a moment later.
    await other.page.waitForTimeout(1_000);
    await other.page.close();
    await window.explorerItem('notes.md').dblclick();
    await window.runCommand('Image Studio: Open Studio');
    page = await StudioFrame.of(window);
    await shows(page, 'written in the second window');
  });

  it('takes up words, settings and references of an image again', async () => {
    await page.choose(page.cells('four pictures').first(), /^Reuse/);
    await waitUntil(
      'the words',
      async () => (await page.prompt.inputValue()) === 'two colours become four pictures',
    );
    await waitUntil('the references', async () => (await page.references.count()) === 2);
  });

  it('finds images by their words, and says so when there is none', async () => {
    await page.find('colours FOUR');
    await waitUntil('four found', async () => (await page.cells().count()) === 4);
    await page.find('submarine');
    await page.frame.getByText('No image matches.').waitFor();
    await page.find('');
    await waitUntil('all again', async () => (await page.cells().count()) === 4);
  });

  it('compares the variations of a request, keeps one, and brings the others back', async () => {
    await actions.act('the variations', () =>
      page.frame.getByRole('button', { name: '4 variations' }).click(),
    );
    const compared = page.frame.getByRole('dialog', { name: 'Compare 4 Images' });
    await compared.getByRole('group', { name: /^Image 1 of 4: / }).waitFor();
    await waitUntil('four images', async () => (await compared.locator('img').count()) === 4);
    assert.deepEqual(await findViolations(page.frame), []);
    await window.screenshot('studio-compare');
    const third = compared.getByRole('group', { name: /^Image 3 of 4: / });
    await actions.act('the one to keep', () =>
      third.getByRole('button', { name: 'Keep This, Discard 3' }).click(),
    );
    actions.expectCount(5);
    const variations = page.frame.getByRole('button', { name: '4 variations' });
    const expectOneKept = async () => {
      await compared.waitFor({ state: 'hidden' });
      await waitUntil('one file', async () => (await images()).length === 1);
      await page.frame.getByRole('main').getByText('Deleted 3 images').waitFor();
      await waitUntil('one cell', async () => (await page.cells().count()) === 1);
      await page.frame.getByRole('button', { name: 'Undo' }).click();
      await waitUntil('four files', async () => (await images()).length === 4);
      await variations.waitFor();
    };
    await expectOneKept();
    await variations.click();
    await compared.getByRole('group', { name: /^Image 1 of 4: / }).waitFor();
    const { keyboard } = window.page;
    for (const key of ['ArrowRight', '+', 'k']) await keyboard.press(key);
    await expectOneKept();
  });

  it('says for how many images a menu is', async () => {
    await page.cells('four pictures').first().click();
    await window.page.keyboard.press('Control+a');
    await page.cells('four pictures').last().click({ button: 'right', delay: 150 });
    const names = await page.frame.getByRole('menuitem').allInnerTexts();
    assert.deepEqual(
      names.map((name) => name.trim()).filter((name) => /^(Compare|Open|Delete|Use)/.test(name)),
      ['Compare 4 Images', 'Open 4 Images', 'Use 4 as References', 'Delete 4 Images'],
    );
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('Escape');
  });

  it('deletes an image, and brings it back', async () => {
    const cell = page.cells('four pictures').first();
    await cell.click();
    await page.frame.page().keyboard.press('Delete');
    await waitUntil('one less', async () => (await images()).length === 3);
    await waitUntil('one cell less', async () => (await page.cells().count()) === 3);
    await page.frame.getByRole('button', { name: 'Undo' }).click();
    await waitUntil('the file again', async () => (await images()).length === 4);
    await waitUntil('the cell again', async () => (await page.cells().count()) === 4);
  });

  it('keeps a paid image that is not watched beside the one made again', async () => {
    while ((await page.references.count()) > 0) await page.references.first().press('Delete');
    await page.prompt.fill('a heron in the reeds');
    await page.prompt.press('Control+Enter');
    await page.choose(page.cells(/heron.*Drawing/).first(), 'Stop Watching');
    await window.clickDialogButton('Stop Watching');
    const stopped = page.cells(/Paid, not watched/);
    // What costs nothing is offered first.
    await stopped.getByRole('button', { name: 'Watch Again' }).waitFor();
    await page.choose(stopped, 'Make Again');
    await window.clickDialogButton('Make Again');
    await waitUntil('another task', async () => (await studio.api.tasks()).length === 6);
    await finishTasks(studio.api);
    await page.cells(/heron.*Saved/).waitFor({ timeout: patienceMs });
    assert.equal(await stopped.count(), 1);
  });

  it('goes on when a user comes back to it who has bought credits elsewhere', async () => {
    await studio.api.configure({ credits: 0 });
    await page.prompt.fill('a heron that was topped up for');
    await page.prompt.press('Control+Enter');
    await waitUntil('a refusal, and a look at the account', async () => {
      const refused = (await studio.api.log({ route: 'create' })).at(-1);
      const looked = (await studio.api.log({ route: 'credits' })).at(-1);
      return refused?.status === 402 && looked !== undefined && looked.at > refused.at;
    });
    await page.cells(/topped up for, Waiting/).waitFor();
    const elsewhere = await window.leave();
    await studio.api.configure({ credits: 500 });
    await elsewhere.comeBack();
    await page.cells(/topped up for, Drawing/).waitFor();
    await finishTasks(studio.api);
    await page.cells(/topped up for, Saved/).waitFor({ timeout: patienceMs });
  });

  it('is the same in the secondary side bar', async () => {
    await window.runCommand('Image Studio: Open Studio in Side Bar');
    await window.runCommand('View: Close All Editors');
    page = await StudioFrame.of(window);
    await waitUntil('all', async () => (await page.cells('four pictures').count()) === 4);
    await window.screenshot('studio-side-bar');
    assert.deepEqual(await findViolations(page.frame), []);
  });

  it('forgets what was cleared, and keeps what is paid and not saved', async () => {
    const before = await images();
    await window.runCommand('Image Studio: Clear History…');
    await window.quickInput.item('This Workspace').click();
    const dialog = await window.dialog.innerText();
    assert(dialog.includes('Clear the history of 6 images?'), dialog);
    assert(dialog.includes('Kept: 1 image in progress'), dialog);
    await window.clickDialogButton('Clear');
    await waitUntil('one cell', async () => (await page.cells().count()) === 1);
    await page.cells(/Paid, not watched/).waitFor();
    assert.deepEqual(await images(), before);
  });
});
