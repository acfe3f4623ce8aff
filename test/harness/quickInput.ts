import type { Locator, Page } from 'playwright-core';

import { fillsSoon, isHiddenSoon, isShownSoon, succeeds } from './soon.ts';
import { waitUntil } from './waitUntil.ts';
import { wholeText } from './wholeText.ts';

/** The box at the top of the window: input boxes, quick picks, and the command palette. */
export class QuickInput {
  readonly #page: Page;
  /** The box itself. */
  readonly widget: Locator;
  readonly input: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator('.quick-input-widget').filter({ visible: true });
    this.input = this.widget.locator('.quick-input-filter input, .quick-input-filter textarea');
  }

  /** Waits for a box whose input has this placeholder, or matches it. */
  async expectPlaceholder(placeholder: string | RegExp): Promise<void> {
    await this.widget.getByPlaceholder(placeholder).first().waitFor();
  }

  title(title: string | RegExp): Locator {
    return this.widget.locator('.quick-input-title', { hasText: title });
  }

  async expectTitle(title: string | RegExp): Promise<void> {
    await this.title(title).waitFor();
  }

  /** Replaces what is in the input. */
  async type(text: string): Promise<void> {
    await this.input.fill(text);
  }

  /** Types until a row with this label comes: a box that is still being filled forgets the text. */
  async typeFor(text: string, label: string): Promise<void> {
    await waitUntil(
      `the row "${label}"`,
      async () => (await fillsSoon(this.input, text)) && (await isShownSoon(this.item(label))),
    );
  }

  async value(): Promise<string> {
    return this.input.inputValue();
  }

  /** What the next key would replace. */
  async selectedText(): Promise<string> {
    return await this.input.evaluate((input: HTMLInputElement) =>
      input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0),
    );
  }

  /** Waits until the input holds this, which an extension may have put there. */
  async expectValue(value: string): Promise<void> {
    await waitUntil(`"${value}" in the input`, async () => (await this.value()) === value);
  }

  async accept(): Promise<void> {
    await this.input.press('Enter');
  }

  /** A hover over a row takes the first Escape. */
  async cancel(): Promise<void> {
    await waitUntil('the box gone', async () => {
      await succeeds(this.input.press('Escape', { timeout: 1_000 }));
      return await isHiddenSoon(this.widget);
    });
  }

  async expectClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** What is said under the input: a prompt, or what is wrong with the value. */
  async message(): Promise<string> {
    return (await this.widget.locator('.quick-input-message').innerText()).trim();
  }

  /** Waits for a prompt or a validation message that has this text, or matches it. */
  async expectMessage(text: string | RegExp): Promise<void> {
    await this.widget.locator('.quick-input-message', { hasText: text }).waitFor();
  }

  /** The labels of the rows on the screen, once there are some. */
  async items(): Promise<string[]> {
    await this.#rows().first().waitFor();
    const names = this.#rows().locator('.quick-input-list-row:first-child .label-name');
    return (await names.allInnerTexts()).map((each) => each.trim());
  }

  /** The row with this label; it may have to be typed for when the list is long. */
  item(label: string): Locator {
    const name = this.#page.locator('.monaco-icon-label-container .label-name', {
      hasText: wholeText(label),
    });
    return this.#rows().filter({ has: name }).first();
  }

  async pick(label: string): Promise<void> {
    await this.item(label).click();
  }

  /** A button of the box, by its tooltip: beside the title, in the input, or an OK. */
  button(name: string | RegExp): Locator {
    const pattern = typeof name === 'string' ? wholeText(name) : name;
    const byRole = (role: 'button' | 'checkbox') => this.widget.getByRole(role, { name: pattern });
    return byRole('button').or(byRole('checkbox')).first();
  }

  async clickButton(name: string | RegExp): Promise<void> {
    // The hover of what the mouse rests on may cover the button.
    await this.widget.page().mouse.move(0, 0);
    await this.button(name).click();
  }

  #rows(): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row');
  }
}
