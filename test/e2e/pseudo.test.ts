import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import sharp from 'sharp';
import { projectFolder } from '../harness/cacheFolder.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import { shippedModels } from '../../src/evolink/models/shippedModels.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { finishTasks, heldTasks } from './heldTasks.ts';
import { pageTexts } from './pageTexts.ts';
import { pseudo, pseudoLocale, writePseudoLanguage } from './pseudoLanguage.ts';
import { startStudio, type Studio } from './studioWindow.ts';

const prompt = 'a kite over dunes';
const refusedPrompt = 'no such kite';
const providerMessage = 'The provider says no';
/** Texts of the user or the provider, and names that are not translated. */
const ownTexts = [
  ...[refusedPrompt, prompt, providerMessage, 'a-kite-over-dunes', 'one.png', '.png', 'images'],
  // The longer first: some begin as others do.
  ...shippedModels.map(({ id }) => id).toSorted((a, b) => b.length - a.length),
  ...['workspace', 'notes.md', 'lead', 'no-such-kite', 'one.edit'],
  // A key, and codes to ask EvoLink about.
  ...['Ctrl+F', 'moderated', 'content_policy_violation'],
];
/** Ids, and texts of Intl. */
const ownPatterns = [/task-[\w-]+|req[_-][\w-]+/g, /\d\s*(?:s|m|min|kB|MB|AM|PM)\b/g, /\bM\d\d\b/g];

interface Manifest {
  contributes: {
    commands: { command: string; title: string }[];
    menus: { commandPalette: { command: string; when: string }[] };
  };
}

