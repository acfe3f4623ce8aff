import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { modelRules } from '../../fakeEvolink/modelRules.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { waitUntil } from '../../harness/waitUntil.ts';
import { activated, freshApi, generate, rejection, run, withSettings } from '../hostContext.ts';
import { shippedModels } from '../../../src/evolink/models/shippedModels.ts';

const lite = 'gpt-image-1.5-lite';

describe('models in the extension host', () => {
  let api: OfflineApi;

  before(async () => {
    api = await freshApi();
  });
  afterEach(async () => {
    await api.configure({ withdrawnModels: [], models: Object.keys(modelRules) });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const bodyOf = async (prompt: string) =>
    (await api.tasks()).find((task) => task.prompt === prompt)?.body;

  const drawn: [string, object, object][] = [
    [lite, {}, { size: '1024x1024', quality: 'auto' }],
    ['gpt-image-1.5', {}, { size: '1024x1024', quality: 'high' }],
    [
      'gpt-image-2',
      { size: '3:2', resolution: '2K', background: 'transparent', outputFormat: 'webp' },
      {
        size: '3:2',
        resolution: '2K',
        quality: 'medium',
        background: 'transparent',
        output_format: 'webp',
      },
    ],
    ['gpt-image-2-beta', {}, { size: '1:1' }],
    ['gemini-3.1-flash-image-preview', { size: '1:8' }, { size: '1:8', quality: '2K' }],
    ['z-image-turbo', { size: '512x768', seed: 7 }, { size: '512x768', seed: 7 }],
  ];
  for (const [model, options, fields] of drawn)
    it(`draws with ${model}`, async () => {
      const prompt = `drawn by ${model}`;
      const result = await generate({ prompt, model, open: false, ...options });
      assert.deepEqual(result.failures, []);
      assert.deepEqual(await bodyOf(prompt), { prompt, model, ...fields });
      const isWebp = 'output_format' in fields;
      assert.match(result.images[0]!.uri.path, isWebp ? /\.webp$/ : /\.png$/);
    });

  for (const { id } of shippedModels)
    it(`draws with ${id} when it is chosen beside the prompt`, async () => {
      const prompt = `chosen in the palette: ${id}`;
      const messages = await atThePrompt(id, prompt, () => run('generate'));
      const body = await waitUntil('the task', () => bodyOf(prompt));
      assert.equal(body['model'], id);
      // It says what it costs, and how that is known.
      const last = messages.at(-1) ?? '';
      assert.match(last, /about [\d.]+ credits, as last time|[\d.–]+ USD by the price list/);
      assert.ok(last.includes(id), last);
      await waitUntil('its image', async () =>
        (await activated()).jobs().some((job) => job.prompt === prompt && job.state === 'saved'),
      );
    });

  it('refuses what the model does not take by its field, and sends nothing', async () => {
    const wrong: [Record<string, unknown>, RegExp][] = [
      [{ model: 'paint-1' }, /model "paint-1".*gpt-image-2/],
      [{ model: 'z-image-turbo', quality: 'low' }, /z-image-turbo has no choice of quality/],
      [{ model: 'gpt-image-2', size: '16:10' }, /size "16:10".*16:9/],
      [{ resolution: '2K' }, /no choice of resolution/],
      [{ model: 'gpt-image-2', size: '1024x1024', resolution: '2K' }, /goes with a ratio/],
      [{ model: 'z-image-turbo', references: ['https://a.example/b.png'] }, /no reference images/],
    ];
    const [last] = (await api.log()).slice(-1);
    for (const [options, words] of wrong) {
      const error = await rejection(generate({ prompt: 'x', ...options }));
      assert.equal(error.code, 'badRequest');
      assert.match(error.message, words);
    }
    assert.deepEqual(await api.log({ afterSeq: last?.seq ?? 0 }), []);
  });

  it('takes the nearest to settings that were made for another model', async () => {
    const prompt = 'wide by the settings';
    const settings = { size: '1536x1024', quality: 'high', resolution: '4K' };
    await withSettings('imageStudio', settings, () =>
      generate({ prompt, model: 'gpt-image-2-beta', open: false }),
    );
    assert.deepEqual(await bodyOf(prompt), { prompt, model: 'gpt-image-2-beta', size: '3:2' });
  });

  it('draws with a model of one’s own', async () => {
    const row = {
      id: 'doubao-seedream-4.5',
      prompt: { maxTokens: 2000 },
      sizes: { list: ['1024x1024'], default: '1024x1024' },
    };
    const models = [{ id: 'no sizes' }, row];
    await api.configure({ models: [lite, row.id] });
    await withSettings('imageStudio', { models }, async () => {
      const prompt = 'of my own';
      const result = await generate({ prompt, model: row.id, open: false });
      assert.deepEqual(result.failures, []);
      assert.deepEqual(await bodyOf(prompt), { prompt, model: row.id, size: '1024x1024' });
    });
  });

  it('keeps an image whose model disappears after another one, until the user decides', async () => {
    const first = await generate({ prompt: 'still there', open: false });
    assert.deepEqual(first.failures, []);
    await api.configure({ withdrawnModels: [lite] });
    const paid = (await api.tasks()).length;
    const { showErrorMessage, showQuickPick } = vscode.window;
    const offered: string[] = [];
    const chosen = Promise.withResolvers<readonly string[]>();
    const error = (message: string, ...buttons: string[]) => {
      offered.push(message, ...buttons);
      return Promise.resolve(buttons[0]);
    };
    const pick = (rows: readonly vscode.QuickPickItem[]) => {
      chosen.resolve(rows.map(({ label }) => label));
      return Promise.resolve(rows.find(({ label }) => label === 'gpt-image-2'));
    };
    Object.assign(vscode.window, { showErrorMessage: error, showQuickPick: pick });
    try {
      const second = await generate({ prompt: 'after it went', quality: 'low', open: false });
      assert.equal(second.failures[0]?.code, 'modelGone');
      assert.match(second.failures[0].message, /does not offer this model.*cost nothing/);
      assert.deepEqual((await chosen.promise).toSorted(), [
        'gemini-3.1-flash-image-preview',
        'gpt-image-1.5',
        'gpt-image-2',
        'gpt-image-2-beta',
        'z-image-turbo',
      ]);
      assert.match(offered[0]!, /gpt-image-1\.5-lite: .*Waiting images: 1/);
      assert.deepEqual(offered.slice(1), ['Use Another Model…', 'Try Again', 'Cancel']);
      await waitUntil('the image of another model', () => bodyOf('after it went'));
    } finally {
      Object.assign(vscode.window, { showErrorMessage, showQuickPick });
    }
    const body = await bodyOf('after it went');
    assert.deepEqual(body, {
      ...{ prompt: 'after it went', model: 'gpt-image-2' },
      ...{ size: '1024x1024', quality: 'low' },
    });
    assert.equal((await api.tasks()).length, paid + 1);
  });
});

/** Chooses a model beside the prompt, then writes the prompt. @returns what stood below the box. */
async function atThePrompt(
  model: string,
  prompt: string,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const { createInputBox, showQuickPick, showInformationMessage } = vscode.window;
  const messages: string[] = [];
  let boxes = 0;
  const open = () => {
    boxes += 1;
    return boxes === 1
      ? scriptedBox(messages, (box) => box.press(/^Model: /))
      : scriptedBox(messages, (box) => box.enter(prompt));
  };
  const pick = (rows: readonly vscode.QuickPickItem[]) =>
    Promise.resolve(rows.find(({ label }) => label.endsWith(model)));
  Object.assign(vscode.window, {
    createInputBox: open,
    showQuickPick: pick,
    showInformationMessage: () => Promise.resolve(undefined),
  });
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { createInputBox, showQuickPick, showInformationMessage });
  }
  return messages;
}

