import type { GalleryWindow } from './galleryWindow.ts';
import { StudioFrame } from '../e2e/studioFrame.ts';

/**
 * Types a word into the search of a Studio that is open. @returns milliseconds from the last
 * letter until the first image is one of that word. Afterwards everything is shown again.
 */
export async function searchMs(gallery: GalleryWindow, word: string): Promise<number> {
  const studio = new StudioFrame(await gallery.frame('studio'));
  const shown = studio.frame.evaluate((wanted) => {
    return new Promise<number>((resolve) => {
      let typedAt = 0;
      addEventListener('input', () => (typedAt = performance.now()), { capture: true });
      const look = () => {
        const label = document.querySelector('[role=gridcell]')?.getAttribute('aria-label') ?? '';
        const isShown = document.querySelector('[role=gridcell] img.shown') !== null;
        if (typedAt > 0 && label.includes(wanted) && isShown) resolve(performance.now() - typedAt);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }, word);
  await studio.find(word);
  const passedMs = await shown;
  await studio.find('');
  await studio.cells('bridge').first().waitFor();
  await gallery.page.waitForTimeout(settleMs);
  return passedMs;
}

const settleMs = 400;
