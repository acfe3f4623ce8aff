import { strict as assert } from 'node:assert';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { StudioFrame } from './studioFrame.ts';
import { startStudio, type Studio } from './studioWindow.ts';

/** Each model, what is chosen for it by its names in the page, and what is sent. */
const drawn: [model: string, choices: [group: string, name: string][], fields: object][] = [
  [
    'gpt-image-1.5-lite',
    [['Size', 'Portrait, 1024 × 1536 pixels']],
    { size: '1024x1536', quality: 'auto' },
  ],
  ['gpt-image-1.5', [['Quality', 'Medium']], { size: '1024x1536', quality: 'medium' }],
  [
    'gpt-image-2',
    [
      ['Size', '16:9, Landscape'],
      ['Resolution', '2K'],
      ['Background', 'Transparent'],
    ],
    { size: '16:9', quality: 'medium', resolution: '2K', background: 'transparent' },
  ],
  ['gpt-image-2-beta', [['Size', '21:9, Landscape']], { size: '21:9' }],
  [
    'gemini-3.1-flash-image-preview',
    [
      ['Size', '1:4, Portrait'],
      ['Resolution', '1K'],
    ],
    { size: '1:4', quality: '1K' },
  ],
  ['z-image-turbo', [['Size', 'Square']], { size: '1:1' }],
];

describe('the models in the Studio', () => {
  let studio: Studio;
  let window: WorkbenchPage;
  let page: StudioFrame;

  before(async () => {
    studio = await startStudio({ api: { taskMs: 300, drawing: 'fast' } });
    window = new WorkbenchPage(await studio.workbench.open());
    page = await StudioFrame.open(window);
    await page.generate.waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('studio-models-failed');
  });
  after(() => studio.stop());

  const model = () => page.frame.getByRole('combobox', { name: 'Model' });
  async function chooseModel(id: string): Promise<void> {
    await model().click();
    await page.frame.getByRole('option', { name: id, exact: true }).click();
    await page.frame.locator('.settings[aria-busy="false"]').waitFor();
  }
  const group = (name: string) => page.frame.getByRole('radiogroup', { name });

  for (const [id, choices, fields] of drawn)
    it(`draw with ${id} what was chosen by its row`, async () => {
      await chooseModel(id);
      for (const [name, choice] of choices)
        await group(name).getByRole('radio', { name: choice }).first().check({ force: true });
      const prompt = `drawn in the Studio by ${id}`;
      await page.prompt.fill(prompt);
      await page.generate.click();
      const task = await waitUntil('the task', async () =>
        (await studio.api.tasks()).find((each) => each.prompt === prompt),
      );
      assert.deepEqual(task.body, { prompt, model: id, ...fields });
      await page.cells(prompt).first().waitFor();
    });

  it('remember what was chosen for each', async () => {
    await chooseModel('gpt-image-2');
    await group('Resolution').getByRole('radio', { name: '2K' }).waitFor();
    assert.equal(await group('Resolution').getByRole('radio', { name: '2K' }).isChecked(), true);
    assert.equal(
      await group('Size').getByRole('radio', { name: '16:9, Landscape' }).isChecked(),
      true,
    );
    await page.frame.getByText('The cost is that of the last image of this kind.').waitFor();
    await page.frame.getByRole('button', { name: 'Generate · 4 credits' }).waitFor();
  });

  it('leave what waits for a model that went to the user', async () => {
    await studio.api.configure({ withdrawnModels: ['gpt-image-2'] });
    const paid = (await studio.api.tasks()).length;
    await page.prompt.fill('it went away');
    await page.generate.click();
    await page.frame.getByText(/gpt-image-2: .*Waiting images: 1/).waitFor();
    await window.screenshot('studio-models');
    assert.equal((await studio.api.tasks()).length, paid);
    await page.frame.getByRole('button', { name: 'Use Another Model…' }).click();
    await window.quickInput.pick('gpt-image-1.5');
    const task = await waitUntil('the task', async () =>
      (await studio.api.tasks()).find((each) => each.prompt === 'it went away'),
    );
    assert.equal(task.body['model'], 'gpt-image-1.5');
  });
});
