import type { Locator, Page } from 'playwright-core';

import { clicksSoon, isHiddenSoon, isShownSoon } from './soon.ts';
import { wholeText } from './wholeText.ts';

const patienceMs = 60_000;

/**
 * The notifications of a window. A toast goes away after some seconds, and is not even shown where
 * there are three; the list behind the bell has what it said. So each step looks there, too.
 */
export class Notifications {
  readonly #list: Locator;
  readonly #bell: Locator;
  readonly #items: Locator;

  constructor(page: Page) {
    this.#list = page.locator('.notifications-center').filter({ visible: true });
    this.#bell = page.locator('.part.statusbar [id="status.notifications"]');
    this.#items = page
      .locator('.notifications-toasts, .notifications-center')
      .filter({ visible: true })
      .locator('.notification-list-item');
  }

  /** Waits for a notification that has this text, or matches it. */
  async expect(text: string | RegExp, timeoutMs = patienceMs): Promise<void> {
    const item = this.#item(text);
    await this.#retry(`"${String(text)}"`, timeoutMs, () => isShownSoon(item));
    await this.#setList(false);
  }

  /** Clicks a button of the notification that has this text, or matches it. */
  async clickButton(text: string | RegExp, button: string): Promise<void> {
    const item = this.#item(text);
    const named = item.locator('.monaco-button', { hasText: wholeText(button) });
    await this.#retry(`"${String(text)}" with a button "${button}"`, patienceMs, async () => {
      if (!(await isShownSoon(item))) return false;
      // Buttons are folded away when several notifications are shown, until one is pointed at.
      await item.hover({ timeout: patienceMs }).catch(() => undefined);
      // One that is still moving takes no click at times; one that took it goes.
      return (await clicksSoon(named)) && (await isHiddenSoon(named));
    });
    await this.#setList(false);
  }

  /** The messages of all notifications that were not dismissed, as far as the list has room. */
  async messages(): Promise<string[]> {
    await this.#retry('the list', patienceMs, () => isShownSoon(this.#list));
    const messages = await this.#messagesShown();
    await this.#setList(false);
    return messages;
  }

  #item(text: string | RegExp): Locator {
    return this.#items.filter({ hasText: text }).first();
  }

  async #messagesShown(): Promise<string[]> {
    const texts = await this.#items.locator('.notification-list-item-message').allInnerTexts();
    return texts.map((each) => each.trim());
  }

  /** Opens the list when a first attempt has failed, and tries until it is too late. */
  async #retry(what: string, timeoutMs: number, attempt: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await attempt())) {
      if (performance.now() > deadline) {
        const shown = (await this.#messagesShown()).join(' | ');
        throw new Error(`Among the notifications is no ${what}, but: ${shown}`);
      }
      // A list that is open when a notification comes stays where it is scrolled to, below that one.
      await this.#setList(false);
      await this.#setList(true);
    }
  }

  /** A click that fails, as below a dialog, is made again by whoever needs the list. */
  async #setList(isOpen: boolean): Promise<void> {
    if ((await this.#list.isVisible()) !== isOpen) await clicksSoon(this.#bell);
  }
}
