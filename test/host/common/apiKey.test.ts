import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { clearKey, freshApi, generate, rejection, run, setKey } from '../hostContext.ts';

/** What the entry of the key does with an input box, which nobody sees here. */
function fakeInput() {
  const [accepted, changed, hidden, pressed] = [
    new vscode.EventEmitter<void>(),
    new vscode.EventEmitter<string>(),
    new vscode.EventEmitter<void>(),
    new vscode.EventEmitter<vscode.QuickInputButton>(),
  ];
  const shown: string[] = [];
  const input = {
    value: '',
    busy: false,
    buttons: [] as vscode.QuickInputButton[],
    onDidAccept: accepted.event,
    onDidChangeValue: changed.event,
    onDidHide: hidden.event,
    onDidTriggerButton: pressed.event,
    set validationMessage(message: vscode.InputBox['validationMessage']) {
      shown.push(typeof message === 'object' ? message.message : (message ?? ''));
    },
    show: () => undefined,
    dispose: () => undefined,
  };
  return {
    input,
    shown,
    type(text: string) {
      input.value = text;
      changed.fire(text);
    },
    enter: () => accepted.fire(),
    escape: () => hidden.fire(),
    press: (tooltip: string) =>
      pressed.fire(input.buttons.find((button) => button.tooltip === tooltip)!),
    /** Waits for what the box says last. */
    async says(words: RegExp) {
      while (!words.test(shown.at(-1) ?? '')) await new Promise((soon) => setTimeout(soon, 20));
      return shown.at(-1)!;
    },
  };
}

describe('entering the API key', () => {
  let api: OfflineApi;
  let box: ReturnType<typeof fakeInput>;
  let told: string[];
  let isSet: Promise<boolean>;
  const { createInputBox, showInformationMessage } = vscode.window;

  beforeEach(async () => {
    api = await freshApi();
    await clearKey();
    box = fakeInput();
    told = [];
    Object.assign(vscode.window, {
      createInputBox: () => box.input,
      showInformationMessage(message: string) {
        told.push(message);
        return Promise.resolve(undefined);
      },
    });
    isSet = run<boolean>('setApiKey');
    // The command looks at nothing before it asks.
    await new Promise((soon) => setTimeout(soon, 100));
  });

  afterEach(async () => {
    box.escape();
    Object.assign(vscode.window, { createInputBox, showInformationMessage });
    await api.configure({ offline: false, keys: [api.key] });
    await setKey(api.key);
  });

  const keyChecks = async () => (await api.log({ route: 'credits' })).length;

  it('says in the box that a key is wrong, and takes the right one', async () => {
    box.type('sk-wrong-0123456789');
    box.enter();
    assert.equal(await box.says(/does not accept the API key/), box.shown.at(-1));
    assert.ok(box.shown.includes('Checking…'));
    assert.deepEqual(told, []);
    assert.equal((await rejection(generate({ prompt: 'no key yet' }))).code, 'noKey');
    box.type(api.key);
    box.enter();
    assert.equal(await isSet, true);
    assert.match(told.join(), /^The API key works\. Credits left: [\d.,]+\.$/);
    assert.deepEqual((await generate({ prompt: 'let in', open: false })).failures, []);
  });

  it('asks EvoLink once, however often Enter is pressed, and is left meanwhile', async () => {
    const before = await keyChecks();
    await api.fault({ match: { route: 'credits' }, fault: { kind: 'hang' } });
    box.type(api.key);
    for (let presses = 0; presses < 4; presses += 1) box.enter();
    assert.equal(box.input.busy, true);
    box.escape();
    assert.equal(await isSet, false);
    assert.ok((await keyChecks()) - before <= 1);
    await api.clearFaults();
    assert.equal((await rejection(generate({ prompt: 'left' }))).code, 'noKey');
  });

  for (const how of ['a second Enter', 'the button'])
    it(`saves a key that cannot be checked with ${how}, and says so`, async () => {
      await api.configure({ offline: true });
      box.type(api.key);
      box.enter();
      await box.says(/cannot be reached.*not checked/);
      assert.deepEqual(told, []);
      if (how === 'the button') box.press('Save Without Checking');
      else box.enter();
      assert.equal(await isSet, true);
      assert.match(told.join(), /saved, and not checked yet/);
      await api.configure({ offline: false });
      assert.equal((await run<{ ok: boolean }>('checkConnection')).ok, true);
    });

  it('takes no wrong key from a caller either', async () => {
    box.escape();
    const { showWarningMessage } = vscode.window;
    const first = (_: string, __: unknown, accept: string) => Promise.resolve(accept);
    Object.assign(vscode.window, { showWarningMessage: first });
    try {
      assert.equal((await rejection(run('setApiKey', 'sk-wrong-0123456789'))).code, 'auth');
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
    }
    assert.equal((await rejection(generate({ prompt: 'still none' }))).code, 'noKey');
  });
});
