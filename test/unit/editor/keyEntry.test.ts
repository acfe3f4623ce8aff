import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { AppError, cancelled, type ErrorCode } from '../../../src/appError.ts';
import {
  type CheckedKey,
  createKeyEntry,
  type KeyEntry,
  type KeyEntryState,
} from '../../../src/editor/keyEntry.ts';

describe('the box in which a key is entered', () => {
  let shown: string[];
  let stored: [key: string, checked: CheckedKey][];
  /** Questions that wait for an answer. */
  let asked: { key: string; answer: (credits?: number) => void; fail: (error: Error) => void }[];
  let storing: Promise<void>;
  let isDone: boolean;
  let failures: ErrorCode[];
  let entry: KeyEntry;

  beforeEach(() => {
    [shown, stored, asked, isDone] = [[], [], [], false];
    failures = [];
    storing = Promise.resolve();
    entry = createKeyEntry({
      read: (text) => (text === 'short' ? { problem: 'too short' } : { key: text.trim() }),
      creditsOf: (key, signal) =>
        new Promise((answer, fail) => {
          signal.addEventListener('abort', () => fail(cancelled()));
          asked.push({ key, answer, fail });
        }),
      store(key, checked) {
        stored.push([key, checked]);
        return storing;
      },
      show: (state: KeyEntryState) =>
        shown.push('error' in state ? `${state.kind} ${state.error.code}` : state.kind),
      onStored: () => (isDone = true),
      onFailed: ({ code }) => failures.push(code),
    });
  });

  const fail = async (code: ErrorCode) => {
    asked.at(-1)?.fail(new AppError(code, 'x'));
    await turn();
  };
  const answer = async (credits?: number) => {
    asked.at(-1)?.answer(credits);
    await turn();
  };

  it('stores a key that EvoLink takes, with what is left on its account', async () => {
    entry.accept(' good ');
    assert.deepEqual([shown, stored], [['checking'], []]);
    await answer(982.5);
    assert.deepEqual(stored, [['good', { credits: 982.5 }]]);
    assert.deepEqual([shown, isDone], [['checking', 'storing'], true]);
  });

  it('asks nobody about what is no key', () => {
    entry.accept('short');
    assert.deepEqual([shown, asked.length], [['malformed'], 0]);
  });

  it('asks once, however often Enter is pressed', async () => {
    for (let presses = 0; presses < 5; presses += 1) entry.accept('good');
    assert.equal(asked.length, 1);
    storing = new Promise(() => undefined);
    await answer();
    entry.accept('good');
    assert.deepEqual([asked.length, stored.length], [1, 1]);
  });

  it('says the reason, and stores nothing, when EvoLink refuses the key', async () => {
    entry.accept('wrong');
    await fail('auth');
    assert.deepEqual([shown, stored], [['checking', 'refused auth'], []]);
    // Pressing Enter again asks again: it never stores a key that was refused.
    entry.accept('wrong');
    await fail('auth');
    assert.deepEqual([asked.length, stored], [2, []]);
    entry.changed();
    assert.equal(shown.at(-1), 'empty');
    entry.accept('good');
    await answer();
    assert.deepEqual([stored, isDone], [[['good', {}]], true]);
  });

  for (const code of ['network', 'timeout', 'server', 'rateLimited', 'forbidden'] as const)
    it(`stores a key unchecked with a second Enter when asking fails (${code})`, async () => {
      entry.accept('good');
      await fail(code);
      assert.deepEqual([shown.at(-1), stored], [`unchecked ${code}`, []]);
      entry.accept('good');
      await turn();
      assert.deepEqual([stored, asked.length], [[['good', { isUnchecked: true }]], 1]);
    });

  it('checks another key than the one that could not be checked', async () => {
    entry.accept('one');
    await fail('network');
    entry.changed();
    entry.accept('two');
    assert.deepEqual([asked.map(({ key }) => key), stored], [['one', 'two'], []]);
    await fail('network');
    entry.changed();
    entry.accept('one');
    assert.equal(asked.length, 3);
  });

  it('takes a key whose account has no credits', async () => {
    entry.accept('poor');
    await fail('credits');
    assert.deepEqual(stored, [['poor', {}]]);
  });

  it('drops the check of a text that changed, whatever its answer is', async () => {
    entry.accept('one');
    const [first] = asked;
    entry.changed();
    first?.answer(1);
    await turn();
    assert.deepEqual([stored, shown], [[], ['checking', 'empty']]);
  });

  it('stores nothing after it was left, unless it stores already', async () => {
    entry.accept('good');
    assert.equal(entry.leave(), false);
    await answer();
    assert.deepEqual([stored, isDone], [[], false]);
  });

  it('is left while it stores, and stores', async () => {
    let stores: () => void = () => undefined;
    storing = new Promise((resolve) => (stores = resolve));
    entry.accept('good');
    await answer();
    assert.equal(entry.leave(), true);
    stores();
    await turn();
    assert.equal(isDone, true);
  });

  it('says that a key could not be stored though its box was left meanwhile', async () => {
    let refuse: (error: Error) => void = () => undefined;
    storing = new Promise((_, reject) => (refuse = reject));
    entry.accept('good');
    await answer();
    assert.equal(entry.leave(), true);
    refuse(new AppError('writeFailed', 'locked'));
    await turn();
    assert.deepEqual([failures, isDone], [['writeFailed'], false]);
  });

  it('says why a key could not be stored, and tries again', async () => {
    storing = Promise.reject(new AppError('writeFailed', 'locked'));
    entry.accept('good');
    await answer();
    assert.equal(shown.at(-1), 'notStored writeFailed');
    storing = Promise.resolve();
    entry.accept('good');
    await answer();
    assert.equal(isDone, true);
  });
});
