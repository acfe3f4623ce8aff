import { strict as assert } from 'node:assert';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { assertNeverHeld } from '../harness/hostWatch.ts';
import { fillsSoon, isShownSoon } from '../harness/soon.ts';
import { waitUntil } from '../harness/waitUntil.ts';
import { WorkbenchPage } from '../harness/workbenchPage.ts';
import { hostileHtmlLinks, hostileLinks } from './hostileWorkspace/documents.ts';
import { makeHostileWorkspace } from './hostileWorkspace/makeWorkspace.ts';
import {
  hostileStyle,
  hostileStyles,
  uselessSettings,
  wrongSettings,
} from './hostileWorkspace/settings.ts';
import { snapshotOf } from './hostileWorkspace/snapshot.ts';
import { commandLink, icon } from './hostileWorkspace/texts.ts';
import { watchPage } from './hostileWorkspace/watchPage.ts';
import { StudioFrame } from './studioFrame.ts';
import { startStudio, type Studio } from './studioWindow.ts';

/** Seven hostile images are judged, one after the other, and each is asked about. */
const questionsMs = 180_000;
const safePrompt = 'a careful cat';
/** What a text in the Studio's page could become. */
const madeOfTexts = `[...document.querySelectorAll(
  'a[href], iframe, object, embed, img[src="x"], [onerror], [onload]',
)].map(({ outerHTML }) => outerHTML)`;
const oddNames = [
  ...[/^\[Fix\].*png$/, /rocket/, /photo/, /two/, /onerror/, /prompt/, /%2foutside/, /xxxx/],
  /leads-outside/,
] as const;
const brokenImages = [
  ...['bomb.png', 'empty.png', 'endless.jpg', 'million.jpg', 'page.png', 'polyglot.png'],
  ...['script.svg', 'sparse.jpg', 'truncated.png'],
] as const;

