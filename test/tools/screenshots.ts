import { cp, mkdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { packagedExtension } from '../e2e/packagedExtension.ts';
import { StudioFrame } from '../e2e/studioFrame.ts';
import { cacheFolder, projectFolder } from '../harness/cacheFolder.ts';
import { startWorkbench, type Workbench } from '../harness/startWorkbench.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';

/**
 * `npm run screenshots`: makes the README's images by using the packaged extension in the real
 * VS Code, against the offline EvoLink. Nothing in them is drawn or pasted together.
 */
const folder = join(cacheFolder, 'screenshots');
const workspace = join(folder, 'northlight');
const imageFolder = join(projectFolder, 'media', 'screenshots');
/** Of one image; the extension's page loads all of them. */
const maxBytes = 100_000;

const prompt = 'The sea at dawn, an island far out';
const slug = 'the-sea-at-dawn-an-island-far-out';

async function main(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(imageFolder, { recursive: true });
  await cp(join(projectFolder, 'test', 'fixtures', 'workspace'), workspace, { recursive: true });
  const api = await startOfflineApi({ taskMs: 20_000, drawing: 'full' });
  let workbench: Workbench | undefined;
  try {
    workbench = await startWorkbench({
      version: 'newest',
      vsix: await packagedExtension(),
      workspace,
      dataDir: join(folder, 'profile'),
      env: { EVOLINK_API_KEY: api.key },
      machineSettings: {
        'imageStudio.apiBaseUrl': api.urls.api,
        'imageStudio.filesBaseUrl': api.urls.files,
        'imageStudio.maxConcurrentTasks': 3,
      },
      userSettings: {
        'chat.disableAIFeatures': true,
        'editor.lightbulb.enabled': 'off',
        'editor.minimap.enabled': false,
        'editor.renderWhitespace': 'none',
        'editor.wordWrap': 'on',
        'git.enabled': false,
        'imageStudio.size': '1536x1024',
      },
    });
    const window = new WorkbenchPage(await workbench.open({ reducedMotion: true }));
    await takeScreenshots(window, api).catch(async (thrown: unknown) => {
      console.error(`What was on the screen: ${await window.screenshot('screenshots-failed')}`);
      throw thrown;
    });
  } finally {
    await workbench?.stop();
    await api.close();
  }
}

async function takeScreenshots(window: WorkbenchPage, api: OfflineApi): Promise<void> {
  await openGuide(window);
  // A window that has just opened still loads the editor's own extensions.
  await window.page.waitForTimeout(5_000);
  await selectText(window, prompt);
  await window.runCommand('Image Studio: Generate Image…');
  await window.quickInput.expectValue(prompt);
  await shoot(window, 'prompt');

  await window.quickInput.accept();
  await toast(window, / 1[0-3] s · about \d+ s left/).waitFor();
  await shoot(window, 'progress');

  await toast(window, /Saved to /).waitFor();
  await showImage(window, `${slug}.png`);
  await shoot(window, 'saved');

  // Where the request was made, as a paragraph of its own.
  await tab(window, 'guide.md').click();
  await window.notifications.clickButton(/Saved to /, 'Insert');
  await window.page.locator('.view-line', { hasText: '![' }).waitFor();
  // Afterwards the document gets the focus, which would close a palette opened too soon.
  await window.page.waitForTimeout(1_000);
  await window.runCommand('Markdown: Open Preview to the Side');
  await window.webviewFrame('Preview guide.md');
  await window.page.waitForTimeout(1_500);
  await shoot(window, 'inserted');

  // An image that is looked at is shown beside its edit.
  await api.configure({ taskMs: 1_500 });
  await window.runCommand('View: Close All Editors');
  await window.explorerItem(`${slug}.png`).dblclick();
  await showImage(window, `${slug}.png`);
  await window.chooseFromExplorerMenu(`${slug}.png`, 'Edit Image…');
  await window.quickInput.expectTitle(`Edit ${slug}.png`);
  await window.quickInput.type('The same sea at dusk, deeper colours');
  await window.quickInput.accept();
  await toast(window, /Saved to .*\.edit\.png/).waitFor();
  await showImage(window, `${slug}.edit.png`);
  await window.page.waitForTimeout(1_500);
  await shoot(window, 'edited');

  await window.runCommand('View: Close All Editors');
  await openGuide(window);
  await makeQueue(window, api);
  await tab(window, 'guide.md').click();
  await window.runCommand('Image Studio: Show Jobs');
  await window.quickInput.expectPlaceholder('Filter by prompt');
  await window.page.waitForTimeout(500);
  await shoot(window, 'jobs');
  await window.quickInput.cancel();

  await window.runCommand('View: Close All Editors');
  await window.runCommand('Image Studio: Open Studio');
  const studio = await StudioFrame.of(window);
  await studio.prompt.fill('The outer light in a storm, in the style of image 1');
  await window.chooseFromExplorerMenu(
    'the-sea-at-dawn-an-island-far-out.png',
    'Use as Reference in Studio',
  );
  await studio.references.first().waitFor();
  await studio.cells(/Saved/).first().waitFor();
  // Small images are made when they are first seen.
  await window.page.waitForTimeout(3_000);
  await shoot(window, 'studio');
}

async function openGuide(window: WorkbenchPage): Promise<void> {
  await window.explorerItem('docs').waitFor();
  const document = window.explorerItem('guide.md');
  if (!(await document.isVisible())) await window.explorerItem('docs').click();
  await document.dblclick();
  await tab(window, 'guide.md').waitFor();
}

/** By its resource: newer editors write name and extension apart. */
function tab(window: WorkbenchPage, name: string) {
  return window.page.locator(`.tabs-container .tab[data-resource-name="${name}"]`);
}

/** As a user finds words: what is found stays selected when the search is closed. */
async function selectText(window: WorkbenchPage, text: string): Promise<void> {
  const { keyboard } = window.page;
  await window.page.locator('.monaco-editor .view-lines').first().click();
  await keyboard.press('Control+F');
  await keyboard.insertText(text);
  await keyboard.press('Enter');
  await keyboard.press('Escape');
}

/** A notification as it comes: behind the bell, where tests look as well, it is not beautiful. */
function toast(window: WorkbenchPage, text: RegExp) {
  return window.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
}

/** An image comes to the front where nobody writes, and otherwise waits in its tab. */
async function showImage(window: WorkbenchPage, name: string): Promise<void> {
  await tab(window, name).click();
  // The preview fits the image into the window after it has loaded.
  await window.statusBarItem('1536x1024').waitFor();
  await window.page.waitForTimeout(500);
}

/** Some images done, three being drawn, one waiting. */
async function makeQueue(window: WorkbenchPage, api: OfflineApi): Promise<void> {
  await window.runCommand('Notifications: Toggle Do Not Disturb Mode');
  // As long as those that are drawn in the images after: what is usual is told from them.
  await api.configure({ taskMs: 60_000 });
  // More than were faster, as the usual duration is the median.
  const drawn = [
    'A keeper on the stairs of the lighthouse',
    'Old harbour under snow, one lamp lit',
    'Five lighthouses along a northern coast, seen from the sea',
  ];
  for (const words of drawn) await draw(window, words);
  for (const words of drawn) await waitUntilDelivered(window, api, words);
  // None ends before the last screenshot.
  await api.configure({ taskMs: 120_000 });
  for (const words of [
    'The outer light on a clear night, stars above',
    'A steep path to the lighthouse, autumn',
    'A harbour at sunset, small boats',
    'A hero image for the website: calm sea, morning mist',
  ])
    await draw(window, words);
  await window.page.waitForTimeout(14_000);
}

async function waitUntilDelivered(
  window: WorkbenchPage,
  api: OfflineApi,
  words: string,
): Promise<void> {
  const isDelivered = async () =>
    (await api.tasks()).some((task) => task.prompt === words && task.resultDelivered > 0);
  while (!(await isDelivered())) await window.page.waitForTimeout(200);
  await window.page.waitForTimeout(500);
}

async function draw(window: WorkbenchPage, words: string): Promise<void> {
  // From the document, as the focus may be in the image made before.
  await tab(window, 'guide.md').click();
  await window.runCommand('Image Studio: Generate Image…');
  await window.quickInput.expectPlaceholder(/^Describe the image/);
  await window.quickInput.type(words);
  await window.quickInput.accept();
  await window.quickInput.expectClosed();
}

async function shoot(window: WorkbenchPage, name: string): Promise<void> {
  // Away from what would say what it is.
  await window.page.mouse.move(640, 560);
  await window.page.locator('.workbench-hover-container').first().waitFor({ state: 'hidden' });
  await window.page.waitForTimeout(500);
  const shot = await window.page.screenshot({ caret: 'initial' });
  const path = join(imageFolder, `${name}.webp`);
  // Letters stay sharp in colour, too, with smartSubsample.
  const { size } = await sharp(shot)
    .webp({ quality: 80, smartSubsample: true, effort: 6 })
    .toFile(path);
  if (size > maxBytes) throw new Error(`${path} has ${String(size)} of ${String(maxBytes)} bytes`);
  console.log(`${relative(projectFolder, path)}  ${String(Math.round(size / 1000))} kB`);
}

await main();
// A browser that was told to close may linger; the work is done.
process.exit(0);
