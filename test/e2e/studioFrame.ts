import type { Frame, Locator } from 'playwright-core';
import type { WorkbenchPage } from '../harness/workbenchPage.ts';

const settlesMs = 3_000;

/** The Studio's page, by the names of what is in it. */
export class StudioFrame {
  readonly frame: Frame;
  readonly prompt: Locator;
  readonly generate: Locator;
  readonly grid: Locator;
  readonly search: Locator;
  /** Thumbnails in the tray. */
  readonly references: Locator;

  constructor(frame: Frame) {
    this.frame = frame;
    this.prompt = frame.getByRole('textbox', { name: 'Prompt', exact: true });
    this.generate = frame.getByRole('button', { name: /^Generate/ });
    this.grid = frame.getByRole('grid', { name: 'Gallery' });
    this.search = frame.getByRole('searchbox').or(frame.getByRole('textbox', { name: /Search/ }));
    this.references = frame.getByRole('button', { name: /^Image \d+:/ });
  }

  /** The Studio that is on the screen. */
  static async of(window: WorkbenchPage): Promise<StudioFrame> {
    for (;;) {
      const frame = await window.webviewFrame('image-studio.evolink-image-studio');
      const studio = new StudioFrame(frame);
      try {
        await studio.prompt.waitFor();
        return studio;
      } catch (thrown) {
        // The editor replaced the page.
        if (!frame.isDetached()) throw thrown;
      }
    }
  }

  /**
   * Finds the Studio after a reload, when the editor may replace its page while it restores itself.
   * In a browser it may also have forgotten which of its tabs was in front.
   */
  static async restored(window: WorkbenchPage): Promise<StudioFrame> {
    await window.page.locator('.tabs-container .tab', { hasText: 'Image Studio' }).click();
    for (;;) {
      const studio = await StudioFrame.of(window);
      await window.page.waitForTimeout(settlesMs);
      if (!studio.frame.isDetached()) return studio;
    }
  }

  static async open(window: WorkbenchPage): Promise<StudioFrame> {
    await window.runCommand('Image Studio: Open Studio');
    return await StudioFrame.of(window);
  }

  /** Cells whose name has this text. */
  cells(text: string | RegExp = ''): Locator {
    return this.grid.getByRole('gridcell', { name: text });
  }

  /** Searches, with the key that opens the search where it is not open. */
  async find(words: string): Promise<void> {
    if (!(await this.search.isVisible())) await this.prompt.press('Control+f');
    await this.search.fill(words);
  }

  /** Chooses from the menu of an image, which is asked for as slowly as a hand does. */
  async choose(cell: Locator, action: string | RegExp): Promise<void> {
    await cell.click({ button: 'right', delay: 150 });
    await this.frame.getByRole('menuitem', { name: action }).click();
  }
}
