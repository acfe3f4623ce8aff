import type { Locator } from 'playwright-core';

/** How long a step that may have been lost is waited for before it is made again. */
const patienceMs = 2000;

/** Whether an attempt succeeds; why it did not is not asked. */
export function succeeds(attempt: Promise<void>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}

/** Whether an element is on the screen within moments. */
export function isShownSoon(element: Locator): Promise<boolean> {
  return succeeds(element.waitFor({ timeout: patienceMs }));
}

/** Whether an element could be clicked within moments. */
export function clicksSoon(element: Locator): Promise<boolean> {
  return succeeds(element.click({ timeout: patienceMs }));
}

/** Whether an input took a text within moments. */
export function fillsSoon(input: Locator, text: string): Promise<boolean> {
  return succeeds(input.fill(text, { timeout: patienceMs }));
}

/** Whether an element is gone within moments. */
export function isHiddenSoon(element: Locator): Promise<boolean> {
  return succeeds(element.waitFor({ state: 'hidden', timeout: patienceMs }));
}