describe('the Studio in a language nobody speaks', () => {
  let studio: Studio;
  let window: WorkbenchPage;
  let frame: Frame;

  before(async () => {
    const one = sharp({ create: { width: 96, height: 64, channels: 3, background: '#c04040' } });
    studio = await startStudio({
      api: { ...heldTasks, drawing: 'fast' },
      files: { 'notes.md': '# Notes\n', 'one.png': await one.png().toBuffer() },
      hasKey: false,
      locale: pseudoLocale,
    });
    await writePseudoLanguage(studio.dataDir);
    window = new WorkbenchPage(await studio.workbench.open());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await window.recordFailure('pseudo-failed');
  });
  after(() => studio.stop());

  const commandTitle = (title: string) => `${pseudo('Image Studio')}: ${pseudo(title)}`;
  const button = (name: string, ...values: string[]) =>
    frame.getByRole('button', { name: pseudo(name, ...values), exact: true });

  function untranslated(text: string): string[] {
    let rest = text;
    for (const word of ownTexts) rest = rest.replaceAll(word, ' ');
    for (const pattern of ownPatterns) rest = rest.replaceAll(pattern, ' ');
    return rest.match(/[A-Za-z]+/g) ?? [];
  }

  /** Findings are reported at the end, so that the journey goes on. */
  const escaped = new Set<string>();
  async function look(): Promise<void> {
    const texts = await pageTexts(frame);
    assert.ok(texts.filter(({ text }) => text.includes('⟦')).length > 10, 'There is little to see');
    for (const { place, text } of texts)
      if (untranslated(text).length > 0) escaped.add(`${place}: ${text}`);
  }

  async function generate(imagePrompt: string): Promise<Locator> {
    await frame.locator('#prompt').fill(imagePrompt);
    await frame.locator('#prompt').press('Control+Enter');
    const cell = frame.getByRole('gridcell', { name: imagePrompt }).first();
    return cell;
  }

  /** Lets tasks end, once so many were accepted. */
  async function finish(taskCount: number): Promise<void> {
    await waitUntil('the task', async () => (await studio.api.tasks()).length === taskCount);
    await finishTasks(studio.api);
  }

  it('asks for the key', async () => {
    await window.runCommand(commandTitle('Open Studio'));
    frame = await window.webviewFrame('image-studio.evolink-image-studio');
    await frame.getByRole('heading', { name: pseudo('Connect to EvoLink') }).waitFor();
    await look();
    await frame.locator('.card vscode-button').click();
    await window.quickInput.expectTitle(pseudo('Set EvoLink API Key'));
    await window.quickInput.type(studio.api.key);
    await window.quickInput.accept();
    // The key is checked in the box, which the palette would close.
    await window.quickInput.expectClosed();
  });

  it('names all commands of the palette', async () => {
    const manifest = await readJson<Manifest>('package.json');
    const words = await readJson<Record<string, string>>('package.nls.json');
    const { commands, menus } = manifest.contributes;
    const hidden = menus.commandPalette.filter(({ when }) => when === 'false');
    const shown = commands.filter(({ command }) =>
      hidden.every((each) => each.command !== command),
    );
    for (const { title } of shown) {
      const label = commandTitle(words[title.replaceAll('%', '')] ?? '');
      await window.openPalette();
      await window.quickInput.type(`>${label}`);
      await window.quickInput.item(label).waitFor();
      await window.quickInput.cancel();
    }
  });

  it('is empty, with words to begin with', async () => {
    await frame.getByRole('heading', { name: pseudo('Nothing drawn yet') }).waitFor();
    await look();
  });

  it('composes with a reference', async () => {
    await window.chooseFromExplorerMenu('one.png', pseudo('Use as Reference in Studio'));
    await button('Image {0}: {1}', '1', 'one.png').waitFor();
    await frame.locator('#prompt').fill(`${prompt} @`);
    await frame.getByRole('listbox', { name: pseudo('Reference images') }).waitFor();
    await look();
    await frame.locator('#prompt').press('Escape');
  });

  it('keeps a style', async () => {
    await button('Save or Remove Styles…').click();
    await frame.getByRole('menuitem', { name: pseudo('New Style…') }).waitFor();
    await look();
    await frame.getByRole('menuitem', { name: pseudo('New Style…') }).click();
    await frame.getByLabel(pseudo('Before the prompt')).waitFor();
    await look();
    await frame.locator('.style-form [name=name]').press('Escape');
  });

  it('draws, and saves', async () => {
    const cell = await generate(prompt);
    await window.dialog.getByText(pseudo('Upload {0} to EvoLink?', 'one.png')).waitFor();
    await window.clickDialogButton(pseudo('Upload Once'));
    await cell.filter({ has: frame.getByRole('progressbar') }).waitFor();
    await look();
    await finish(1);
    await frame.getByRole('gridcell', { name: pseudo('Saved') }).waitFor({ timeout: 60_000 });
    await look();
  });

  it('shows one image large, and what can be done with it', async () => {
    await frame.getByRole('gridcell', { name: prompt }).first().dblclick();
    const detail = frame.getByRole('dialog', { name: pseudo('Image Details') });
    await detail.locator('img').first().waitFor();
    await look();
    await detail.getByRole('button', { name: pseudo('More Actions…') }).click();
    await frame.getByRole('menuitem', { name: pseudo('Reveal in Explorer') }).waitFor();
    await look();
    await frame.page().keyboard.press('Escape');
    await frame.page().keyboard.press('Escape');
    await detail.waitFor({ state: 'hidden' });
  });

  it('says why an image failed', async () => {
    await studio.api.fault({
      match: { promptIncludes: refusedPrompt },
      fault: { kind: 'failed', code: 'content_policy_violation', message: providerMessage },
    });
    await button('Remove Image {0}', '1').click();
    await generate(refusedPrompt);
    await finish(2);
    await button('Why?').click({ timeout: 60_000 });
    await frame.getByRole('dialog', { name: pseudo('Why it failed') }).waitFor();
    await look();
    await frame.page().keyboard.press('Escape');
  });

  it('deletes, and finds nothing', async () => {
    await frame.getByRole('gridcell', { name: prompt }).first().click();
    await frame.page().keyboard.press('Delete');
    await button('Undo').waitFor();
    await frame.locator('#prompt').press('Control+f');
    await frame.getByRole('textbox', { name: pseudo('Search'), exact: true }).fill('lead');
    await frame.getByText(pseudo('No image matches.')).waitFor();
    await look();
  });

  it('had no word of another language', () => {
    assert.deepEqual([...escaped], []);
  });
});

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(join(projectFolder, path), 'utf8')) as T;
}
