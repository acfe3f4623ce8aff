import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { type BrowserContext, chromium, type Page } from 'playwright-core';

import { chromiumOptions } from './chromiumOptions.ts';

export interface WindowOptions {
  width?: number;
  height?: number;
  /** What the system prefers; the editor follows with `window.autoDetectColorScheme`. */
  colorScheme?: 'dark' | 'light';
  forcedColors?: boolean;
  reducedMotion?: boolean;
  /** Shows the browser to a user. All windows of a workbench share the first one's choice. */
  headed?: boolean;
  /** Returns as soon as the page loads, not when the workbench is drawn. */
  earlyReturn?: boolean;
}

const readyMs = 60_000;
/** For what a step waits for, unless it says otherwise: a machine may be busy with other things. */
const stepMs = 60_000;

/**
 * Opens windows of one workbench. They share a browser profile on the disk, since a good part of a
 * user's state (secrets, sealed with a key of the server, and the state of extensions) is there.
 */
export class WindowOpener {
  readonly #url: string;
  readonly #profile: string;
  readonly #locale: string | undefined;
  #context: Promise<BrowserContext> | undefined;

  constructor(url: string, profile: string, locale: string | undefined) {
    this.#url = url;
    this.#profile = profile;
    this.#locale = locale;
  }

  async open(options: WindowOptions = {}): Promise<Page> {
    this.#context ??= this.#launch(options.headed ?? false);
    const page = await (await this.#context).newPage();
    page.setDefaultTimeout(stepMs);
    await page.setViewportSize({ width: options.width ?? 1280, height: options.height ?? 800 });
    await page.emulateMedia({
      colorScheme: options.colorScheme ?? 'dark',
      forcedColors: options.forcedColors === true ? 'active' : 'none',
      reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
    });
    await page.goto(this.#url);
    if (options.earlyReturn !== true) await waitForWorkbench(page);
    return page;
  }

  async close(): Promise<void> {
    const context = await this.#context?.catch(() => undefined);
    this.#context = undefined;
    // One by one: a window that ends with its browser does not notify the server, which
    // then keeps its extension host for hours.
    for (const page of context?.pages() ?? []) await page.close();
    await context?.close();
  }

  async #launch(headed: boolean): Promise<BrowserContext> {
    // Left by a browser that was killed; on a machine with a new name it would be believed.
    await rm(join(this.#profile, 'SingletonLock'), { force: true });
    const context = await chromium.launchPersistentContext(this.#profile, {
      ...(await chromiumOptions()),
      headless: !headed,
      ...(this.#locale === undefined ? {} : { locale: this.#locale }),
      permissions: ['clipboard-read', 'clipboard-write'],
      // Ctrl+C ends the servers first; the browser goes when this process does.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    // A closing window asks whether to leave; that is answered, not waited for.
    context.on('page', (page) => page.on('dialog', (dialog) => void dialog.accept()));
    return context;
  }
}

/** Waits until the workbench is drawn and its status bar has arrived. Good after a reload, too. */
export async function waitForWorkbench(page: Page): Promise<void> {
  await page.locator('.monaco-workbench .part.statusbar .statusbar-item').first().waitFor({
    timeout: readyMs,
  });
}
