import { strict as assert } from 'node:assert';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { StudioFrame } from './studioFrame.ts';
import { startStudio, type Studio } from './studioWindow.ts';

/** The whole way with the keyboard alone: nothing here clicks. */
describe('the Studio with the keyboard alone', () => {
  let studio: Studio;
  let window: WorkbenchPage;
  let page: StudioFrame;
  const press = (key: string) => window.page.keyboard.press(key);

  before(async () => {
    studio = await startStudio({ api: { taskMs: 2_000, drawing: 'fast' } });
    window = new WorkbenchPage(await studio.workbench.open());
    page = await StudioFrame.open(window);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('keyboard-failed');
  });
  after(() => studio.stop());

  const images = () => readdir(join(studio.workspace, 'images')).catch(() => []);

  /** Role and name of what has the focus in the page; nothing when it is elsewhere. */
  async function focused(): Promise<string> {
    const focus = page.frame.locator(':focus');
    return (await focus.count()) === 0 ? '' : await focus.last().ariaSnapshot();
  }

  /** Presses Tab until something has the focus; fails when it never has. */
  async function tabTo(name: RegExp): Promise<void> {
    const passed: string[] = [];
    for (let step = 0; step < 30; step += 1) {
      await press('Tab');
      const now = await focused();
      if (name.test(now)) return;
      passed.push(now);
    }
    assert.fail(`Tab never comes to ${String(name)}, but to ${passed.join(' | ')}`);
  }

  it('writes, chooses a size and a number, and submits', async () => {
    await page.prompt.waitFor();
    await page.prompt.focus();
    await window.page.keyboard.type('a kite on a string');
    await tabTo(/Square/);
    await press('ArrowRight');
    assert.match(await focused(), /Portrait/);
    await tabTo(/Images/);
    await press('ArrowUp');
    await press('Control+Enter');
    await page.cells(/kite/).nth(1).waitFor();
    await waitUntil('two files', async () => (await images()).length === 2);
    const [task] = await studio.api.tasks();
    assert.equal(task?.body['size'], '1024x1536');
  });

  it('walks through the gallery, and looks at an image', async () => {
    await page
      .cells(/kite.*Saved/)
      .nth(1)
      .waitFor();
    await tabTo(/kite.*Saved/);
    const first = await page.frame.evaluate(() => document.activeElement?.getAttribute('data-key'));
    await press('ArrowRight');
    const second = await page.frame.evaluate(() =>
      document.activeElement?.getAttribute('data-key'),
    );
    assert.notEqual(second, first);
    await press('Enter');
    await page.frame.getByText('2 of 2').waitFor();
    await press('ArrowLeft');
    await page.frame.getByText('1 of 2').waitFor();
    await press('Escape');
    await waitUntil('the focus in the grid', async () => /kite/.test(await focused()));
  });

  it('deletes an image, and brings it back', async () => {
    await press('Delete');
    await waitUntil('one file less', async () => (await images()).length === 1);
    await waitUntil('one cell less', async () => (await page.cells(/kite/).count()) === 1);
    await waitUntil('the focus on the other', async () => /kite/.test(await focused()));
    // The page can undo once it knows what was deleted, and says so.
    await page.frame.getByRole('button', { name: 'Undo' }).waitFor();
    await press('Control+z');
    await waitUntil('both files', async () => (await images()).length === 2);
  });

  it('opens the menu of an image, and takes its words again', async () => {
    await page.cells(/kite/).nth(1).waitFor();
    await page.prompt.focus();
    await press('Control+a');
    await press('Delete');
    await tabTo(/kite.*Saved/);
    await press('Shift+F10');
    await page.frame.getByRole('menuitem', { name: /^Reuse/ }).waitFor();
    for (let step = 0; step < 12 && !/Reuse/.test(await focused()); step += 1)
      await press('ArrowDown');
    await press('Enter');
    await waitUntil(
      'the words',
      async () => (await page.prompt.inputValue()) === 'a kite on a string',
    );
    assert.match(await focused(), /Prompt/);
  });
});
