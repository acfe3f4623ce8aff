import { strict as assert } from 'node:assert';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { editFile } from './editFile.ts';
import { noisyImage, plainImage } from './testImages.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const patienceMs = 60_000;

describe('editing an image, when something is in the way', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    const files: Record<string, Buffer | string> = {
      'empty.png': '',
      'first.png': await plainImage('png', 10),
      'second.png': await plainImage('png', 20),
      'moving.gif': await plainImage('gif', 30),
      'large.png': await noisyImage(2_600),
    };
    for (let index = 1; index <= 17; index += 1)
      files[`many/${String(index).padStart(2, '0')}.png`] = await plainImage('png', 100 + index);
    studio = await startStudio({
      api: { taskMs: 1_000, drawing: 'fast', maxFiles: 1 },
      files,
      machineSettings: { 'imageStudio.keepUploads': true },
    });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('edit-trouble-failed');
  });
  after(() => studio.stop());

  /** A GIF has no "Edit Image…" in its menu. */
  async function editGif(words: string): Promise<void> {
    // With an image in front, that one would be meant.
    await window.runCommand('View: Close All Editors');
    await window.runCommand('Image Studio: Edit Image…');
    await window.quickInput.expectPlaceholder(/Choose up to/);
    await window.quickInput.type('moving');
    await window.quickInput.accept();
    await window.quickInput.expectTitle('Edit moving.gif');
    await window.quickInput.type(words);
    await window.quickInput.accept();
  }

  async function appears(name: string): Promise<void> {
    await waitUntil(name, async () => (await readdir(studio.workspace)).includes(name), patienceMs);
  }

  const filesThere = async () =>
    (await studio.api.files()).filter((file) => file.deletedAt === undefined);
  const taskCount = async () => (await studio.api.tasks()).length;

  it('makes room where the account may have no more files, and goes on', async () => {
    await editFile(window, 'first.png', 'kept for later');
    await window.clickDialogButton('Always');
    await appears('first.edit.png');
    const [kept] = await filesThere();
    assert.ok(kept);

    await editFile(window, 'second.png', 'no room for it');
    const notice = /has no room for more images/;
    await window.notifications.expect(notice, patienceMs);
    assert.equal(await taskCount(), 1);
    await window.screenshot('no-room');
    await window.notifications.clickButton(notice, 'Make Room…');
    await window.dialog.filter({ hasText: 'Remove the oldest images' }).waitFor();
    await window.screenshot('make-room');
    await window.clickDialogButton('Remove Uploads');
    await appears('second.edit.png');
    assert.equal(
      (await filesThere()).some(({ id }) => id === kept.id),
      false,
    );
    assert.equal(await taskCount(), 2);
  });

  it('says how much is sent over a slow line, and how fast', async () => {
    await studio.api.configure({ maxFiles: 10, uploadBytesPerSecond: 1_000_000 });
    await editFile(window, 'large.png', 'over a slow line');
    const progress = /Uploading · \d+\.\d of 20\.\d MB · \d+\.\d MB\/s · \d+ s/;
    await window.notifications.expect(progress, patienceMs);
    await window.screenshot('uploading');
    await studio.api.configure({ uploadBytesPerSecond: 0 });
    await appears('large.edit.png');
    await window.editorTab('large.edit.png').waitFor();
  });

  it('goes on without the image that cannot be used, when the user says so', async () => {
    // What opens is shown in the explorer as well, which would change what is selected there.
    await window.runCommand('View: Close All Editors');
    await window.selectFiles('first.png', 'empty.png');
    await window.chooseFromExplorerMenu('empty.png', 'Edit Image…');
    await window.dialog.filter({ hasText: 'empty.png is empty' }).waitFor();
    await window.screenshot('continue-without-it');
    await window.clickDialogButton('Continue Without It');
    await window.quickInput.expectTitle('Edit first.png');
    await window.quickInput.cancel();
  });

  it('takes the first 16 of 17, when the user says so', async () => {
    await window.explorerItem('many').click();
    const others = Array.from({ length: 16 }, (_, n) => `${String(n + 2).padStart(2, '0')}.png`);
    await window.selectFiles('01.png', ...others);
    await window.chooseFromExplorerMenu('17.png', 'Edit Image…');
    await window.dialog.filter({ hasText: '17 images were chosen' }).waitFor();
    await window.clickDialogButton('Use the First 16');
    await window.quickInput.expectTitle(/^Edit 16 Images: 1 01\.png, .* 4 04\.png and 12 more$/);
    await window.screenshot('edit-sixteen');
    await window.quickInput.cancel();
    await window.explorerItem('many').click();
  });

  it('opens the words of a failed edit again, and puts the result where it belongs', async () => {
    await studio.api.fault({
      match: { route: 'create', promptIncludes: 'not like this' },
      fault: { kind: 'status', status: 400, code: 'content_policy_violation', message: 'No.' },
    });
    await editFile(window, 'second.png', 'not like this');
    await window.notifications.clickButton(/refused this prompt/, 'Change Prompt');
    await window.quickInput.expectTitle('Edit second.png');
    await window.quickInput.expectValue('not like this');
    await window.quickInput.type('but like that');
    await window.quickInput.accept();
    await appears('second.edit-2.png');
    await window.notifications.expect(/second\.edit-2\.png/);
  });

  describe('while the page that converts it cannot start', () => {
    let script: string;

    before(async () => {
      const extensions = join(studio.dataDir, 'extensions');
      const own = (await readdir(extensions)).find((name) => name.includes('image-studio'));
      script = join(extensions, own ?? '', 'dist', 'imagePage.js');
      await rename(script, `${script}.away`);
      await writeFile(script, '');
    });
    after(() => rename(`${script}.away`, script));

    it('sends nothing when the user closes it', async () => {
      const before = await taskCount();
      await editGif('closed');
      const tab = window.page.locator('.tabs-container .tab', { hasText: 'Preparing moving.gif' });
      await tab.waitFor();
      const earlier = (await window.notifications.messages()).length;
      await window.runCommand('View: Close All Editors');
      await tab.waitFor({ state: 'hidden' });
      // What has been cancelled is silent: the next request finds nothing said of the last.
      await editGif('given up');
      await tab.waitFor();
      assert.equal((await window.notifications.messages()).length, earlier);
      await window.runCommand('View: Close All Editors');
      assert.equal(await taskCount(), before);
    });

    it('names the image that could not be converted, and sends nothing', async () => {
      const before = await taskCount();
      await editGif('cannot start');
      await window.notifications.expect(/moving\.gif cannot be turned into a PNG here/, patienceMs);
      assert.equal(await taskCount(), before);
    });
  });
});
