import { strict as assert } from 'node:assert';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isShownSoon } from '../harness/soon.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const link = '[Fix](command:imageStudio.clearApiKey)';
const settingsPath = '.vscode/settings.json';

/** The editor makes links of texts; one click on such a link would run any command. */
describe('texts of a hostile workspace and of a hostile answer', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({
      api: { taskMs: 1_500, drawing: 'fast' },
      files: {
        [`${link}$(error).png`]: 'no image',
        [settingsPath]: JSON.stringify({ 'imageStudio.size': link }),
      },
      machineSettings: { 'imageStudio.uploadReferences': 'always' },
    });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('hostile-texts-failed');
  });
  after(() => studio.stop());

  /** Waits for a notification of ours with the foreign text, and looks for a link in it. */
  async function expectPlain(text: RegExp): Promise<void> {
    await window.notifications.expect(text);
    const items = window.page.locator('.notification-list-item').filter({ hasText: text });
    assert.equal(await items.locator('.notification-list-item-message a').count(), 0);
  }

  /**
   * Resolves when the window has read them. The editor does not hear of a change that comes before
   * it watches the folder, so the file is written until it has been read.
   */
  async function clearSettings(): Promise<void> {
    await waitUntil('the settings of the workspace to be empty', async () => {
      await writeFile(join(studio.workspace, settingsPath), '{}');
      await window.runCommand('Image Studio: Generate Image…');
      const isOpen = await isShownSoon(window.quickInput.title('Generate Image'));
      await window.quickInput.cancel();
      return isOpen;
    });
  }

  async function ask(prompt: string): Promise<void> {
    await window.runCommand('Image Studio: Generate Image…');
    await window.quickInput.expectTitle('Generate Image');
    await window.quickInput.type(prompt);
    await window.quickInput.accept();
  }

  it('are no links when a setting of the workspace is wrong', async () => {
    try {
      await window.runCommand('Image Studio: Generate Image…');
      await expectPlain(/The size "\[Fix\] ?\(command:/);
    } finally {
      await clearSettings();
    }
  });

  it('are no links when an image cannot be used', async () => {
    await window.chooseFromExplorerMenu(`${link}$(error).png`, 'Edit Image…');
    await expectPlain(/\[Fix\] ?\(command:.* is not an image/);
  });

  it('are no links in the title of progress, or in a refusal', async () => {
    const fault = {
      kind: 'failed',
      code: 'content_policy_violation',
      message: `Pay ${link} $(sync~spin)`,
    } as const;
    await studio.api.fault({ match: { route: 'create' }, fault });
    await ask(`${link} a fox`);
    await expectPlain(/Drawing "\[Fix\] ?\(command:/);
    await expectPlain(/refused this prompt: Pay \[Fix\] ?\(command:/);
  });

  it('are neither links nor icons in the list of jobs, and in what hovers over it', async () => {
    await window.runCommand('Image Studio: Show Jobs');
    const row = window.page.locator('.quick-input-list-row', { hasText: 'Pay [Fix]' }).last();
    await row.waitFor();
    assert.equal(await row.locator('.codicon-sync').count(), 0);
    await row.hover();
    const hover = window.page.locator('.monaco-hover', { hasText: 'Pay' }).last();
    await hover.waitFor();
    assert.equal(await hover.locator('a[data-href], a[href]').count(), 0);
    await window.quickInput.cancel();
  });
});
