import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { findViolations } from '../e2e/findViolations.ts';
import { finishTasks, heldTasks } from '../e2e/heldTasks.ts';
import { startStudio, type Studio } from '../e2e/studioWindow.ts';
import { cacheFolder, projectFolder } from '../harness/cacheFolder.ts';
import { installChineseFont } from '../harness/installDebian.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import type { Frame } from 'playwright-core';

/**
 * `node test/tools/studioScreens.ts [en] [zh-cn]`: the Studio in the editor's default layout, in its
 * states, sizes, themes and languages, to be looked at; also says what axe-core finds.
 */
const folder = join(cacheFolder, 'studio-screens');
const sizes = [
  ['1366', { width: 1366, height: 768 }],
  ['zoomed', { width: 683, height: 384 }],
  // What the side bars leave is made `narrowPx`.
  ['narrow', { width: 974, height: 768 }],
] as const;
const themes = [
  ['light', 'Light 2026', 'vscode-light'],
  ['contrast', 'Dark High Contrast', 'vscode-high-contrast'],
  ['contrast-light', 'Light High Contrast', 'vscode-high-contrast-light'],
  ['dark', 'Dark 2026', 'vscode-dark'],
] as const;
const narrowPx = 320;
const settleMs = 400;

class Screens {
  readonly #studio: Studio;
  readonly #window: WorkbenchPage;
  readonly #locale: string;
  readonly #themes: readonly (typeof themes)[number][];
  #frame: Frame | undefined;

  constructor(studio: Studio, window: WorkbenchPage, locale: string) {
    this.#studio = studio;
    this.#window = window;
    this.#locale = locale;
    this.#themes = locale === 'en' ? themes : [themes[0]];
  }

