import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Frame, Page } from 'playwright-core';
import sharp from 'sharp';
import type { SavedJob } from '../../src/jobs/job.ts';
import { startStudio, type Studio } from '../e2e/studioWindow.ts';
import { projectFolder } from '../harness/cacheFolder.ts';
import { findWebviewFrame } from '../harness/findWebviewFrame.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { fillStore } from './fillStore.ts';
import { marksOf, type Sight, watchFrames } from './frameMarks.ts';

/** Keys that run a command without the palette, as in the fixture's package.json. */
const keys = { word: 'Control+Alt+1', studio: 'Control+Alt+2', closeAll: 'Control+Alt+3' };
const extensions = {
  word: 'image-studio-tests.one-word',
  studio: 'image-studio.evolink-image-studio',
};
export type Panel = keyof typeof extensions;

const distinctPictures = 50;
const sidePx = 384;
/** An image every half an hour, so that the gallery has days. */
const apartMs = 30 * 60_000;
/** Whatever the last panel left to be done. */
const settleMs = 700;

/** A window of the real workbench whose gallery holds so many images. */
export interface GalleryWindow {
  page: Page;
  /** Runs the command of a panel. @returns milliseconds until each sight of it was shown. */
  open: (panel: Panel, sights: readonly Sight[]) => Promise<number[]>;
  frame: (panel: Panel) => Promise<Frame>;
  reload: () => Promise<void>;
  stop: () => Promise<void>;
}

export async function openGalleryWindow(count: number): Promise<GalleryWindow> {
  const pictures = await drawPictures();
  const files = pictures.map(({ bytes }, index) => [nameOf(index), bytes] as const);
  const studio = await startStudio({
    files: Object.fromEntries(files),
    otherExtension: join(projectFolder, 'test', 'bench', 'fixtures', 'oneWord'),
  });
  try {
    await fillGallery(studio, count, pictures);
    return control(studio, await openPage(studio));
  } catch (thrown) {
    await studio.stop();
    throw thrown;
  }
}

interface Picture {
  bytes: Uint8Array;
  sha256: string;
}

function nameOf(index: number): string {
  return `images/picture-${String(index)}.png`;
}

async function drawPictures(): Promise<Picture[]> {
  return await Promise.all(
    Array.from({ length: distinctPictures }, async (_, index) => {
      const hue = Math.round((index * 360) / distinctPictures);
      const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(sidePx)}" height="${String(sidePx)}">
        <rect width="100%" height="100%" fill="hsl(${String(hue)} 60% 40%)"/>
        <circle cx="50%" cy="50%" r="${String(40 + index * 2)}" fill="hsl(${String(hue + 120)} 70% 70%)"/></svg>`;
      const bytes = await sharp(Buffer.from(drawing)).png().toBuffer();
      return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
    }),
  );
}

async function fillGallery(studio: Studio, count: number, pictures: Picture[]): Promise<void> {
  const storage = join(studio.dataDir, 'User', 'globalStorage', extensions.studio);
  const newestAt = Date.now();
  await fillStore(storage, count, (index): Partial<SavedJob> => {
    const at = index % distinctPictures;
    const createdAt = newestAt - (count - index) * apartMs;
    return {
      createdAt,
      acceptedAt: createdAt,
      finishedAt: createdAt + 60_000,
      savedAt: createdAt + 61_000,
      uri: pathToFileURL(join(studio.workspace, nameOf(at))).href,
      sha256: pictures[at]?.sha256 ?? '',
      sizeBytes: pictures[at]?.bytes.byteLength ?? 0,
      width: sidePx,
      height: sidePx,
    };
  });
}

async function openPage(studio: Studio): Promise<Page> {
  const page = await studio.workbench.open();
  await watchFrames(page);
  return page;
}

function control(studio: Studio, page: Page): GalleryWindow {
  const outerFrame = (panel: Panel) =>
    page.frames().find((each) => each.url().includes(`extensionId=${extensions[panel]}`));

  async function open(panel: Panel, sights: readonly Sight[]): Promise<number[]> {
    await closePanels();
    await page.waitForTimeout(settleMs);
    const startedAt = Date.now();
    await page.keyboard.press(keys[panel]);
    return await waitUntil(`${panel}: ${sights.join(', ')}`, async () => {
      const frame = outerFrame(panel);
      const marks = frame ? await marksOf(frame) : {};
      const shownAt = sights.flatMap((sight) => marks[sight] ?? []);
      return shownAt.length === sights.length && shownAt.map((at) => at - startedAt);
    });
  }

  async function closePanels(): Promise<void> {
    await page.keyboard.press(keys.closeAll);
    await waitUntil('no panel', () =>
      page.frames().every((each) => !each.url().includes('extensionId=')),
    );
  }

  return {
    page,
    open,
    frame: (panel) => findWebviewFrame(page, extensions[panel]),
    async reload() {
      await closePanels();
      await new WorkbenchPage(page).reload();
    },
    stop: () => studio.stop(),
  };
}
