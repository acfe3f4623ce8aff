import { strict as assert } from 'node:assert';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { accepted, expectSavedOnce, generate } from './paidImages.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const reason = /could not start: The folder .* cannot be used: .* Check that it may be written to/;

describe('a list of images that cannot be opened', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({ api: { taskMs: 500, drawing: 'fast' } });
    // A folder in its place cannot be opened, not even by root.
    await mkdir(storePath(), { recursive: true });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('unusable-store-failed');
  });
  after(() => studio.stop());

  function storePath(): string {
    const storage = join(studio.dataDir, 'User', 'globalStorage');
    return join(storage, 'image-studio.evolink-image-studio', 'jobs.sqlite');
  }

  it('refuses to generate, and says what to do where the user sees it', async () => {
    await window.runCommand('Image Studio: Generate Image…');
    await window.notifications.expect(reason);
    await window.screenshot('unusable-store');
    assert.equal(await window.dialog.count(), 0);
    assert.deepEqual(await studio.api.log({ route: 'create' }), []);
  });

  it('is used by the next command once it can be', async () => {
    await rm(storePath(), { recursive: true });
    await generate(window, 'a mended moose');
    await accepted(studio.api, 'a mended moose');
    await expectSavedOnce(studio, 'a mended moose');
  });
});
