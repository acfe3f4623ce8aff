import { strict as assert } from 'node:assert';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { accepted, generate } from './paidImages.ts';
import { startStudio, type Studio } from './studioWindow.ts';
import { plainImage } from './testImages.ts';

const laptop = { width: 1366, height: 768 };
const sentence = 'A sleepy harbour at dawn.';
const guide = `# Guide

![Harbour](images/harbour.png)

${sentence}
It is quiet.

The end, and once more ![the harbour](images/harbour.png)

`;
const others = {
  'notes/page.html': '<p>\n  <img src="../images/harbour.png" alt="Harbour">\n</p>\n',
  'notes/style.css': '.hero { background: url("../images/harbour.png"); }\n',
};

/** So long that no image is done before all were ordered. */
const stepMs = 600_000;
/** In this order they end, one at each step. */
const ends = [sentence, 'boats', 'a gull', 'make it dusk', 'boats', 'the quay', 'boats', 'boats'];
const failing = 'a gull';
const words = Array.from({ length: 200 }, (_, index) => `w${String(index)}`);
const wordsOfStep = words.length / ends.length;
/** Until the image of a step is there, the user takes more time for each key. */
const keyMs = { waiting: 60, there: 15 };

describe('a text that is written while images are made', function () {
  // Each test goes on where the one before ended.
  this.bail(true);
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({
      asInstalled: true,
      api: { taskMs: stepMs, estimatedS: 1 },
      files: { 'guide.md': guide, 'images/harbour.png': await plainImage('png', 10), ...others },
      userSettings: { 'files.autoSave': 'afterDelay' },
      machineSettings: {
        'imageStudio.maxConcurrentTasks': ends.length,
        'imageStudio.uploadReferences': 'always',
      },
    });
    for (const [index, prompt] of ends.entries()) {
      const match = { route: 'create', promptIncludes: prompt } as const;
      await studio.api.fault({ match, fault: { kind: 'takes', ms: (index + 1) * stepMs } });
    }
    const match = { route: 'create', promptIncludes: failing } as const;
    await studio.api.fault({ match, fault: { kind: 'failed' } });
    window = new WorkbenchPage(await studio.workbench.open(laptop));
    await window.explorerItem('guide.md').dblclick();
    await window.editorTab('guide.md').waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('sacred-text-failed');
  });
  after(() => studio.stop());

  const press = (keys: string) => window.page.keyboard.press(keys);
  const type = (text: string, delay = 0) => window.page.keyboard.type(text, { delay });

  /** The list of notifications may have had the focus last, and gives it up when it has closed. */
  async function focusText(): Promise<void> {
    await press('Control+1');
    await window.page.locator('.part.editor .monaco-editor.focused').waitFor();
  }

  /** What is on the disk, where the editor saves it soon after a change. */
  async function expectText(expected: string, name = 'guide.md'): Promise<void> {
    let text: string | undefined;
    await waitUntil(`the text of ${name}`, async () => {
      text = await readFile(join(studio.workspace, name), 'utf8');
      return text === expected;
    }).catch(() => {
      assert.equal(text, expected);
    });
  }

  /** The cursor without a selection, as the status bar tells it. */
  async function expectCursorBehind(text: string): Promise<void> {
    const lines = text.split('\n');
    const place = `Ln ${String(lines.length)}, Col ${String((lines.at(-1) ?? '').length + 1)}`;
    await window.statusBarItem(new RegExp(`^\\s*${place}\\s*$`)).waitFor();
  }

  async function savedImages(): Promise<number> {
    const names = await readdir(join(studio.workspace, 'images'));
    return names.filter((name) => /^[^.].*\.png$/.test(name)).length;
  }

  const typed = guide + words.join(' ');
  const dawn = `![${sentence}](images/a-sleepy-harbour-at-dawn.png)`;
  const quay = '![the quay](images/the-quay.png)';

  /** Edits the image of the first link. */
  async function edit(prompt: string): Promise<void> {
    await window.textLine('Harbour').click();
    await window.chooseCodeAction('Edit Image…');
    await window.quickInput.expectTitle('Edit harbour.png');
    await window.quickInput.type(prompt);
    await window.quickInput.accept();
    await accepted(studio.api, prompt);
  }

  it('loses no word when eight images finish, fail and are edited, and the cursor stays', async () => {
    await edit('make it dusk');
    await window.textLine(sentence).click();
    await press('Home');
    await press('Shift+End');
    await window.runCommand('Image Studio: Generate Image…');
    await window.quickInput.expectValue(sentence);
    await window.quickInput.accept();
    await accepted(studio.api, sentence);
    await press('Control+End');
    await generate(window, 'boats', 4);
    await accepted(studio.api, 'boats', 4);
    for (const prompt of [failing, 'the quay']) {
      await generate(window, prompt);
      await accepted(studio.api, prompt);
    }
    await window.quickInput.expectClosed();
    await expectCursorBehind(guide);

    let expected = await savedImages();
    for (const [step, prompt] of ends.entries()) {
      await studio.api.advanceClock(stepMs);
      if (prompt !== failing) expected += 1;
      const isThere = async () => (await savedImages()) >= expected;
      const now = words.slice(step * wordsOfStep, (step + 1) * wordsOfStep);
      for (const word of now) {
        if (word === now.at(-1)) await waitUntil(`the image of "${prompt}"`, isThere);
        const keys = word === words.at(-1) ? word : `${word} `;
        await type(keys, (await isThere()) ? keyMs.there : keyMs.waiting);
      }
    }
    await expectText(typed);
    await expectCursorBehind(typed);
    await window.notifications.expect(/Saved to images\/a-sleepy-harbour/);
    await window.notifications.expect(/Saved to images\/harbour\.edit\.png/);
    await window.screenshot('sacred-text-typed');
  });

  it('gets each image where it was ordered, as a block, with the cursor behind it', async () => {
    await window.notifications.clickButton(/Saved to images\/a-sleepy-harbour/, 'Insert');
    const paragraph = `${sentence}\nIt is quiet.\n`;
    const withDawn = typed.replace(paragraph, `${paragraph}\n${dawn}\n`);
    await expectText(withDawn);
    await expectCursorBehind(withDawn.slice(0, withDawn.indexOf(dawn) + dawn.length));
    await window.notifications.clickButton(/Saved to images\/the-quay/, 'Insert');
    const withBoth = withDawn.replace('w0 ', `${quay}\n\nw0 `);
    await expectText(withBoth);
    const upToQuay = withBoth.slice(0, withBoth.indexOf(quay) + quay.length);
    await expectCursorBehind(upToQuay);
    await focusText();
    await type('!');
    await expectText(withBoth.replace(upToQuay, `${upToQuay}!`));
    await press('Control+Z');
    await press('Control+Z');
    await expectText(withDawn);
    await window.screenshot('sacred-text-inserted');
  });

  it('shows the edited image in all places of a text, in one step of undo', async () => {
    const before = await readFile(join(studio.workspace, 'guide.md'), 'utf8');
    const saved = /Saved to images\/harbour\.edit\.png/;
    await window.notifications.clickButton(saved, 'Replace in guide.md');
    await expectText(before.replaceAll('images/harbour.png', 'images/harbour.edit.png'));
    await focusText();
    await press('Control+Z');
    await expectText(before);
  });

  it('shows it in all files of the workspace, after a preview', async () => {
    const before = await readFile(join(studio.workspace, 'guide.md'), 'utf8');
    await edit('make it night');
    await studio.api.advanceClock(2 * stepMs);
    const saved = /Saved to images\/harbour\.edit-2\.png/;
    await window.notifications.clickButton(saved, 'Replace Everywhere…');
    const apply = window.page.getByRole('button', { name: 'Apply', exact: true });
    await apply.waitFor();
    await window.screenshot('sacred-text-preview');
    await apply.click();
    const replaced = (text: string) =>
      text.replaceAll('images/harbour.png', 'images/harbour.edit-2.png');
    await expectText(replaced(before));
    for (const [name, text] of Object.entries(others)) await expectText(replaced(text), name);
  });
});
