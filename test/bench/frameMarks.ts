import type { Frame, Page } from 'playwright-core';

/** What is looked for in every page inside a webview, by its selector. */
const sights = {
  /** All that the one-word panel has. */
  word: '#word',
  /** Where a request is written. */
  prompt: '#prompt',
  /** Drawn only once the host has told its state. */
  generate: 'studio-generate-button vscode-button',
  /** Its class says that it was loaded. */
  picture: '.cell img.shown',
};
export type Sight = keyof typeof sights;
export type Marks = Partial<Record<Sight, number>>;

interface Marked {
  imageStudioMarks?: Marks;
}

/**
 * From now on each webview of the page notes by itself when it first shows something: no question
 * from outside has to arrive in time. It looks from the frame around, which the editor keeps while
 * it writes the page into the one within.
 */
export async function watchFrames(page: Page): Promise<void> {
  await page.addInitScript(
    (wanted: [Sight, string][]) => {
      if (!location.search.includes('extensionId=')) return;
      const marks: Marks = {};
      (window as Marked).imageStudioMarks = marks;
      const look = () => {
        const shown = document.querySelector<HTMLIFrameElement>('#active-frame')?.contentDocument;
        for (const [name, selector] of wanted)
          if (marks[name] === undefined && shown?.querySelector(selector)) marks[name] = Date.now();
        // These two are the last that one page shows.
        if (marks.word === undefined && marks.picture === undefined) requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    },
    Object.entries(sights) as [Sight, string][],
  );
}

/** When what was shown in a webview, by its outer frame: milliseconds since 1970. */
export async function marksOf(frame: Frame): Promise<Marks> {
  try {
    return await frame.evaluate(() => (window as Marked).imageStudioMarks ?? {});
  } catch {
    // It went away while it was asked.
    return {};
  }
}
