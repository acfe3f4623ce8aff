import { strict as assert } from 'node:assert';
import { cp, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { artifactsFolder, projectFolder } from '../harness/cacheFolder.ts';
import { runProgram } from '../harness/runProgram.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const readme = `# Lighthouses

![a red lighthouse at dawn](images/dawn.png)

![the keeper with his lamp](images/keeper.png)

<img src="images/storm.png" alt="a storm over the sea" width="300" height="200">
`;

const page = `<!doctype html>
<html lang="en">
  <head>
    <title>The harbour</title>
    <style>
      header { height: 160px; background: url('images/waves.png') center / cover; }
    </style>
  </head>
  <body>
    <header></header>
    <h1>The harbour in winter</h1>
    <img src="images/boats.png" alt="fishing boats in the snow" width="300" height="200" />
    <img src="images/market.png" alt="a fish market at night" width="200" height="200" />
    <div id="app"></div>
    <script type="module" src="App.tsx"></script>
  </body>
</html>
`;

const component = `import { createRoot } from 'react-dom/client';
import pilot from './pilot.png';

function App() {
  return (
    <main>
      <img src={pilot} alt="a pilot boat in a storm" width="300" height="200" />
      <img src="/badge.png" alt="an anchor on a blue badge" width="100" height="100" />
    </main>
  );
}

createRoot(document.getElementById('app')!).render(<App />);
`;

/** Where each image of the page and its component is asked for, and its proportions. */
const siteImages = {
  'images/waves.png': undefined,
  'images/boats.png': 1.5,
  'images/market.png': 1,
  'pilot.png': 1.5,
  'public/badge.png': 1,
};

describe('a document whose images are missing', () => {
  let studio: Studio;
  let window: WorkbenchPage;

  before(async () => {
    studio = await startStudio({
      api: { taskMs: 2_000 },
      files: {
        'README.md': readme,
        'index.html': page,
        'App.tsx': component,
        'public/robots.txt': 'User-agent: *\n',
      },
    });
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('missing-images-failed');
  });
  after(() => studio.stop());

  async function listMissing(document: string, title: RegExp): Promise<void> {
    await window.explorerItem(document).dblclick();
    await window.editorTab(document).waitFor();
    await window.runCommand('Image Studio: Generate Missing Images…');
    await window.quickInput.expectTitle(title);
  }

  it('has them listed with their words and sizes', async () => {
    await listMissing('README.md', /^Generate 3 missing images of README\.md/);
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

  it('is a site that builds once its page and its component have them', async () => {
    await assert.rejects(buildSite(), /pilot\.png/);
    await listMissing('index.html', /^Generate 2 missing images of index\.html/);
    // A background has no words of its own, and is chosen by those around it.
    await window.quickInput.pick('waves.png');
    await window.quickInput.expectTitle(/^Generate 3 missing images of index\.html/);
    await window.quickInput.accept();
    await untilSaved('images/waves.png', 'images/boats.png', 'images/market.png');
    await listMissing('App.tsx', /^Generate 2 missing images of App\.tsx/);
    await window.screenshot('missing-images-component');
    await window.quickInput.accept();
    await untilSaved('pilot.png', 'public/badge.png');
    const built = await openSite(await buildSite());
    const shown = await waitUntil('the images of the site', () => imagesOf(built));
    assert.deepEqual(shown, Object.values(siteImages));
    await built.screenshot({ path: join(artifactsFolder, 'missing-images-site.png') });
    await built.close();
    assert.equal((await studio.api.tasks()).length, 3 + Object.keys(siteImages).length);
  });

  async function untilSaved(...paths: string[]): Promise<void> {
    for (const path of paths)
      await waitUntil(path, () =>
        stat(join(studio.workspace, path)).then(
          () => true,
          () => false,
        ),
      );
  }

  /** Builds what is in the workspace, beside it. @returns the folder of what was built */
  async function buildSite(): Promise<string> {
    const site = join(studio.workspace, '../site');
    await cp(studio.workspace, site, { recursive: true });
    const packages = join(projectFolder, 'node_modules');
    await symlink(packages, join(site, 'node_modules')).catch(() => undefined);
    const vite = join(packages, 'vite/bin/vite.js');
    await runProgram(process.execPath, [vite, 'build'], { cwd: site, timeoutMs: 60_000 });
    return join(site, 'dist');
  }

  async function openSite(folder: string): Promise<Page> {
    const site = await window.page.context().newPage();
    await site.route('http://site.test/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ path: join(folder, pathname === '/' ? 'index.html' : pathname) });
    });
    await site.goto('http://site.test/');
    return site;
  }
});

/** The proportions of all images of a page, once they are drawn; the first is its background. */
async function imagesOf(site: Page): Promise<(number | undefined)[] | undefined> {
  const [background, ...others] = await site.evaluate(async () => {
    const header = document.querySelector('header');
    const [, url = ''] =
      /url\("(.*)"\)/.exec(header ? getComputedStyle(header).backgroundImage : '') ?? [];
    const image = new Image();
    image.src = url;
    await image.decode().catch(() => undefined);
    const all = [image, ...document.images];
    return all.map(({ naturalWidth, naturalHeight }) => naturalWidth / naturalHeight);
  });
  const isWhole = others.length === 4 && [background, ...others].every(Number.isFinite);
  return isWhole ? [undefined, ...others] : undefined;
}
