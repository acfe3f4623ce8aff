import type { Frame, Page } from 'playwright-core';

import { waitUntil } from './waitUntil.ts';

/**
 * The frame that holds a webview's own page. VS Code puts it into a frame called `active-frame`,
 * inside a page of its own, which has the id of the extension in its address.
 */
export async function findWebviewFrame(page: Page, titleOrExtensionId: string): Promise<Frame> {
  return waitUntil(`a webview "${titleOrExtensionId}"`, async () => {
    for (const frame of page.frames()) {
      if (await isWanted(frame, titleOrExtensionId)) return frame;
    }
    return undefined;
  });
}

async function isWanted(frame: Frame, titleOrExtensionId: string): Promise<boolean> {
  const outer = frame.parentFrame();
  if (outer === null || !outer.url().includes('extensionId=')) return false;
  try {
    const element = await frame.frameElement();
    // A page that is still loading is in another frame, which takes the place of this one later.
    if ((await element.getAttribute('id')) !== 'active-frame' || !(await element.isVisible())) {
      return false;
    }
    const extensionId = new URL(outer.url()).searchParams.get('extensionId') ?? '';
    return (
      extensionId.toLowerCase() === titleOrExtensionId.toLowerCase() ||
      (await element.getAttribute('title')) === titleOrExtensionId
    );
  } catch {
    // It went away while it was looked at.
    return false;
  }
}
