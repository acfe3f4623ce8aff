import type { CDPSession, Frame } from 'playwright-core';
import { type Figure, median } from './figure.ts';
import type { GalleryWindow } from './galleryWindow.ts';

const passes = 3;
/** A frame scrolls by so much of what is in sight: as when the bar is dragged to the end. */
const partOfSight = 1;
const frameLimitMs = 50;
const growthLimit = 1.1;
const settleMs = 1_500;

/** From end to end of the gallery, again and again; and an empty page as long, for comparison. */
export async function measureScrolling(gallery: GalleryWindow): Promise<Figure[]> {
  await gallery.open('word', ['word']);
  const word = await gallery.frame('word');
  await word.evaluate(() => (document.body.style.height = '400000px'));
  const baselineMs = await scroll(word, 'html');
  await gallery.open('studio', ['picture']);
  const studio = await gallery.frame('studio');
  const session = await gallery.page.context().newCDPSession(gallery.page);
  const before = await memoryOf(session, studio);
  const longestMs: number[] = [];
  const after: Memory[] = [];
  for (let pass = 0; pass < passes; pass += 1) {
    longestMs.push(await scroll(studio, '.gallery-pane'));
    await gallery.page.waitForTimeout(settleMs);
    after.push(await memoryOf(session, studio));
  }
  const first = after[0] ?? before;
  const last = after.at(-1) ?? before;
  return [
    { name: 'scrolling an empty page, longest frame', value: ms(baselineMs) },
    {
      name: 'scrolling 10,000 entries end to end, longest frame, median of passes',
      value: ms(median(longestMs)),
      limit: `≤ ${ms(frameLimitMs)}`,
      isMet: median(longestMs) <= frameLimitMs,
    },
    { name: 'the same, worst of all passes', value: ms(Math.max(...longestMs)) },
    {
      name: `page memory before / after one / after ${String(passes)} passes`,
      value: [before, first, last].map(({ heapBytes }) => mb(heapBytes)).join(' / '),
      limit: `last ≤ ${String(growthLimit)} × first`,
      isMet: last.heapBytes <= growthLimit * first.heapBytes,
    },
    {
      name: 'elements in the page, likewise',
      value: [before, first, last].map(({ elements }) => String(elements)).join(' / '),
      limit: `last ≤ ${String(growthLimit)} × first`,
      isMet: last.elements <= growthLimit * first.elements,
    },
  ];
}

interface Memory {
  heapBytes: number;
  elements: number;
}

/** The heap is that of the whole window, whose process the editor's pages share. */
async function memoryOf(session: CDPSession, frame: Frame): Promise<Memory> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const elements = await frame.evaluate(() => document.querySelectorAll('*').length);
  return { heapBytes: usedSize, elements };
}

/** To the end and back to the beginning. @returns the longest time between two frames. */
async function scroll(frame: Frame, selector: string): Promise<number> {
  return await frame.evaluate(
    async ([wanted, part]) => {
      const scroller = document.querySelector<HTMLElement>(wanted);
      if (!scroller) throw new Error(`There is no ${wanted}`);
      const stepPx = Math.round(scroller.clientHeight * part);
      let longestMs = 0;
      let lastAt = await new Promise(requestAnimationFrame);
      const nextFrame = async () => {
        const at = await new Promise<number>(requestAnimationFrame);
        longestMs = Math.max(longestMs, at - lastAt);
        lastAt = at;
      };
      const end = () => scroller.scrollHeight - scroller.clientHeight - 1;
      while (scroller.scrollTop < end()) {
        scroller.scrollTop += stepPx;
        await nextFrame();
      }
      scroller.scrollTop = 0;
      await nextFrame();
      return longestMs;
    },
    [selector, partOfSight] as const,
  );
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
