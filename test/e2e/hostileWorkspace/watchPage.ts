import type { Page } from 'playwright-core';
import { foreignIcon } from './texts.ts';

/** Where the editor shows texts of ours and makes links of some. */
const places = [
  '.notification-list-item-message',
  '.monaco-dialog-box',
  '.quick-input-widget',
  '.part.statusbar',
  '.workbench-hover',
  '.action-widget',
];

/**
 * Looks at a window from now on, with each of its changes, for what no text of others may become: a
 * link, or an icon. Dialogs of the browser, as `alert()` opens them, count too.
 * @returns what was found until then
 */
export async function watchPage(page: Page): Promise<() => Promise<string[]>> {
  const alerts: string[] = [];
  page.on('dialog', (dialog) => alerts.push(`${dialog.type()}: ${dialog.message()}`));
  const links = places.flatMap((place) => [`${place} a[href]`, `${place} a[data-href]`]).join();
  await page.evaluate(
    ([links, icon]) => {
      const found = new Set<string>();
      const look = () => {
        for (const each of document.querySelectorAll(`${links}, .codicon-${icon}`))
          found.add(each.outerHTML);
      };
      const options = { subtree: true, childList: true, attributes: true, characterData: true };
      new MutationObserver(look).observe(document.body, options);
      Object.assign(globalThis, { foundByTest: found });
    },
    [links, foreignIcon] as const,
  );
  return async () => [
    ...alerts,
    ...(await page.evaluate(() => [
      ...(globalThis as unknown as { foundByTest: Set<string> }).foundByTest,
    ])),
  ];
}