  async take(): Promise<void> {
    await this.#window.runCommand(await this.#openTitle());
    this.#frame = await this.#window.webviewFrame('image-studio.evolink-image-studio');
    await this.#frame.locator('.generate-button').waitFor();
    await this.#shoot('empty');
    await this.#drop(['one.png', 'two.png', 'three.png']);
    await this.#write('the colours of image 1 and image 2, in the light of image 3');
    await this.#shoot('composing');
    while ((await this.#page.locator('.tray-item').count()) > 0)
      await this.#page.locator('.tray-image').first().press('Delete');
    await this.#draw('an old harbour in the morning mist', 4);
    await this.#page.locator('.cell-running').nth(3).waitFor();
    await this.#shoot('running');
    await this.#finish(4);
    await this.#draw('a steep path to the lighthouse, autumn', 1);
    await this.#finish(5);
    const fault = { kind: 'failed', code: 'content_policy_violation' } as const;
    await this.#studio.api.fault({ match: { promptIncludes: 'refused' }, fault });
    await this.#draw('something that is refused', 1);
    await waitUntil('the task', async () => (await this.#studio.api.tasks()).length === 6);
    await finishTasks(this.#studio.api);
    await this.#page.locator('.cell-failed').waitFor();
    await this.#shoot('gallery');
    await this.#page.locator('.mark button').click();
    await this.#page.locator('.compare img').nth(3).waitFor();
    await this.#shoot('compare');
    await this.#page.locator('.compare').press('Escape');
    await this.#page.locator('.cell-saved').first().dblclick();
    await this.#page.locator('.detail img').waitFor();
    await this.#shoot('detail');
    await this.#page.locator('.detail').press('Escape');
    await this.#page.locator('#prompt').press('Control+f');
    await this.#page.locator('.filter-search').waitFor();
    await this.#shoot('filter');
  }

  get #page(): Frame {
    if (!this.#frame) throw new Error('The Studio is not open');
    return this.#frame;
  }

  /** The command's title in the language of the window. */
  async #openTitle(): Promise<string> {
    const file = this.#locale === 'en' ? 'package.nls.json' : `package.nls.${this.#locale}.json`;
    const words = JSON.parse(await readFile(join(projectFolder, file), 'utf8')) as Record<
      string,
      string
    >;
    return `Image Studio: ${words['command.openStudio'] ?? ''}`;
  }

  async #write(prompt: string): Promise<void> {
    await this.#page.locator('#prompt').fill(prompt);
  }

  async #draw(prompt: string, count: number): Promise<void> {
    await this.#write(prompt);
    await this.#page
      .locator('.counts input')
      .nth(count - 1)
      .check({ force: true });
    await this.#page.locator('#prompt').press('Control+Enter');
    await this.#page.locator('.cell', { hasText: /./ }).first().waitFor();
    await this.#write('');
  }

  async #finish(saved: number): Promise<void> {
    await waitUntil(
      'the images',
      async () => {
        await finishTasks(this.#studio.api);
        return (await this.#page.locator('.cell-saved .cell-image.shown').count()) >= saved;
      },
      120_000,
    );
  }

  /** As the explorer does it. */
  async #drop(names: readonly string[]): Promise<void> {
    const uris = names.map((name) => `file://${join(this.#studio.workspace, name)}`);
    await this.#page.locator('#prompt').evaluate((element, list) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/uri-list', list);
      element.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer }));
    }, uris.join('\r\n'));
    await this.#page
      .locator('.tray-item img')
      .nth(names.length - 1)
      .waitFor();
  }

  async #shoot(state: string): Promise<void> {
    for (const [theme, label, kind] of this.#themes) {
      await this.#window.page.setViewportSize(sizes[0][1]);
      await this.#window.runCommand('Preferences: Color Theme');
      await this.#window.quickInput.type(label);
      await this.#window.quickInput.item(label).waitFor();
      await this.#window.quickInput.accept();
      await this.#page.waitForFunction(
        (wanted) => document.body.dataset['vscodeThemeKind'] === wanted,
        kind,
      );
      for (const [size, viewport] of sizes) {
        await this.#window.page.setViewportSize(viewport);
        await this.#window.page.waitForTimeout(settleMs);
        if (size === 'narrow') await this.#narrow(viewport);
        const name = `${this.#locale}-${state}-${theme}-${size}.png`;
        await this.#window.page.screenshot({ path: join(folder, name) });
        const found = await findViolations(this.#page);
        for (const each of found) console.log(`${name}: ${each}`);
      }
    }
    await this.#window.page.setViewportSize(sizes[0][1]);
    await this.#window.page.waitForTimeout(settleMs);
    console.log(`${this.#locale} ${state}`);
  }

  /** Leaves the Studio just as wide as it has to work. */
  async #narrow({ width, height }: { width: number; height: number }): Promise<void> {
    const tooWide = (await this.#page.evaluate(() => innerWidth)) - narrowPx;
    await this.#window.page.setViewportSize({ width: width - tooWide, height });
    await this.#page.waitForFunction((wanted) => Math.abs(innerWidth - wanted) < 3, narrowPx);
    await this.#window.page.waitForTimeout(settleMs);
  }
}

async function colour(background: string): Promise<Buffer> {
  const create = { width: 320, height: 240, channels: 3, background } as const;
  return await sharp({ create }).png().toBuffer();
}

async function main(locale: string): Promise<void> {
  const studio = await startStudio({
    asInstalled: true,
    api: { ...heldTasks, drawing: 'full' },
    files: {
      'one.png': await colour('#b5563c'),
      'two.png': await colour('#3c78b5'),
      'three.png': await colour('#5f9e4d'),
    },
    ...(locale !== 'en' && { locale }),
  });
  const options = { ...sizes[0][1], reducedMotion: true };
  const window = new WorkbenchPage(await studio.workbench.open(options));
  try {
    await new Screens(studio, window, locale).take();
  } catch (thrown) {
    console.error(`What was on the screen: ${await window.screenshot('studio-screens-failed')}`);
    throw thrown;
  } finally {
    await studio.stop();
  }
}

const languages = process.argv.slice(2);
await installChineseFont();
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const locale of languages.length > 0 ? languages : ['en', 'zh-cn']) await main(locale);
console.log(`Look at ${relative(projectFolder, folder)}`);
// A browser that was told to close may linger; the work is done.
process.exit(0);
