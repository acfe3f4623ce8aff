import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import type { TaskRecord } from '../fakeEvolink/types.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { createActions } from './actions.ts';
import { finishTasks, heldTasks } from './heldTasks.ts';
import { noisyImage, plainImage } from './testImages.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const patienceMs = 60_000;

/** The smallest file a BMP can be that is not square. */
function twoPixels(): Buffer {
  const bmp = Buffer.alloc(62, 0x80);
  bmp.fill(0, 0, 54);
  bmp.write('BM', 'latin1');
  bmp.writeUInt32LE(bmp.length, 2);
  // Where the pixels begin, the length of the second header, its width, height, planes and depth.
  bmp.writeUInt32LE(54, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(2, 18);
  bmp.writeInt32LE(1, 22);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(24, 28);
  return bmp;
}

describe('editing an image', () => {
  let studio: Studio;
  let window: WorkbenchPage;
  const files: Record<string, Buffer | string> = {};

  before(async () => {
    files['one.png'] = await plainImage('png', 10);
    files['three.png'] = await plainImage('png', 30);
    files['two.webp'] = await plainImage('webp', 20);
    files['photo.jpg'] = await sharp(await plainImage('png', 60))
      .jpeg()
      .withExif({ IFD0: { Model: 'GPS camera' }, IFD3: { GPSLatitudeRef: 'N' } })
      .toBuffer();
    files['old.gif'] = await plainImage('gif', 40);
    files['new.avif'] = await plainImage('avif', 50);
    files['plain.bmp'] = twoPixels();
    files['sign.svg'] = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"/>';
    files['lie.png'] = 'no picture at all';
    files['page.md'] = '![one](one.png)\n';
    files['page.html'] =
      '<img alt="three"\n  src="three.png">\n<img src="https://pictures.example/far.png?a=b">\n';
    studio = await startStudio({ api: { ...heldTasks, drawing: 'full' }, files });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('edit-failed');
  });
  after(() => studio.stop());

  async function prompt(title: string, words: string): Promise<void> {
    await window.quickInput.expectTitle(title);
    await window.quickInput.type(words);
    await window.quickInput.accept();
  }

  async function accepted(words: string): Promise<TaskRecord> {
    return await waitUntil(`the task "${words}"`, async () =>
      (await studio.api.tasks()).find((task) => task.prompt === words),
    );
  }

  async function finished(words: string): Promise<TaskRecord> {
    await accepted(words);
    await finishTasks(studio.api);
    return await waitUntil(`the end of the task "${words}"`, async () =>
      (await studio.api.tasks()).find(
        (task) => task.prompt === words && task.status === 'completed',
      ),
    );
  }

  /** What the provider was sent for the references of a task, by their hashes, in order. */
  async function uploadsOf(task: TaskRecord): Promise<(string | undefined)[]> {
    const uploads = await studio.api.files();
    const urls = (task.body['image_urls'] ?? []) as string[];
    return urls.map((url) => uploads.find((file) => file.url === url)?.sha256);
  }

  /** What opens later would take the focus from the next journey's menus and boxes. */
  const opened = (name: string) => window.editorTab(name).waitFor({ timeout: patienceMs });

  const hash = (name: string) =>
    createHash('sha256')
      .update(files[name] ?? '')
      .digest('hex');

  const nothingLeft = () =>
    waitUntil(
      'an empty file service',
      async () => (await studio.api.files()).every((file) => file.deletedAt !== undefined),
      patienceMs,
    );

  it('asks before it uploads, and puts the result beside its source', async () => {
    await window.chooseFromExplorerMenu('one.png', 'Edit Image…');
    await prompt('Edit one.png', 'make it night');
    await window.dialog.waitFor();
    await window.screenshot('upload-question');
    await window.clickDialogButton('Cancel');
    // The prompt is kept when the user refuses.
    await window.quickInput.expectTitle('Edit one.png');
    await window.quickInput.expectValue('make it night');
    const asked = (await studio.api.log()).map(({ route }) => route);
    assert.deepEqual(
      asked.filter((route) => route !== 'pricing'),
      [],
    );
    await window.quickInput.accept();
    await window.clickDialogButton('Upload Once');
    const task = await finished('make it night');
    await opened('one.edit.png');
    await window.screenshot('edited');
    assert.deepEqual(await uploadsOf(task), [hash('one.png')]);
    assert.ok((await readdir(studio.workspace)).includes('one.edit.png'));
    await nothingLeft();
  });

  it('sends several in the order they were selected, once it may always', async () => {
    await window.selectFiles('three.png', 'one.png', 'two.webp');
    await window.chooseFromExplorerMenu('two.webp', 'Edit Image…');
    await prompt('Edit 3 Images: 1 three.png, 2 one.png, 3 two.webp', 'put them together');
    await window.clickDialogButton('Always');
    const task = await finished('put them together');
    const inOrder = ['three.png', 'one.png', 'two.webp'].map(hash);
    assert.deepEqual(await uploadsOf(task), inOrder);
    await opened('three.edit.png');
    await nothingLeft();
  });

  it('starts from the button of the image in front', async () => {
    await window.runCommand('View: Close All Editors');
    await window.explorerItem('three.png').dblclick();
    await window.editorTab('three.png').waitFor();
    // There is no text to insert it into.
    await window.page
      .getByRole('button', { name: /^Insert Image at Cursor/ })
      .waitFor({ state: 'hidden' });
    await window.page.getByRole('button', { name: 'Edit Image…' }).first().click();
    await prompt('Edit three.png', 'from the title');
    const task = await finished('from the title');
    assert.deepEqual(await uploadsOf(task), [hash('three.png')]);
    await opened('three.edit-2.png');
  });

  it('starts from the menu of a tab', async () => {
    await window.chooseFromTabMenu('three.png', 'Edit Image…');
    await window.quickInput.expectTitle('Edit three.png');
    await window.quickInput.cancel();
  });

  /** What the provider was sent for a task, read before the task ends and it goes. */
  async function bodiesFor(words: string): Promise<Buffer[]> {
    const urls = (await accepted(words)).body['image_urls'] as string[];
    const bodies = urls.map(async (url) => Buffer.from(await (await fetch(url)).arrayBuffer()));
    const read = await Promise.all(bodies);
    await finishTasks(studio.api);
    return read;
  }

  async function sentFor(words: string): Promise<Metadata[]> {
    return await Promise.all((await bodiesFor(words)).map((body) => sharp(body).metadata()));
  }

  it('turns a GIF into a PNG, chosen in the palette by a part of its name', async () => {
    await window.runCommand('View: Close All Editors');
    await window.runCommand('Image Studio: Edit Image…');
    await window.quickInput.expectPlaceholder(/Choose up to/);
    await window.quickInput.accept();
    await window.quickInput.expectPlaceholder(/Nothing is chosen yet/);
    await window.screenshot('choose-images');
    await window.quickInput.type('old');
    await window.quickInput.accept();
    await prompt('Edit old.gif', 'move it');
    await window.statusBarItem(/old\.gif is sent as a PNG/).waitFor({ timeout: patienceMs });
    const [sent, ...others] = await sentFor('move it');
    assert.deepEqual([sent?.format, sent?.width, sent?.height], ['png', 96, 64]);
    assert.equal(others.length, 0);
    await opened('old.edit.png');
    await nothingLeft();
  });

  it('turns all that a browser can decode into PNGs, in the order it was ticked', async () => {
    await window.runCommand('View: Close All Editors');
    await window.runCommand('Image Studio: Edit Image…');
    await window.quickInput.expectPlaceholder(/Choose up to/);
    for (const name of ['sign.svg', 'plain.bmp', 'new.avif']) await window.quickInput.pick(name);
    await window.quickInput.accept();
    await prompt('Edit 3 Images: 1 sign.svg, 2 plain.bmp, 3 new.avif', 'mix them');
    const sent = await sentFor('mix them');
    assert.deepEqual(
      sent.map(({ format, width, height }) => [format, width, height]),
      [
        // Without a size of its own, as wide as browsers show it.
        ['png', 300, 150],
        ['png', 2, 1],
        ['png', 96, 64],
      ],
    );
    await opened('sign.edit.png');
    await nothingLeft();
  });

  it('takes an image that is pasted', async () => {
    await window.runCommand('View: Close All Editors');
    // Only what has the focus may write to the clipboard.
    await window.explorerItem('page.md').click();
    await window.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await window.page.evaluate(
      async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        const blob = new Blob([bytes], { type: 'image/png' });
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': blob })]);
      },
      Buffer.from(files['three.png'] ?? '').toString('base64'),
    );
    await window.runCommand('Image Studio: Edit Image…');
    await window.quickInput.expectPlaceholder(/Choose up to/);
    await window.quickInput.clickButton('Paste an Image…');
    const page = await window.webviewFrame('Paste an image');
    await page.getByRole('status').filter({ hasText: 'Paste an image here' }).waitFor();
    await window.screenshot('paste-image');
    await window.page.keyboard.press('Control+V');
    await window.quickInput.expectPlaceholder(/Choose up to/);
    await window.screenshot('pasted-image');
    await window.quickInput.accept();
    await prompt('Edit pasted.png', 'as pasted');
    const [sent] = await sentFor('as pasted');
    assert.deepEqual([sent?.format, sent?.width, sent?.height], ['png', 96, 64]);
    await opened('as-pasted.png');
    await nothingLeft();
  });

  it('takes a web address as it is, beside what was ticked before', async () => {
    const address = 'https://pictures.example/far.png?signature=a%2Bb%3D&expires=1';
    await window.runCommand('View: Close All Editors');
    await window.runCommand('Image Studio: Edit Image…');
    await window.quickInput.expectPlaceholder(/Choose up to/);
    await window.quickInput.pick('three.png');
    await window.quickInput.clickButton('Add a Web Address…');
    await window.quickInput.expectTitle('Add a Web Address');
    await window.quickInput.type(address);
    await window.quickInput.accept();
    await window.quickInput.expectPlaceholder(/Choose up to/);
    await window.screenshot('choose-images-from-elsewhere');
    await window.quickInput.accept();
    await prompt('Edit 2 Images: 1 three.png, 2 far.png', 'near and far');
    const task = await finished('near and far');
    assert.equal((await uploadsOf(task))[0], hash('three.png'));
    assert.equal((task.body['image_urls'] as string[])[1], address);
    await opened('three.edit-3.png');
    await nothingLeft();
  });

  it('takes a file from outside the workspace, and puts the result beside it', async () => {
    const outside = join(studio.dataDir, 'photos');
    await mkdir(outside);
    await writeFile(join(outside, 'far away.png'), files['three.png'] ?? '');
    await window.runCommand('View: Close All Editors');
    await window.runCommand('Image Studio: Edit Image…');
    await window.quickInput.expectPlaceholder(/Choose up to/);
    await window.quickInput.clickButton('Add Files…');
    // In a browser the editor asks for a path, and begins with the one that is open.
    await window.quickInput.item('one.png').waitFor();
    await window.quickInput.typeFor(join(outside, 'far away.png'), 'far away.png');
    await window.quickInput.accept();
    await window.quickInput.expectPlaceholder(/Choose up to/);
    await window.quickInput.accept();
    await prompt('Edit far away.png', 'from outside');
    const task = await finished('from outside');
    assert.deepEqual(await uploadsOf(task), [hash('three.png')]);
    await opened('far away.edit.png');
    assert.ok((await readdir(outside)).includes('far away.edit.png'));
    await nothingLeft();
  });

  it('means the image in front, unless another is ticked', async () => {
    await window.runCommand('View: Close All Editors');
    await window.explorerItem('one.png').dblclick();
    await window.editorTab('one.png').waitFor();
    await window.runCommand('Image Studio: Edit Image…');
    await window.quickInput.expectPlaceholder(/Choose up to/);
    await window.quickInput.accept();
    await window.quickInput.expectTitle('Edit one.png');
    await window.quickInput.cancel();
  });

  it('sends a photo without its place and camera, and the same image', async () => {
    await window.chooseFromExplorerMenu('photo.jpg', 'Edit Image…');
    await prompt('Edit photo.jpg', 'nobody knows where');
    const [sent] = await bodiesFor('nobody knows where');
    assert.ok(sent);
    const source = Buffer.from(files['photo.jpg'] ?? '');
    assert.ok(source.includes('GPS camera'));
    assert.ok(!sent.includes('GPS camera'));
    const pixels = (image: Buffer) => sharp(image).raw().toBuffer();
    assert.ok((await pixels(sent)).equals(await pixels(source)));
    await opened('photo.edit.png');
    await nothingLeft();
  });

  it('scales down what is larger than the provider takes, after asking', async () => {
    await writeFile(join(studio.workspace, 'huge.png'), await noisyImage(4_300));
    await window.chooseFromExplorerMenu('huge.png', 'Edit Image…');
    await prompt('Edit huge.png', 'smaller');
    await window.dialog.filter({ hasText: 'larger than 50 MB' }).waitFor();
    await window.clickDialogButton('Scale Down');
    const [sent] = await sentFor('smaller');
    assert.equal(sent?.format, 'png');
    assert.ok(sent.width <= 4_096 && sent.width >= 2_000, String(sent.width));
    assert.ok((sent.size ?? Infinity) <= 50 * 1024 * 1024, String(sent.size));
    await opened('huge.edit.png');
    await nothingLeft();
  });

  it('names the file that is no image, and sends nothing', async () => {
    const sent = async () =>
      (await studio.api.log()).filter(({ method }) => method !== 'GET').length;
    const before = await sent();
    await window.chooseFromExplorerMenu('lie.png', 'Edit Image…');
    await window.notifications.expect(/lie\.png is not an image/);
    assert.equal(await sent(), before);
  });

  for (const [name, words, title] of [
    ['page.md', 'one.png', 'Edit one.png'],
    ['page.html', 'three.png', 'Edit three.png'],
    ['page.html', 'far.png', 'Edit far.png'],
  ] as const)
    it(`begins at a link to ${words} in ${name}`, async () => {
      await window.explorerItem(name).dblclick();
      await window.page.locator('.view-line', { hasText: words }).click();
      await window.chooseCodeAction('Edit Image…');
      await window.quickInput.expectTitle(title);
      await window.quickInput.cancel();
    });

  describe('takes few actions', () => {
    const sentence = 'A sleepy harbour at dawn.';
    const name = 'a-sleepy-harbour-at-dawn';
    const path = () => join(studio.workspace, 'story.md');
    const shortcut = async (...all: string[]) => {
      for (const key of all) await window.page.keyboard.press(key);
    };
    const expectText = (text: string) =>
      waitUntil('the link in the text', async () => {
        await window.page.keyboard.press('Control+S');
        return (await readFile(path(), 'utf8')) === text;
      });

    it('from a sentence to its image in the text', async () => {
      await writeFile(path(), `# Story\n\n${sentence}\n`);
      await window.runCommand('View: Close All Editors');
      await window.explorerItem('story.md').dblclick();
      await window.textLine('sleepy').click();
      await window.page.keyboard.press('End');
      const { act, expectCount } = createActions();
      await act('the keys', () => shortcut('Control+K', 'Shift+G'));
      await window.quickInput.expectTitle('Generate Image');
      await window.quickInput.expectValue(sentence);
      // All of it, so that other words take its place.
      assert.equal(await window.quickInput.selectedText(), sentence);
      await act('Enter', () => window.quickInput.accept());
      await finished(sentence);
      const saved = new RegExp(`Saved to images/${name}\\.png`);
      await window.notifications.expect(saved);
      await act('Insert', () => window.notifications.clickButton(saved, 'Insert'));
      await expectText(`# Story\n\n${sentence}\n\n![${sentence}](images/${name}.png)\n`);
      expectCount(3);
    });

    it('to change the image in a text', async () => {
      const { act, expectCount } = createActions();
      await act('the link', () => window.textLine('![').click());
      await act('the keys', () => shortcut('Control+K', 'Shift+E'));
      await act('the words and Enter', () => prompt(`Edit ${name}.png`, 'make it dusk'));
      await finished('make it dusk');
      const saved = new RegExp(`Saved to images/${name}\\.edit\\.png`);
      await act('Replace', () => window.notifications.clickButton(saved, 'Replace in story.md'));
      await expectText(`# Story\n\n${sentence}\n\n![${sentence}](images/${name}.edit.png)\n`);
      expectCount(4);
    });
  });

  describe('has a door', () => {
    const keys = async (...all: string[]) => {
      for (const key of all) await window.page.keyboard.press(key);
    };

    before(async () => {
      await mkdir(join(studio.workspace, 'here'));
      await window.runCommand('View: Close All Editors');
      await window.explorerItem('page.md').dblclick();
      await window.textLine('one.png').click();
    });

    it('of keys at the link under the cursor', async () => {
      await keys('Control+K', 'Shift+E');
      await window.quickInput.expectTitle('Edit one.png');
      await window.quickInput.expectPlaceholder(/^Say what to change/);
      await window.quickInput.expectMessage(/1536x1024, as the source · .* · to /);
      await window.screenshot('door-of-a-link');
      await window.quickInput.cancel();
    });

    it('in the menu of a selection, and of no other text', async () => {
      await window.textLine('one.png').click({ button: 'right' });
      await window.menuItem('Cut').waitFor();
      assert.equal(await window.menuItem('Generate Image from Selection').count(), 0);
      await keys('Escape', 'Control+L');
      await window.chooseFromTextMenu('one.png', 'Generate Image from Selection');
      await window.quickInput.expectTitle('Generate Image');
      await window.quickInput.expectValue('![one](one.png)');
      await window.screenshot('door-of-a-selection');
    });

    it('to another folder, from the prompt', async () => {
      await window.quickInput.clickButton(/^Save to: images/);
      await window.quickInput.expectPlaceholder(/^Choose a folder/);
      await window.quickInput.item('here').waitFor();
      await window.screenshot('choose-folder');
      await window.quickInput.pick('here');
      await window.quickInput.expectMessage(/ · to here/);
      await window.quickInput.expectValue('![one](one.png)');
      await window.quickInput.cancel();
    });

    it('in the menu of a folder', async () => {
      await window.chooseFromExplorerMenu('here', 'Generate Image Here…');
      await window.quickInput.expectMessage(/ · to here/);
      await window.quickInput.cancel();
    });

    it('beside the pencil of an image, into the text that was in front before', async () => {
      await window.explorerItem('three.png').dblclick();
      await window.editorTab('three.png').waitFor();
      await window.page
        .getByRole('button', { name: /^Insert Image at Cursor/ })
        .first()
        .click();
      await window.textLine('three.png').waitFor();
      await window.screenshot('door-of-an-image');
    });
  });
});
