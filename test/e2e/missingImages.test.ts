import { strict as assert } from 'node:assert';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const readme = `# Lighthouses

![a red lighthouse at dawn](images/dawn.png)

![the keeper with his lamp](images/keeper.png)

<img src="images/storm.png" alt="a storm over the sea" width="300" height="200">
`;

describe('a README whose images are missing', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({ api: { taskMs: 2_000 }, files: { 'README.md': readme } });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('missing-images-failed');
  });
  after(() => studio.stop());

  it('lists them with their words and sizes', async () => {
    await window.explorerItem('README.md').dblclick();
    await window.editorTab('README.md').waitFor();
    await window.runCommand('Image Studio: Generate Missing Images…');
    await window.quickInput.expectTitle(/^Generate 3 missing images of README\.md/);
    await window.quickInput.item('storm.png').waitFor();
    await window.screenshot('missing-images-list');
  });

  it('has all of them after one confirmation, as the editor’s own preview shows', async () => {
    await window.quickInput.accept();
    await window.notifications.expect(/3 missing images were generated/, 60_000);
    for (const name of ['dawn', 'keeper', 'storm'])
      assert.ok((await stat(join(studio.workspace, 'images', `${name}.png`))).size > 0);
    await window.runCommand('Markdown: Open Preview to the Side');
    const preview = await window.webviewFrame('vscode.markdown-language-features');
    const images = preview.locator('img');
    await waitUntil('three images in the preview', async () => {
      const widths = await images.evaluateAll((all) =>
        all.map((image) => (image as HTMLImageElement).naturalWidth),
      );
      return widths.length === 3 && widths.every((width) => width > 0);
    });
    await window.screenshot('missing-images-preview');
    assert.equal((await studio.api.tasks()).length, 3);
  });
});
