import { strict as assert } from 'node:assert';
import sharp from 'sharp';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { findViolations } from './findViolations.ts';
import { finishTasks, heldTasks } from './heldTasks.ts';
import { StudioFrame } from './studioFrame.ts';
import { startStudio, type Studio } from './studioWindow.ts';

/** As the editor lists them, and as it calls their kind in a page. */
const themes = [
  ['light', 'Light 2026', 'vscode-light'],
  ['contrast', 'Dark High Contrast', 'vscode-high-contrast'],
  ['contrast-light', 'Light High Contrast', 'vscode-high-contrast-light'],
  // Last, so that it begins with the one it ends with.
  ['dark', 'Dark 2026', 'vscode-dark'],
] as const;

/**
 * Every state of the Studio in every theme: nothing for axe-core to find, and an image of each in
 * the artifacts, to be looked at.
 */
describe('the Studio in every state and theme', () => {
  let studio: Studio;
  let window: WorkbenchPage;
  let page: StudioFrame;

  before(async () => {
    studio = await startStudio({
      api: { taskMs: 2_000, drawing: 'full', credits: 120 },
      hasKey: false,
      files: {
        'reference-1.png': await colour('#b5563c'),
        'reference-2.png': await colour('#3c78b5'),
        'reference-3.png': await colour('#5f9e4d'),
      },
    });
    window = new WorkbenchPage(await studio.workbench.open({ reducedMotion: true }));
    page = await StudioFrame.open(window);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('studio-state-failed');
  });
  after(() => studio.stop());

  const colour = (background: string) =>
    sharp({ create: { width: 320, height: 240, channels: 3, background } })
      .png()
      .toBuffer();

  /** What lies over a state, or is opened in it, for as long as it is looked at. */
  interface Opened {
    name: string;
    open: () => Promise<unknown>;
    close: () => Promise<unknown>;
  }

  async function expectNothingWrong(state: string, ...opened: Opened[]): Promise<void> {
    const found: string[] = [];
    const look = async (name: string, theme: string) => {
      await window.screenshot(`studio-${name}-${theme}`);
      const violations = await findViolations(page.frame);
      found.push(...violations.map((each) => `${name}, ${theme}: ${each}`));
    };
    for (const [theme, label, kind] of themes) {
      await window.runCommand('Preferences: Color Theme');
      await window.quickInput.type(label);
      await window.quickInput.item(label).waitFor();
      await window.quickInput.accept();
      await page.frame.waitForFunction(
        (kind) => document.body.dataset['vscodeThemeKind'] === kind,
        kind,
      );
      await look(state, theme);
      for (const { name, open, close } of opened) {
        await open();
        await look(`${state}-${name}`, theme);
        await close();
      }
    }
    assert.deepEqual(found, []);
  }

  const variations: Opened = {
    name: 'compare',
    async open() {
      await page.frame.getByRole('button', { name: '6 variations' }).click();
      const images = page.frame.getByRole('dialog', { name: 'Compare 6 Images' }).locator('img');
      await waitUntil('six images', async () => (await images.count()) === 6);
    },
    async close() {
      const compared = page.frame.getByRole('dialog', { name: 'Compare 6 Images' });
      await compared.press('Escape');
      await compared.waitFor({ state: 'hidden' });
    },
  };
  const filters: Opened = {
    name: 'filters',
    async open() {
      await page.prompt.press('Control+f');
      await page.search.waitFor();
    },
    async close() {
      await page.frame.locator('.gallery-head button[aria-pressed="true"]').click();
      await page.search.waitFor({ state: 'hidden' });
    },
  };

  async function draw(prompt: string): Promise<void> {
    await page.prompt.fill(prompt);
    await page.prompt.press('Control+Enter');
  }

  it('without a key', async () => {
    await page.frame.getByRole('button', { name: 'Set API Key' }).first().waitFor();
    await expectNothingWrong('no-key');
  });

  it('with nothing drawn yet', async () => {
    await window.runCommand('Image Studio: Set API Key…');
    await window.quickInput.type(studio.api.key);
    await window.quickInput.accept();
    await page.frame.getByText('Nothing drawn yet').waitFor();
    await expectNothingWrong('empty');
  });

  it('while something is composed, with three references', async () => {
    for (const number of [1, 2, 3]) await addReference(number);
    await page.prompt.fill('the colours of image 1 and image 2, in the light of image 3');
    await waitUntil('three references', async () => (await page.references.count()) === 3);
    await expectNothingWrong('composing');
    while ((await page.references.count()) > 0) {
      await page.references.first().focus();
      await page.references.first().press('Delete');
    }
  });

  async function addReference(number: number): Promise<void> {
    await window.page.keyboard.press('Control+Shift+E');
    await window.chooseFromExplorerMenu(
      `reference-${String(number)}.png`,
      'Use as Reference in Studio',
    );
    await page.frame.getByRole('button', { name: `Image ${String(number)}:` }).waitFor();
  }

  it('while images are drawn and others wait', async () => {
    await studio.api.configure(heldTasks);
    for (let more = 1; more < 6; more += 1)
      await page.frame.getByRole('button', { name: 'More', exact: true }).click();
    await draw('an old harbour in the morning mist');
    await page
      .cells(/Drawing/)
      .nth(3)
      .waitFor();
    await page
      .cells(/Waiting/)
      .first()
      .waitFor();
    const last = page.cells(/Waiting, 1 before it/);
    const key = await last.getAttribute('data-key');
    await page.choose(last, 'Draw Next');
    await waitUntil(
      'the other to be last',
      async () => (await last.getAttribute('data-key')) !== key,
    );
    await expectNothingWrong('running');
  });

  it('with images that are done, and others that failed', async () => {
    for (let fewer = 0; fewer < 5; fewer += 1)
      await page.frame.getByRole('button', { name: 'Fewer', exact: true }).click();
    await page.frame.getByRole('radio', { name: /Landscape/ }).check({ force: true });
    const allSaved = async (): Promise<boolean> => {
      // Those that waited are accepted when others have ended.
      await finishTasks(studio.api);
      return (await page.cells(/harbour.*Saved/).count()) === 6;
    };
    await waitUntil('six images', allSaved, 180_000);
    await studio.api.configure({ taskMs: 2_000 });
    await draw('a lighthouse at dusk, oil on canvas');
    await page.cells(/dusk.*Saved/).waitFor({ timeout: 60_000 });
    await studio.api.fault({
      match: { route: 'create', promptIncludes: 'refused' },
      fault: {
        kind: 'status',
        status: 400,
        code: 'content_policy_violation',
        message: 'The prompt was refused by the safety system',
      },
    });
    await draw('something that is refused');
    await page
      .cells(/refused/)
      .first()
      .waitFor();
    await expectNothingWrong('mixed', variations, filters);
  });

  it('in detail', async () => {
    await page.cells(/dusk/).dblclick();
    await page.frame
      .getByRole('button', { name: /Back|Close/ })
      .first()
      .waitFor();
    await expectNothingWrong('detail');
    await page.frame
      .getByRole('button', { name: /Back|Close/ })
      .first()
      .click();
    await page.grid.waitFor();
  });

  it('when a search finds nothing', async () => {
    await page.find('submarine');
    await page.frame.getByText('No image matches').waitFor();
    await expectNothingWrong('no-hit');
    await page.find('');
  });

  it('when the account is out of credits', async () => {
    await studio.api.fault({
      match: { route: 'create' },
      times: 'always',
      fault: { kind: 'status', status: 402, code: 'insufficient_quota', message: 'No credits' },
    });
    await draw('a picture that has to wait');
    await page.frame
      .getByText(/out of credits/)
      .first()
      .waitFor();
    await expectNothingWrong('credits');
    await page.frame.getByRole('button', { name: 'Cancel All' }).click();
    await studio.api.clearFaults();
  });

  it('goes on when a user comes back who has bought credits elsewhere', async () => {
    await studio.api.configure({ credits: 0 });
    await draw('a picture that was topped up for');
    await waitUntil('a refusal, and a look at the account', async () => {
      const refused = (await studio.api.log({ route: 'create' })).at(-1);
      const looked = (await studio.api.log({ route: 'credits' })).at(-1);
      return refused?.status === 402 && looked !== undefined && looked.at > refused.at;
    });
    await page.cells(/topped up for, Waiting/).waitFor();
    // With the focus in the editor; in the Studio's page it is that page that a browser tells.
    await window.page.keyboard.press('Control+Shift+E');
    await window.page.waitForFunction(() => document.activeElement?.tagName !== 'IFRAME');
    const elsewhere = await window.leave();
    await studio.api.configure({ credits: 500 });
    await elsewhere.comeBack();
    await page.cells(/topped up for, Saved/).waitFor();
  });

  it('when the provider cannot be reached', async () => {
    await studio.api.configure({ taskMs: 60_000 });
    await draw('a picture behind a broken line');
    await page
      .cells(/broken line/)
      .first()
      .waitFor();
    await studio.api.configure({ offline: true });
    await page.frame
      .getByText(/cannot be reached/)
      .first()
      .waitFor({ timeout: 60_000 });
    await expectNothingWrong('offline');
    await studio.api.configure({ offline: false, taskMs: 2_000 });
  });

  /**
   * Prompt, Generate and the first row, without scrolling, as soon as the page is laid out for its
   * new size.
   */
  async function expectInSight(): Promise<void> {
    let bottoms: number[] = [];
    const isInSight = async () => {
      bottoms = await page.frame.evaluate(() =>
        ['#prompt', '.generate-button', '.cell'].map((each) => {
          const { top, height } = document.querySelector(each)?.getBoundingClientRect() ?? {
            top: Infinity,
            height: 0,
          };
          // Of a cell more than half is enough to know the image.
          return (top + height * 0.6) / innerHeight;
        }),
      );
      return Math.max(...bottoms) <= 1;
    };
    await waitUntil('everything in sight', isInSight).catch(async (thrown: unknown) => {
      const pane = page.frame.locator('.gallery-pane');
      const [scrolledPx, text] = [
        await pane.evaluate((it) => it.scrollTop),
        await pane.innerText(),
      ];
      throw new Error(`${bottoms.join()}, scrolled by ${String(scrolledPx)} px: ${text}`, {
        cause: thrown,
      });
    });
  }

  /** After Generate, wherever the gallery was scrolled to. */
  async function expectNewCellInSight(prompt: string): Promise<void> {
    await page.frame.locator('.gallery-pane').evaluate((it) => it.scrollTo(0, it.scrollHeight));
    await draw(prompt);
    const cell = page.cells(prompt).first();
    await waitUntil('the new cell in sight', () =>
      cell.evaluate((it) => {
        const { top, height } = it.getBoundingClientRect();
        return top >= 0 && top + height * 0.6 <= innerHeight;
      }),
    );
    await page.prompt.fill('');
  }

  it('beside a chat on the screen of many laptops', async () => {
    await page.cells(/broken line.*Saved/).waitFor({ timeout: 120_000 });
    await window.page.setViewportSize({ width: 1366, height: 768 });
    await window.runCommand('View: Toggle Secondary Side Bar Visibility');
    await page.frame.waitForFunction(() => innerWidth < 900);
    await page.prompt.fill('');
    const heightPx = () =>
      page.frame.locator('.compose').evaluate((it) => it.getBoundingClientRect().height);
    await waitUntil('a composer as low as that of a chat', async () => (await heightPx()) <= 130);
    await expectNewCellInSight('a new cell at its place');
    await window.screenshot('studio-laptop');
    await window.runCommand('View: Toggle Secondary Side Bar Visibility');
  });

  it('in a narrow place', async () => {
    // EvoLink is there again, and an earlier search is over: what is in sight is the Studio at rest.
    await page.cells(/broken line.*Saved/).waitFor({ timeout: 120_000 });
    await waitUntil('no notice', async () => (await page.frame.locator('.notice').count()) === 0);
    await filters.close();
    await window.page.setViewportSize({ width: 560, height: 900 });
    await page.frame.waitForFunction(() => innerWidth < 400);
    await expectInSight();
    await expectNothingWrong('narrow', variations, filters);
  });

  it('on the screen of many laptops at 200 %', async () => {
    await window.page.setViewportSize({ width: 683, height: 384 });
    await page.frame.waitForFunction(() => innerHeight < 330);
    await expectInSight();
    await expectNewCellInSight('a new cell of large letters');
    await page.cells(/of large letters, Saved/).waitFor({ timeout: 60_000 });
    await expectInSight();
    await expectNothingWrong('zoomed');
  });
});
