import { strict as assert } from 'node:assert';
import { readdir } from 'node:fs/promises';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { editFile } from './editFile.ts';
import { plainImage } from './testImages.ts';
import { startStudio, type Studio } from './studioWindow.ts';

describe('editing an image in Restricted Mode', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({
      api: { taskMs: 1_000, drawing: 'fast' },
      files: { 'one.png': await plainImage('png', 10) },
      machineSettings: { 'imageStudio.uploadReferences': 'always' },
      trust: false,
    });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('edit-restricted-failed');
  });
  after(() => studio.stop());

  it('asks before each upload, whatever the setting says, and takes no lasting permission', async () => {
    for (const words of ['first', 'second']) {
      await editFile(window, 'one.png', words);
      await window.dialog.filter({ hasText: 'Upload one.png to EvoLink?' }).waitFor();
      assert.equal(
        (await studio.api.files()).filter(({ deletedAt }) => deletedAt === undefined).length,
        0,
      );
      const buttons = await window.dialog.locator('.monaco-button').allInnerTexts();
      assert.deepEqual(buttons.map((each) => each.trim()).toSorted(), ['Cancel', 'Upload Once']);
      await window.clickDialogButton('Upload Once');
      await waitUntil(`the image "${words}"`, async () =>
        (await readdir(studio.workspace)).includes(
          words === 'first' ? 'one.edit.png' : 'one.edit-2.png',
        ),
      );
    }
  });

  it('asks also before an image is tried again', async () => {
    await studio.api.fault({
      match: { route: 'create' },
      fault: { kind: 'status', status: 403, message: 'Not this model' },
    });
    await editFile(window, 'one.png', 'third');
    await window.clickDialogButton('Upload Once');
    await window.notifications.clickButton(/may not use this model/, 'Try Again');
    await window.dialog.filter({ hasText: 'Upload one.png to EvoLink?' }).waitFor();
    await window.clickDialogButton('Cancel');
    assert.equal((await studio.api.tasks()).length, 2);
  });
});
