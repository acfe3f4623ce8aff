import { strict as assert } from 'node:assert';
import { readdir } from 'node:fs/promises';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { editFile } from './editFile.ts';
import { noisyImage, plainImage } from './testImages.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const patienceMs = 90_000;

describe('an edit whose extension host is killed', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({
      api: { taskMs: 6_000, drawing: 'fast' },
      files: {
        'first.png': await plainImage('png', 10),
        'large.png': await noisyImage(2_600),
        'second.png': await plainImage('png', 20),
      },
      machineSettings: { 'imageStudio.uploadReferences': 'always' },
      userSettings: { 'imageStudio.output.openAfterSave': false },
    });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  beforeEach(() => studio.api.reset());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('edit-never-lost-failed');
  });
  after(() => studio.stop());

  /** The editor starts another by itself, but for the third time: then a user reloads. */
  async function killHost(willReload = false): Promise<void> {
    const pids = await studio.workbench.extensionHostPids();
    for (const pid of pids) await studio.workbench.killExtensionHost(pid);
    if (willReload) await window.reload();
    await waitUntil('a new extension host', async () => {
      const now = await studio.workbench.extensionHostPids();
      return now.length > 0 && now.every((pid) => !pids.includes(pid));
    });
  }

  /** One upload that arrived and is gone, one task, and the image in its place. */
  async function expectDoneOnce(name: string): Promise<void> {
    await waitUntil(name, async () => (await readdir(studio.workspace)).includes(name), patienceMs);
    await waitUntil(
      'an empty file service',
      async () => (await studio.api.files()).every(({ deletedAt }) => deletedAt !== undefined),
      patienceMs,
    );
    assert.equal((await studio.api.files()).length, 1);
    assert.equal((await studio.api.tasks()).length, 1);
  }

  it('while it uploads, sends the file anew and nothing twice', async () => {
    await studio.api.configure({ uploadBytesPerSecond: 500_000 });
    await editFile(window, 'large.png', 'killed early');
    await window.notifications.expect(/Uploading · \d+\.\d of/);
    await killHost();
    await studio.api.configure({ uploadBytesPerSecond: 0 });
    await expectDoneOnce('large.edit.png');
  });

  it('between upload and submit, submits what was uploaded', async () => {
    await studio.api.fault({ match: { route: 'create' }, fault: { kind: 'hang' } });
    await editFile(window, 'first.png', 'killed in between');
    await waitUntil('a submit that hangs', async () => (await studio.api.faults())[0]?.hits === 1);
    await killHost();
    await expectDoneOnce('first.edit.png');
  });

  it('while it is drawn, fetches what was paid', async () => {
    await editFile(window, 'second.png', 'killed late');
    await waitUntil('the task', async () => (await studio.api.tasks()).length === 1);
    await killHost(true);
    await expectDoneOnce('second.edit.png');
  });
});
