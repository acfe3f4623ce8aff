import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { ImageDefaults } from '../../../../src/editor/settings.ts';
import { findProblems } from '../../../../src/evolink/models/findProblems.ts';
import { shippedModels } from '../../../../src/evolink/models/shippedModels.ts';
import {
  onModel,
  recallChoices,
  rememberChoices,
} from '../../../../src/generation/prompt/rememberedChoices.ts';
import type { ImageRequest } from '../../../../src/requests/imageRequest.ts';

const lite = 'gpt-image-1.5-lite';
const wordsOnly = 'z-image-turbo';
const settings: ImageDefaults = { model: lite, size: '1024x1024', quality: 'auto', resolution: '' };
const draft: ImageRequest = {
  ...{ model: lite, size: '1024x1024', quality: 'auto' },
  ...{ prompt: '', count: 1, references: [] },
};
const reference = 'https://example.com/a.png';

describe('the choices of the last image', () => {
  /** The first request of a next image, after one of this model was made under these settings. */
  async function next(
    chosen: Partial<ImageRequest>,
    { before = settings, now = settings }: { before?: ImageDefaults; now?: ImageDefaults },
    more: Partial<ImageRequest> = {},
  ): Promise<ImageRequest> {
    const memento = createMemento();
    const first = { ...draft, ...chosen };
    await rememberChoices({ memento, defaults: before }, { ...draft, ...before }, first, {});
    const asked = { ...draft, ...now, resolution: undefined, ...more };
    return recallChoices({ memento, defaults: now }, asked, {}, shippedModels);
  }

  it('come back where the settings are the same', async () => {
    const { model, size, quality } = await next({ model: 'gpt-image-1.5', quality: 'low' }, {});
    assert.deepEqual([model, size, quality], ['gpt-image-1.5', '1024x1024', 'low']);
    assert.equal((await next({ size: '1536x1024' }, {})).size, '1536x1024');
  });

  const folder: ImageDefaults = { ...settings, model: 'gpt-image-2', quality: 'high' };
  const others: [string, ImageDefaults, ImageDefaults][] = [
    ['another folder', folder, settings],
    ['a folder after others', settings, folder],
    ['a folder whose model has changed', folder, { ...folder, model: 'gpt-image-1.5' }],
    ['a folder whose size has changed', folder, { ...folder, size: '1536x1024' }],
    ['a folder whose resolution has changed', folder, { ...folder, resolution: '4K' }],
  ];
  for (const [what, before, now] of others)
    it(`give way to the settings of ${what}`, async () => {
      const chosen = { model: before.model, size: '1024x1536', quality: 'low' };
      const found = await next(chosen, { before, now });
      assert.equal(found.model, now.model);
      assert.notDeepEqual([found.size, found.quality], ['1024x1536', 'low']);
    });

  const needs: [string, Partial<ImageRequest>][] = [
    ['references', { references: [reference] }],
    ['references and words', { references: [reference], prompt: 'Make it night' }],
    ['more references than it takes', { references: Array<string>(16).fill(reference) }],
    ['a format by name', { model: 'gpt-image-2', outputFormat: 'webp' }],
    ['a background by name', { model: 'gpt-image-2', background: 'opaque' }],
    ['words that are too long for it', { model: 'gpt-image-2', prompt: 'fox '.repeat(700) }],
  ];
  for (const [what, more] of needs)
    it(`leave out a model that cannot draw a draft with ${what}`, async () => {
      const now = { ...settings, model: more.model ?? lite };
      const found = await next(
        { model: wordsOnly, size: '1:1', quality: '' },
        { before: now, now },
        more,
      );
      assert.equal(found.model, now.model);
      const problems = findProblems({ ...found, prompt: found.prompt || '-' }, shippedModels);
      assert.deepEqual(problems, []);
      for (const [field, value] of Object.entries(more))
        assert.deepEqual(found[field as keyof ImageRequest], value);
    });

  it('bring a model of words back where there are no references', async () => {
    const found = await next({ model: wordsOnly, size: '1:1', quality: '' }, {}, { prompt: '  ' });
    assert.equal(found.model, wordsOnly);
  });

  it('of each model come with it', async () => {
    const memory = { memento: createMemento(), defaults: settings };
    await rememberChoices(memory, draft, { ...draft, size: '1024x1536', quality: 'low' }, {});
    const row = shippedModels.find(({ id }) => id === lite)!;
    const on = (defaults: ImageDefaults) =>
      onModel({ ...memory, defaults }, row, shippedModels, draft).size;
    assert.deepEqual([on(settings), on(folder)], ['1024x1536', '1024x1024']);
  });

  it('leave the size of an edit to its source, and are left by it', async () => {
    const memento = createMemento();
    const memory = { memento, defaults: settings };
    await rememberChoices(memory, draft, { ...draft, size: '1024x1536', quality: 'low' }, {});
    const edit = { ...memory, shape: { width: 1280, height: 800 } };
    const found = recallChoices(edit, { ...draft, size: '1536x1024' }, {}, shippedModels);
    assert.deepEqual([found.size, found.quality], ['1536x1024', 'low']);
    await rememberChoices(edit, draft, { ...found, quality: 'high' }, {});
    const after = recallChoices(memory, draft, {}, shippedModels);
    assert.deepEqual([after.size, after.quality], ['1024x1536', 'high']);
  });

  it('follow the shape of a source to another model', () => {
    const memory = { memento: createMemento(), defaults: settings };
    const row = (id: string) => shippedModels.find((each) => each.id === id)!;
    const sizeOn = (id: string, width: number, height: number) =>
      onModel({ ...memory, shape: { width, height } }, row(id), shippedModels, draft).size;
    assert.equal(sizeOn('gpt-image-2', 1920, 1080), '16:9');
    assert.equal(sizeOn('gpt-image-2', 1280, 800), '3:2');
    assert.equal(sizeOn('gpt-image-1.5', 1920, 1080), '1536x1024');
    assert.equal(sizeOn('gemini-3.1-flash-image-preview', 100, 800), '1:8');
    assert.equal(sizeOn(lite, 640, 640), '1024x1024');
    assert.equal(sizeOn(lite, 99_999, 1), '1536x1024');
  });
});

function createMemento(): vscode.Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string) => values.get(key) as never,
    update: (key, value) => Promise.resolve(void values.set(key, value)),
  };
}
