import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { createMissingImages } from '../../../src/editor/files/missingImages.ts';
import type { GenerationDeps } from '../../../src/generation/generationDeps.ts';
import { offerNext } from '../../../src/generation/interaction/presentResult.ts';
import type { SavedJob } from '../../../src/jobs/job.ts';
import type { ImageRequest } from '../../../src/requests/imageRequest.ts';
import { toEntries, type EntryContext } from '../../../src/studio/gallery/entries.ts';
import { runAction, type ActionPage } from '../../../src/studio/runAction.ts';
import type { Deletion } from '../../../src/studio/gallery/deletion.ts';
import type { StudioDeps } from '../../../src/studio/studioDeps.ts';
import { workspaceFolder } from '../hostContext.ts';
import { pngOf } from '../pngOf.ts';

describe('an image with a file of another format beside it, in the Studio', () => {
  const folder = () => vscode.Uri.joinPath(workspaceFolder(), 'beside');
  const original = () => vscode.Uri.joinPath(folder(), 'owl.png');
  const asked = () => vscode.Uri.joinPath(folder(), 'owl.webp');
  const row = () => {
    const facts = { sha256: 'a', width: 8, height: 8 };
    const job = {
      ...{ id: 'a', state: 'saved', prompt: 'an owl', references: [], createdAt: 1 },
      ...{ model: 'gpt-image-1.5-lite', size: '1024x1024', quality: 'auto' },
      ...{ ...facts, uri: original().toString(), sizeBytes: 100 },
      converted: { ...facts, uri: asked().toString(), sizeBytes: 40 },
    } as unknown as SavedJob;
    return { key: 1, job, isFavourite: false };
  };

  beforeEach(async () => {
    await vscode.workspace.fs.writeFile(original(), pngOf(8, 8));
    await vscode.workspace.fs.writeFile(asked(), pngOf(8, 8));
  });
  afterEach(async () => {
    await vscode.workspace.fs.delete(folder(), { recursive: true });
  });

  async function entry(isMissing = () => Promise.resolve(false)) {
    const context = {
      webview: {},
      engine: { durations: () => [], listQueuedIds: () => [] },
      pageImages: { uriInPage: (_: unknown, uri: vscode.Uri) => uri.toString() },
      thumbnails: { ready: Promise.resolve(), of: () => Promise.resolve(undefined) },
      missingImages: { isMissing },
    } as unknown as EntryContext;
    const [only] = await toEntries(context, [row()]);
    return only?.image ?? assert.fail('There is no image');
  }

  /** What each action does with it, and what is put into the tray for an edit. */
  async function uses() {
    const opened: Record<string, string> = {};
    const page = {
      post: () => undefined,
      addReferences: ([uri]: readonly string[]) => (opened['edit'] = uri ?? ''),
    } as unknown as ActionPage;
    const { executeCommand } = vscode.commands;
    Object.assign(vscode.commands, {
      executeCommand: (command: string, uri: vscode.Uri) => {
        opened[command] = uri.toString();
        return Promise.resolve();
      },
    });
    const clipboard = await vscode.env.clipboard.readText();
    try {
      for (const action of ['open', 'insert', 'reveal', 'copyPath', 'edit'] as const)
        await runAction({} as StudioDeps, {} as Deletion, page, action, [row()]);
      opened['copied'] = vscode.Uri.file(await vscode.env.clipboard.readText()).toString();
    } finally {
      Object.assign(vscode.commands, { executeCommand });
      await vscode.env.clipboard.writeText(clipboard);
    }
    return opened;
  }

  it('is used by every door as the file that was asked for, and edited as it was drawn', async () => {
    const { uri, path, sizeBytes, src } = await entry();
    assert.deepEqual([uri, sizeBytes], [asked().toString(), 40]);
    assert.equal(src, original().toString());
    assert.match(path, /owl\.webp$/);
    assert.deepEqual(await uses(), {
      'vscode.open': asked().toString(),
      'imageStudio.insertImage': asked().toString(),
      revealInExplorer: asked().toString(),
      copied: asked().toString(),
      edit: original().toString(),
    });
  });

  it('is replaced in a text as the file that the text shows, after an edit of the original', async () => {
    const { showInformationMessage } = vscode.window;
    const image = { uri: vscode.Uri.joinPath(folder(), 'owl.edit.png'), jobId: 'b', taskId: 't' };
    await vscode.workspace.fs.writeFile(image.uri, pngOf(8, 8));
    try {
      for (const [linked, expected] of [
        [asked(), asked()],
        [original(), original()],
        // Nothing is open: what the workspace most likely links to.
        [undefined, asked()],
      ] as const) {
        const replaced: string[] = [];
        const isDone = new Promise<void>((done) => {
          const note = (each: vscode.Uri) => {
            replaced.push(each.toString());
            done();
          };
          const deps = {
            engine: { get: () => undefined },
            jobOfFile: () => Promise.resolve(row().job),
            texts: {
              places: { of: () => undefined },
              openTextWith: (each: vscode.Uri) =>
                Promise.resolve(
                  each.toString() === linked?.toString() ? { uri: folder() } : undefined,
                ),
              replaceIn: (_: unknown, each: vscode.Uri) => note(each),
              replaceEverywhere: note,
            },
          } as unknown as GenerationDeps;
          const press = (_: string, ...buttons: string[]) =>
            Promise.resolve(buttons.find((button) => button.startsWith('Replace')));
          Object.assign(vscode.window, { showInformationMessage: press });
          const request = { references: [original().toString()] } as unknown as ImageRequest;
          void offerNext(deps, { images: [image], failures: [] }, request, false);
        });
        await isDone;
        assert.deepEqual(replaced, [expected.toString()]);
      }
    } finally {
      Object.assign(vscode.window, { showInformationMessage });
    }
  });

  it('is used as the original where that file is gone', async () => {
    await vscode.workspace.fs.delete(asked());
    const { uri, path, sizeBytes } = await entry();
    assert.deepEqual([uri, sizeBytes], [original().toString(), 100]);
    assert.match(path, /owl\.png$/);
    assert.deepEqual(new Set(Object.values(await uses())), new Set([original().toString()]));
  });

  it('is no missing image while that file is there, and is used as that in all', async () => {
    await vscode.workspace.fs.delete(original());
    const missingImages = createMissingImages({
      imageFiles: { relocate: () => Promise.resolve(undefined), placesOf: () => [] },
      log: { error: () => undefined },
    } as unknown as Parameters<typeof createMissingImages>[0]);
    try {
      const { uri, src, isMissing } = await entry(() => missingImages.isMissing(row().job));
      assert.deepEqual([uri, src, isMissing], [asked().toString(), asked().toString(), false]);
      assert.deepEqual(new Set(Object.values(await uses())), new Set([asked().toString()]));
      await vscode.workspace.fs.delete(asked());
      assert.equal(await missingImages.isMissing(row().job), true);
    } finally {
      missingImages.dispose();
    }
  });
});