for (const isTrusted of [false, true])
  describe(`a workspace made to attack, ${isTrusted ? 'trusted' : 'in Restricted Mode'}`, () => {
    let studio: Studio;
    let window: WorkbenchPage;
    let thief: Server;
    let thiefHeard = 0;
    let foundOnPage: () => Promise<string[]>;
    let outsideBefore: Record<string, string>;

    const outside = () => join(studio.workspace, '..', 'outside');

    before(async () => {
      thief = createServer((_, response) => {
        thiefHeard += 1;
        response.end('{}');
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => thief.once('listening', resolve));
      const thiefUrl = `http://127.0.0.1:${String((thief.address() as AddressInfo).port)}`;
      studio = await startStudio({
        api: { taskMs: 500, drawing: 'fast' },
        prepare: (workspace) => makeHostileWorkspace(workspace, thiefUrl, isTrusted),
        trust: isTrusted,
        // Else one step down is not one line.
        userSettings: { '[markdown]': { 'editor.wordWrap': 'off' } },
        watchesHosts: true,
      });
      outsideBefore = await snapshotOf(outside());
      window = new WorkbenchPage(await studio.workbench.open());
      foundOnPage = await watchPage(window.page);
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed')
        await window.screenshot(`hostile-workspace-${isTrusted ? 'trusted' : 'restricted'}-failed`);
    });
    after(async () => {
      await studio.stop();
      thief.close();
    });

    async function clickTogether(names: readonly (string | RegExp)[]): Promise<void> {
      const selected = window.page.locator('.explorer-folders-view .monaco-list-row.selected');
      await waitUntil('the selection', async () => {
        for (const [index, name] of names.entries())
          await window.explorerItem(name).click(index === 0 ? {} : { modifiers: ['Control'] });
        // An editor that opens meanwhile is shown in the explorer, and nothing else is selected then.
        await window.page.waitForTimeout(500);
        return (await selected.count()) === names.length;
      });
    }

    /** Says yes to each question, and returns them. An image is judged before the next is asked about. */
    async function agreeToAll(button: string, until: () => Promise<boolean>): Promise<string[]> {
      const asked: string[] = [];
      await waitUntil(
        'the last question',
        async () => {
          const text = await window.dialog
            .filter({ hasText: /\S/ })
            .innerText({ timeout: 200 })
            .catch(() => undefined);
          if (text === undefined) return await until();
          if (asked.at(-1) !== text) asked.push(text);
          await window.clickDialogButton(button).catch(() => undefined);
          return false;
        },
        questionsMs,
      );
      return asked;
    }

    const isBoxOpen = () => window.quickInput.widget.isVisible();

    async function ask(prompt: string): Promise<void> {
      await window.runCommand('Image Studio: Generate Image…');
      await window.quickInput.expectTitle('Generate Image');
      await window.quickInput.type(prompt);
      await window.quickInput.accept();
    }

    async function writeSettings(settings: Record<string, unknown>): Promise<void> {
      const file = await workspaceFile();
      const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      await writeFile(file, JSON.stringify({ ...content, settings }));
    }

    async function workspaceFile(): Promise<string> {
      const names = await readdir(studio.workspace);
      return join(studio.workspace, names.find((name) => name.endsWith('.code-workspace')) ?? '');
    }

    /** Generates until the settings that were just written count. */
    async function generateUntil(said: RegExp): Promise<void> {
      const item = window.page.locator('.notification-list-item', { hasText: said }).first();
      await waitUntil(String(said), async () => {
        await window.runCommand('Image Studio: Generate Image…');
        // Where the image goes is asked only when the prompt is there.
        if (await fillsSoon(window.quickInput.input, safePrompt)) await window.quickInput.accept();
        const isSaid = await isShownSoon(item);
        if (await isBoxOpen()) await window.quickInput.cancel();
        return isSaid;
      });
    }

    if (isTrusted) {
      it('is told in one plain line which of its settings is wrong', async () => {
        for (const [name, value, said] of wrongSettings) {
          await writeSettings({ [`imageStudio.${name}`]: value });
          await generateUntil(said);
          if (name === 'size') await window.screenshot('hostile-setting');
          await window.runCommand('Notifications: Clear All Notifications');
        }
      });
      it('opens the settings at the one that is wrong', async () => {
        await writeSettings({ 'imageStudio.size': commandLink });
        await generateUntil(/The size/);
        await window.notifications.clickButton(/The size/, 'Open Settings');
        const settings = window.page.locator('.settings-editor');
        await settings.waitFor();
        await waitUntil('the settings to close', async () => {
          await window.page.keyboard.press('Escape');
          return !(await settings.isVisible());
        });
        await writeSettings({ ...uselessSettings, 'imageStudio.output.directory': 'pictures' });
      });
    } else
      it('cannot say how an image is made, and where it is saved', async () => {
        await window.runCommand('Image Studio: Generate Image…');
        await window.quickInput.expectTitle('Generate Image');
        await window.quickInput.expectMessage(/1024x1024 · Auto quality · 1 image/);
        await window.quickInput.type(safePrompt);
        await window.quickInput.accept();
        // The folder of the defaults is a link that leads outside.
        await window.notifications.expect(/nothing is saved in .*images, which leads to .*outside/);
      });

    if (!isTrusted) documentsAndNames();

    it('puts nothing but texts and images into the Studio', async () => {
      await window.page.locator('.statusbar-item[id*="image-studio"]').first().click();
      await StudioFrame.of(window);
      await clickTogether([/^\[Fix\].*png$/, /rocket/, /onerror/]);
      await window.chooseFromExplorerMenu(/rocket/, 'Use as Reference in Studio');
      const page = await StudioFrame.of(window);
      await page.references.nth(2).waitFor();
      await drop(page, [
        'command:imageStudio.clearApiKey?a.png',
        'javascript:alert(1)//a.png',
        'file:///etc/passwd',
        `file://${studio.workspace}/bomb.png`,
        `file://${studio.workspace}/two%0Alines.png`,
      ]);
      await page.references.nth(3).waitFor();
      await page.frame
        .getByText(/passwd/)
        .first()
        .waitFor();
      await page.prompt.fill(`<img src=x onerror=alert(1)> ${commandLink}`);
      assert.deepEqual(await page.frame.evaluate<string[]>(madeOfTexts), []);
      await window.runCommand('View: Close All Editors');
    });

    /** As the explorer of the system does it. */
    async function drop(page: StudioFrame, uris: string[]): Promise<void> {
      await page.prompt.evaluate((element, list) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.setData('text/uri-list', list);
        element.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer }));
      }, uris.join('\r\n'));
    }

    if (isTrusted)
      it('has words in its styles, which are sent and never run', async () => {
        await writeSettings({
          'imageStudio.styles': hostileStyles,
          'imageStudio.output.directory': 'pictures',
        });
        const page = await StudioFrame.open(window);
        const style = page.frame.locator('vscode-single-select').filter({ hasText: '[Fix]' });
        await style.evaluate((element, name) => {
          Object.assign(element, { value: name }).dispatchEvent(new Event('change'));
        }, hostileStyle);
        await page.prompt.fill('a styled cat');
        await page.generate.click();
        await agreeToAll('Upload Once', async () => {
          const words = (await studio.api.tasks()).map(({ prompt }) => prompt);
          return words.includes('<img src=x onerror=alert(1)> a styled cat $(rocket)');
        });
        await page.cells('a styled cat').first().waitFor();
        assert.deepEqual(await page.frame.evaluate<string[]>(madeOfTexts), []);
        await window.runCommand('View: Close All Editors');
      });

    it('is quoted by a refusal, and in the list of jobs', async () => {
      const message = `Pay ${commandLink} ${icon}\r\nnow`;
      const fault = { kind: 'failed', code: 'content_policy_violation', message } as const;
      await window.runCommand('View: Close All Editors');
      await studio.api.fault({ match: { route: 'create' }, fault });
      await ask(`${commandLink} a fox`);
      const refusal = /refused this prompt: Pay \[Fix\] \(command:/;
      await window.notifications.clickButton(refusal, 'Change Prompt');
      await window.quickInput.expectValue(`${commandLink} a fox`);
      await window.quickInput.cancel();
      await window.runCommand('Image Studio: Show Jobs');
      const row = window.page.locator('.quick-input-list-row', { hasText: 'Pay [Fix]' }).last();
      await row.hover();
      await window.page.locator('.workbench-hover', { hasText: 'Pay' }).last().waitFor();
      await window.screenshot('hostile-jobs');
      await studio.api.fault({ match: { route: 'create' }, fault });
      // What else is listed may have been refused by itself.
      await window.page
        .locator('.quick-input-list .monaco-list-row', { hasText: 'Pay [Fix]' })
        .last()
        .locator('.codicon-debug-restart')
        .click();
      await window.notifications.clickButton(refusal, 'Show Log');
      await window.page.locator('.part.panel .view-lines').first().waitFor();
      await window.runCommand('View: Hide Panel');
      if (await isBoxOpen()) await window.quickInput.cancel();
    });

    if (isTrusted)
      it('may be revealed and edited when an image was saved in it', async () => {
        await ask(`reveal ${commandLink}`);
        await window.notifications.clickButton(/Saved to .*reveal-fix/, 'Reveal');
        await window.explorerItem(/^reveal-fix/).waitFor();
        await ask(`edit ${commandLink}`);
        await window.notifications.clickButton(/Saved to .*edit-fix/, 'Edit');
        await window.quickInput.expectTitle(/^Edit edit-fix/);
        await window.quickInput.cancel();
      });

    it('is refused as the id of a task', async () => {
      await window.runCommand('Image Studio: Recover Image by Task ID…');
      await window.quickInput.expectTitle('Recover Image by Task ID');
      await window.quickInput.type(commandLink);
      await window.quickInput.expectMessage('This is not the id of a task.');
      await window.quickInput.type('../../v1/credits');
      await window.quickInput.expectMessage('This is not the id of a task.');
      await window.quickInput.cancel();
    });

    it('runs nothing, sends nothing elsewhere, and holds nobody up', async () => {
      assert.deepEqual(await foundOnPage(), []);
      assert.equal(thiefHeard, 0);
      const keyed = (await studio.api.log()).filter(({ headers }) => headers['authorization']);
      assert.deepEqual(
        keyed.filter(({ headers }) => headers['authorization'] !== `Bearer ${studio.api.key}`),
        [],
      );
      assert.ok(keyed.length > 0);
      assert.ok(keyed.every(({ origin }) => origin !== 'media'));
      for (const scope of ['User', 'Machine']) {
        const path = join(studio.dataDir, scope, 'settings.json');
        const own = Object.keys(JSON.parse(await readFile(path, 'utf8')) as object).filter((name) =>
          name.startsWith('imageStudio'),
        );
        const ours = ['imageStudio.apiBaseUrl', 'imageStudio.filesBaseUrl'];
        assert.deepEqual(own, scope === 'User' ? [] : ours);
      }
      assert.deepEqual(await snapshotOf(outside()), outsideBefore);
      await assertNeverHeld(studio.watchDir, 'image-studio');
    });

    /** What does not depend on trust. */
    function documentsAndNames(): void {
      it('may call its images what it likes', async () => {
        await window.explorerItem('notes.md').dblclick();
        await window.editorTab('notes.md').waitFor();
        // The text that a user was in last takes the link: not one that was only about to open.
        await window.page.locator('.part.editor .monaco-editor.focused').waitFor();
        await clickTogether(oddNames);
        await window.chooseFromExplorerMenu(/leads-outside/, 'Edit Image…');
        await window.quickInput.expectTitle(/^Edit 9 Images: 1 \[Fix\] \(command:.* and 5 more$/);
        await window.screenshot('hostile-names');
        // So short that the alt text has both the words of the source and these.
        await window.quickInput.type(`night ${commandLink} ${icon}`);
        await window.quickInput.accept();
        const question = window.dialog.filter({ hasText: 'Upload 9 images to EvoLink?' });
        await question.waitFor();
        const asked = await question.innerText();
        assert.match(asked, /^\[Fix\] \(command:imageStudio\.clearApiKey\)\.png \(/m);
        await window.screenshot('hostile-consent');
        await window.clickDialogButton('Upload Once');
        await window.notifications.expect(/Saved to .*\[Fix\] \(command/);
        await window.notifications.clickButton(/Saved to .*\[Fix\] \(command/, 'Insert');
        await window.editorTab('notes.md').click();
        const text = await waitUntil('the link in the text', async () => {
          await window.page.keyboard.press('Control+S');
          const text = await readFile(join(studio.workspace, 'notes.md'), 'utf8');
          return text.includes('night') && text;
        });
        // The words of the source, the change, and the address: no link but the image's own.
        const alt =
          /^!\[\\\[Fix\\\]\(command:.* \(night \\\[Fix\\\]\(command:.*\]\(%5BFix%5D%28command/;
        assert.match(text, alt);
      });

      it('may be linked from the palette', async () => {
        await window.runCommand('Image Studio: Insert Image at Cursor…');
        await window.quickInput.expectTitle('Insert Image at Cursor');
        await window.quickInput.type('onerror');
        await window.quickInput.accept();
        await window.page.keyboard.press('Control+S');
        await waitUntil('the other link in the text', async () =>
          (await readFile(join(studio.workspace, 'notes.md'), 'utf8')).includes('onerror'),
        );
      });

      it('has its images refused that were made to hurt', async () => {
        await window.runCommand('View: Close All Editors');
        await clickTogether(brokenImages);
        await window.chooseFromExplorerMenu('bomb.png', 'Edit Image…');
        const asked = await agreeToAll('Continue Without It', isBoxOpen);
        const refused = [
          'bomb.png',
          'empty.png',
          'endless.jpg',
          'million.jpg',
          'page.png',
          'sparse.jpg',
          'truncated.png',
        ];
        assert.deepEqual(
          asked.map((text) => /^[a-z]+\.(png|jpg)(?= is | has )/m.exec(text)?.[0]),
          refused,
        );
        await window.quickInput.expectTitle('Edit 2 Images: 1 polyglot.png, 2 script.svg');
        await window.quickInput.cancel();
      });

      it('offers to edit no image at what is no link to one', async () => {
        for (const [name, links] of [
          ['links.md', hostileLinks],
          ['links.html', hostileHtmlLinks],
        ] as const) {
          await openAtStart(name);
          for (const { target, title } of links) {
            if (title === undefined)
              assert.ok(!(await codeActions()).includes('Edit Image…'), target.slice(0, 80));
            else await editHere(title);
            await window.page.keyboard.press('ArrowDown');
            await window.page.keyboard.press('ArrowDown');
          }
        }
      });

      it('may define thousands of labels', async () => {
        await openAtStart('labels.md');
        await editHere('Edit secret.png');
        for (const key of ['Control+End', 'ArrowUp', 'ArrowUp', 'Control+Home', 'ArrowDown'])
          await window.page.keyboard.press(key);
      });

      async function openAtStart(name: string): Promise<void> {
        await window.explorerItem(name).dblclick();
        await window.editorTab(name).waitFor();
        await window.page.keyboard.press('Control+Home');
        if (!name.endsWith('.html')) return;
        // An HTML tag is a link from its name on.
        await window.page.keyboard.press('ArrowRight');
      }

      async function editHere(title: string | RegExp): Promise<void> {
        await window.chooseCodeAction('Edit Image…');
        await window.quickInput.expectTitle(title);
        await window.quickInput.cancel();
      }

      /** What the editor offers at the cursor, also when it is nothing. */
      async function codeActions(): Promise<string> {
        const offered = window.page.locator('.action-widget:not(.action-list-submenu-panel)');
        const nothing = window.page.locator('.monaco-editor-overlaymessage');
        await nothing.waitFor({ state: 'hidden' });
        // The key is lost while the editor is busy with the one before.
        await waitUntil('an answer', async () => {
          await window.page.keyboard.press('Control+.');
          return await isShownSoon(offered.or(nothing).first());
        });
        const actions = (await offered.isVisible()) ? await offered.innerText() : '';
        if (actions !== '') await window.page.keyboard.press('Escape');
        return actions;
      }
    }
  });
