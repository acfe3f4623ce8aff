import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Frame, Locator, Page } from 'playwright-core';

import { artifactsFolder } from './cacheFolder.ts';
import { findWebviewFrame } from './findWebviewFrame.ts';
import { Notifications } from './notifications.ts';
import { QuickInput } from './quickInput.ts';
import { clicksSoon, fillsSoon, isShownSoon } from './soon.ts';
import { wholeText } from './wholeText.ts';
import { waitUntil } from './waitUntil.ts';
import { waitForWorkbench } from './windowOpener.ts';

const commandMs = 60_000;

const selectionSettlesMs = 500;
const menuClickMs = 3_000;
const menuOpensMs = 150;

/** A window of VS Code, as a user uses it. Each step waits for what it needs. */
export class WorkbenchPage {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
  }

  /** Reloads the window, as "Developer: Reload Window" does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await waitForWorkbench(this.page);
  }

  /** Goes to another tab of the browser. The driver takes each tab for the focused one otherwise. */
  async leave(): Promise<{ comeBack: () => Promise<void> }> {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    const other = await this.page.context().newPage();
    await other.bringToFront();
    await waitUntil('the focus elsewhere', () => this.page.evaluate(() => !document.hasFocus()));
    return {
      comeBack: async () => {
        await other.close();
        await this.page.bringToFront();
        await session.send('Emulation.setFocusEmulationEnabled', { enabled: true });
        await session.detach();
      },
    };
  }

  /** Ends the page as a crash of the browser does, without notice to the server. */
  async crash(): Promise<void> {
    const session = await this.page.context().newCDPSession(this.page);
    const crashed = new Promise((resolve) => this.page.once('crash', resolve));
    session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  async openPalette(): Promise<void> {
    // Keys are lost while a page that has just opened takes the focus, or one is busy.
    await waitUntil('the palette', async () => {
      await this.page.keyboard.press('F1');
      return await isShownSoon(this.quickInput.input);
    });
  }

  /** Runs a command from the palette by its whole title, as "Image Studio: Show Jobs". */
  async runCommand(title: string): Promise<void> {
    const deadline = performance.now() + commandMs;
    for (;;) {
      await this.openPalette();
      const row = this.quickInput.item(title);
      // An editor that opens meanwhile takes the focus, and the palette is gone at any moment.
      const isTyped = await fillsSoon(this.quickInput.input, `>${title}`);
      if (isTyped && (await isShownSoon(row)) && (await clicksSoon(row))) {
        // Where the mouse rests, the next box would show a hover over its own buttons.
        await this.page.mouse.move(0, 0);
        return;
      }
      // A palette that opened before the extensions were known does not learn of them later.
      await this.quickInput.cancel();
      if (performance.now() > deadline) {
        throw new Error(`The command palette knows no "${title}"`);
      }
    }
  }

  /** A modal question, wherever it is drawn. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async clickDialogButton(button: string): Promise<void> {
    await this.dialog.locator('.monaco-button', { hasText: wholeText(button) }).click();
  }

  /** A file or folder in the explorer's tree, by its name or what matches it. */
  explorerItem(name: string | RegExp): Locator {
    const hasText = typeof name === 'string' ? wholeText(name) : name;
    const label = this.page.locator('.label-name', { hasText });
    return this.page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ has: label })
      .first();
  }

  /** Selects files in the explorer, as with the control key held. */
  async selectFiles(...names: [string, ...string[]]): Promise<void> {
    const [first, ...others] = names;
    const deadline = performance.now() + commandMs;
    for (;;) {
      await this.explorerItem(first).click();
      await isShownSoon(this.editorTab(first));
      for (const name of others) await this.explorerItem(name).click({ modifiers: ['Control'] });
      // An editor that opens meanwhile is shown in the explorer, and nothing else is selected then.
      await this.page.waitForTimeout(selectionSettlesMs);
      const selected = await this.#selectedFiles();
      if (selected.toSorted().join() === names.toSorted().join()) return;
      if (performance.now() > deadline) throw new Error(`Selected are ${selected.join(', ')}`);
    }
  }

  async #selectedFiles(): Promise<string[]> {
    const rows = this.page.locator('.explorer-folders-view .monaco-list-row.selected');
    return (await rows.locator('.label-name').allInnerTexts()).map((each) => each.trim());
  }

  /** Right-clicks a file and chooses from its menu; more titles go on into submenus. */
  async chooseFromExplorerMenu(
    name: string | RegExp,
    ...titles: [string, ...string[]]
  ): Promise<void> {
    await this.#chooseFromMenuOf(String(name), this.explorerItem(name), titles);
  }

  /** Right-clicks an editor's tab and chooses from its menu; more titles go on into submenus. */
  async chooseFromTabMenu(name: string, ...titles: [string, ...string[]]): Promise<void> {
    await this.#chooseFromMenuOf(name, this.editorTab(name), titles);
  }

  /** Right-clicks a line of the text in front and chooses from its menu. */
  async chooseFromTextMenu(words: string, ...titles: [string, ...string[]]): Promise<void> {
    await this.#chooseFromMenuOf(words, this.textLine(words), titles);
  }

  /** The first line of a text that has these words. */
  textLine(words: string): Locator {
    return this.page.locator('.view-line', { hasText: words }).first();
  }

  async #chooseFromMenuOf(
    name: string,
    target: Locator,
    titles: [string, ...string[]],
  ): Promise<void> {
    const deadline = performance.now() + commandMs;
    for (;;) {
      // The hover of a row that the mouse rests on covers the rows below it.
      await this.page.mouse.move(0, 0);
      await target.click({ button: 'right' });
      // A menu that opened before the extensions were known does not learn of them later, and one
      // goes away when an editor that was about to open takes the focus.
      if ((await isShownSoon(this.menuItem(titles[0]))) && (await this.#hasChosen(titles))) return;
      if (performance.now() > deadline)
        throw new Error(`The menu of ${name} has no "${titles.join('" › "')}"`);
      await this.page.keyboard.press('Escape');
    }
  }

  async #hasChosen(titles: string[]): Promise<boolean> {
    try {
      await this.#clickMenuItem(titles, menuClickMs);
      return true;
    } catch {
      return false;
    }
  }

  /** Chooses what the editor offers to do at the cursor. */
  async chooseCodeAction(title: string): Promise<void> {
    const deadline = performance.now() + commandMs;
    const offered = this.page.locator('.action-widget').getByText(title);
    for (;;) {
      // The key is lost while an editor that has just opened takes the focus.
      await this.page.keyboard.press('Control+.');
      if ((await isShownSoon(offered)) && (await clicksSoon(offered))) return;
      if (performance.now() > deadline) throw new Error(`The editor does not offer "${title}"`);
      await this.page.keyboard.press('Escape');
    }
  }

  /** Drags a file onto something, with Shift held as a webview needs it. */
  async dragFromExplorer(name: string, target: Locator): Promise<void> {
    const { mouse, keyboard } = this.page;
    const from = centreOf(await this.explorerItem(name).boundingBox());
    const to = centreOf(await target.boundingBox());
    await mouse.move(from.x, from.y);
    await mouse.down();
    await keyboard.down('Shift');
    try {
      // The editor hands a drag to a webview once it has seen it with Shift.
      await mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 10 });
      await mouse.move(to.x, to.y, { steps: 10 });
      await mouse.move(to.x + 2, to.y + 2, { steps: 5 });
    } finally {
      await mouse.up();
      await keyboard.up('Shift');
    }
  }

  /** An item of the menu that is open. */
  menuItem(title: string): Locator {
    const label = this.page.locator('.action-label', { hasText: wholeText(title) });
    return this.page.locator('.monaco-menu .action-item').filter({ has: label }).last();
  }

  async #clickMenuItem(titles: string[], timeout: number): Promise<void> {
    const last = titles.at(-1) as string;
    for (const title of titles.slice(0, -1)) await this.menuItem(title).hover({ timeout });
    const item = this.menuItem(last);
    await item.waitFor({ timeout });
    await this.#untilMenuTakesClicks();
    await item.click({ timeout });
    await item.waitFor({ state: 'hidden', timeout });
  }

  /**
   * A menu ignores a click within 100 ms of its opening; a timer of its page says when they have
   * passed. An ignored click would not be noticed when something else closes the menu.
   */
  async #untilMenuTakesClicks(): Promise<void> {
    await this.page.evaluate(
      (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      menuOpensMs,
    );
  }

  /** A status bar item that has this text, or matches it. */
  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text });
  }

  /** The names of the open editors: a newer VS Code shows them in parts, so not what is drawn. */
  async editorTabs(): Promise<string[]> {
    return await this.page
      .locator('.tabs-container .tab')
      .evaluateAll((tabs) => tabs.map((tab) => tab.getAttribute('data-resource-name') ?? ''));
  }

  /** An editor's tab by its whole name. */
  editorTab(name: string): Locator {
    const quoted = JSON.stringify(name);
    return this.page.locator(`.tabs-container .tab[data-resource-name=${quoted}]`).first();
  }

  /** The page inside a webview, by its title or by its extension's id. */
  webviewFrame(titleOrExtensionId: string): Promise<Frame> {
    return findWebviewFrame(this.page, titleOrExtensionId);
  }

  /** Keeps an image of the window, and prints its texts: an image stays on the machine that ran. */
  async recordFailure(name: string): Promise<void> {
    const shown = {
      box: this.quickInput.widget,
      dialog: this.dialog,
      notification: this.page.locator('.notification-list-item'),
      tab: this.page.locator('.tab.active'),
    };
    for (const [what, locator] of Object.entries(shown))
      for (const text of await locator.allInnerTexts())
        console.log(`On the screen: ${what}: ${JSON.stringify(text.slice(0, 500))}`);
    const focused = await this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 300));
    console.log(`On the screen: focus: ${JSON.stringify(focused)}`);
    console.log(`On the screen: ${await this.screenshot(name)}`);
  }

  /** Keeps an image of the window and returns its path. */
  async screenshot(name: string): Promise<string> {
    await mkdir(artifactsFolder, { recursive: true });
    const path = join(artifactsFolder, `${name}.png`);
    // Animations are to have ended.
    await this.page.evaluate(async () => {
      const passing = document
        .getAnimations()
        .filter((each) => each.effect?.getTiming().iterations !== Infinity);
      await Promise.allSettled(passing.map((each) => each.finished));
    });
    await this.page.screenshot({ path });
    return path;
  }
}

function centreOf(box: { x: number; y: number; width: number; height: number } | null) {
  if (!box) throw new Error('What is to be dragged, or its aim, is not on the screen');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