interface ScriptedUser {
  press: (tooltip: RegExp) => void;
  enter: (text: string) => void;
}

/** Two boxes wait so long within the time of one test. */
const priceMs = 25_000;

/** An input box with a user who acts once its price is there; without one too, and the test says so. */
function scriptedBox(messages: string[], act: (user: ScriptedUser) => void): vscode.InputBox {
  const changed = new vscode.EventEmitter<string>();
  const pressed = new vscode.EventEmitter<vscode.QuickInputButton>();
  const accepted = new vscode.EventEmitter<void>();
  const hidden = new vscode.EventEmitter<void>();
  const box = {
    ...{ value: '', prompt: '', buttons: [] as vscode.QuickInputButton[] },
    onDidChangeValue: changed.event,
    onDidTriggerButton: pressed.event,
    onDidAccept: accepted.event,
    onDidHide: hidden.event,
    show() {
      const user: ScriptedUser = {
        press(tooltip) {
          const button = box.buttons.find((each) => tooltip.test(each.tooltip ?? ''));
          assert(button, String(tooltip));
          pressed.fire(button);
        },
        enter(text) {
          box.value = text;
          changed.fire(text);
          messages.push(box.prompt);
          accepted.fire();
        },
      };
      const isPriced = () => /credits|USD/.test(box.prompt);
      void waitUntil('the price', isPriced, priceMs)
        .catch(() => undefined)
        .then(() => act(user));
    },
    dispose: () => hidden.fire(),
  };
  return box as unknown as vscode.InputBox;
}
