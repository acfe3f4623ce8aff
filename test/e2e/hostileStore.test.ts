import { strict as assert } from 'node:assert';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nodePlatform } from '../../src/jobs/nodePlatform.ts';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import { openStore } from '../../src/jobs/store/store.ts';
import type { Job } from '../../src/jobs/job.ts';
import { assertNeverHeld } from '../harness/hostWatch.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { sample } from '../unit/jobs/sampleJobs.ts';
import { hostileTexts } from '../unit/editor/say/hostileTexts.ts';
import { commandLink, icon } from './hostileWorkspace/texts.ts';
import { watchPage } from './hostileWorkspace/watchPage.ts';
import { StudioFrame } from './studioFrame.ts';
import { startStudio, type Studio } from './studioWindow.ts';

/** A page may be scrolled, but no text makes anything wider than it, or is a link. */
const madeOfTexts = `[...document.querySelectorAll(
  'a[href], iframe, object, embed, img[src="x"], [onerror], [onload]',
)].map(({ outerHTML }) => outerHTML)`;
const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

const texts = [
  ...Object.values(hostileTexts),
  `<img src=x onerror=alert(1)> ${commandLink} ${icon}`,
  `${'a long prompt '.repeat(8_000)}${commandLink}`,
  '\u202ethgir ot tfel \u2066never closed',
];

/** Each text in each state and place that keeps one, as an earlier version or another program wrote it. */
function hostileJobs(workspaceUri: string): Job[] {
  const error = (text: string) => ({
    code: 'server' as const,
    message: text,
    providerCode: text,
    requestId: text,
    proxy: text,
  });
  return texts.flatMap((text, index) => {
    const of = (id: string) => ({
      id: `${id}-${String(index)}`,
      idempotencyKey: `${id}-${String(index)}`,
      createdAt: Date.now() - index * 3600_000,
      workspaceUri,
      prompt: text,
    });
    const reference = { name: text, problem: 'refused', reason: text } as const;
    const { parentId: _, ...failed } = sample['failed before it was paid'];
    return [
      {
        ...failed,
        ...of('failed'),
        error: error(text),
        references: [`file:///${text.slice(0, 99)}`],
      },
      { ...failed, ...of('reference'), error: { ...error(text), reference } },
      {
        ...sample.saved,
        ...of('saved'),
        taskId: `s-${String(index)}`,
        actualModel: text,
        model: text,
      },
      { ...sample.cancelled, ...of('cancelled'), size: text, quality: text },
    ];
  });
}

describe('a list of images full of hostile texts', () => {
  let studio: Studio;
  let window: WorkbenchPage;
  let foundOnPage: () => Promise<string[]>;

  before(async () => {
    studio = await startStudio({ api: { taskMs: 500, drawing: 'fast' }, watchesHosts: true });
    const storage = join(studio.dataDir, 'User', 'globalStorage');
    const folder = join(storage, 'image-studio.evolink-image-studio');
    await mkdir(folder, { recursive: true });
    const store = openStore({ path: storageLayout(folder).store, platform: nodePlatform });
    store.add(hostileJobs(`file://${studio.workspace}`));
    store.close();
    window = new WorkbenchPage(await studio.workbench.open());
    foundOnPage = await watchPage(window.page);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('hostile-store-failed');
  });
  after(() => studio.stop());

  it('is a list of plain lines, each of one line', async () => {
    await window.runCommand('Image Studio: Show Jobs');
    const rows = window.page.locator('.quick-input-list-row');
    await rows.first().waitFor();
    for (let pages = 0; pages < 8; pages += 1) {
      for (const row of await rows.all())
        assert.doesNotMatch((await row.textContent()) ?? '', /\]\(|\$\(|[\n\u202a-\u202e]/);
      await window.page.keyboard.press('PageDown');
    }
    // What hovers over a row, where one has more to say than it shows, is watched as all else is.
    const list = await window.page.locator('.quick-input-list').boundingBox();
    for (const part of [0.2, 0.5, 0.8]) {
      if (list) await window.page.mouse.move(list.x + 100, list.y + part * list.height);
      await window.page.waitForTimeout(700);
    }
    await window.screenshot('hostile-store-jobs');
    await window.quickInput.cancel();
  });

  it('is a gallery of texts and nothing else, and no text is wider than the page', async () => {
    const page = await StudioFrame.open(window);
    await page.cells().first().waitFor();
    await page.cells().first().click();
    for (let steps = 0; steps < 12; steps += 1) {
      await window.page.keyboard.press('PageDown');
      assert.deepEqual(await page.frame.evaluate<string[]>(madeOfTexts), []);
      const labels = await page
        .cells()
        .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label')?.length ?? 0));
      assert.ok(Math.max(...labels) < 4_000, String(labels));
    }
    await window.page.keyboard.press('Enter');
    await page.frame.locator('.detail-prompt').waitFor({ state: 'attached' });
    assert.ok((await page.frame.evaluate<number>(overflow)) <= 0);
    assert.deepEqual(await page.frame.evaluate<string[]>(madeOfTexts), []);
    await window.screenshot('hostile-store-studio');
    await window.page.keyboard.press('Escape');
    await page.find('\u0000 [Fix](command:x) % _ " *');
    await page.frame.waitForTimeout(300);
    await window.screenshot('hostile-store-search');
  });

  it('makes no link or icon, and holds nobody up', async () => {
    // An address that stands by itself says where it leads.
    const said = /^<a href="([^"]+)" title="\1" draggable="false" data-href="\1">\1<\/a>$/;
    assert.deepEqual(
      (await foundOnPage()).filter((each) => !said.test(each)),
      [],
    );
    assert.deepEqual(
      (await studio.api.log()).filter(({ method }) => method !== 'GET'),
      [],
    );
    await assertNeverHeld(studio.watchDir, 'image-studio');
  });
});
