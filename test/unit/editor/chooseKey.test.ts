import assert from 'node:assert/strict';
import { chooseKey } from '../../../src/editor/chooseKey.ts';
import {
  createKeyring,
  KeyringError,
  type OnLateAnswer,
  type Secrets,
} from '../../../src/editor/keyring.ts';

const stored = 'sk-stored-0123456789';
const other = 'sk-environment-0123456789';
const refused = { kind: 'keyring', error: new KeyringError('refused') } as const;

describe('the key of two', () => {
  type Case = [string, string | undefined | KeyringError, string, object];
  const cases: Case[] = [
    ['the stored one', stored, '', { key: stored }],
    ['the stored one before the environment’s', stored, other, { key: stored }],
    ['the environment’s alone', undefined, other, { key: other }],
    ['none', undefined, ' ', {}],
    ['the environment’s, without its quotes', undefined, `"${other}"`, { key: other }],
    ['the stored one, kept with Bearer before it', `Bearer ${stored}`, '', { key: stored }],
    [
      'the environment’s beside a bad one',
      'two words here',
      other,
      { key: other, trouble: { kind: 'badStored', fault: 'signs' } },
    ],
    [
      'the stored one as an earlier version took it',
      'myorg.KEY=abcdef0123456789',
      other,
      { key: 'myorg.KEY=abcdef0123456789' },
    ],
    [
      'the stored one, whatever words it has',
      'sk-xxxxxxxxxxxx-my-key',
      '',
      { key: 'sk-xxxxxxxxxxxx-my-key' },
    ],
    [
      'the stored one, ending as a name would',
      'MFRGGZDFMZTWQ2LK_KEY=',
      '',
      { key: 'MFRGGZDFMZTWQ2LK_KEY=' },
    ],
    [
      'the environment’s when the keyring refuses',
      refused.error,
      other,
      { key: other, trouble: refused },
    ],
    ['none when the keyring refuses', refused.error, '', { trouble: refused }],
    [
      'none, for a bad one of the environment',
      undefined,
      'sk two words',
      { trouble: { kind: 'badEnvironment', fault: 'signs' } },
    ],
    [
      'none, for an example in the environment',
      '',
      'your-api-key',
      { trouble: { kind: 'badEnvironment', fault: 'placeholder' } },
    ],
    [
      'none, for a bad one that is stored',
      'too short',
      '',
      { trouble: { kind: 'badStored', fault: 'signs' } },
    ],
  ];
  for (const [what, found, environment, chosen] of cases)
    it(`is ${what}`, async () => {
      const read = () =>
        found instanceof KeyringError ? Promise.reject(found) : Promise.resolve(found);
      assert.deepEqual(await chooseKey({ read }, environment), chosen);
    });

  it('is waited for longer when there is no other', async () => {
    const limits: number[] = [];
    const read = (limitMs: number) => {
      limits.push(limitMs);
      return Promise.resolve(stored);
    };
    await chooseKey({ read }, other);
    await chooseKey({ read }, '');
    await chooseKey({ read }, 'sk bad');
    assert.deepEqual(limits, [5_000, 15_000, 15_000]);
  });
});

describe('a keyring', () => {
  const none: Secrets = {
    get: () => Promise.resolve(undefined),
    store: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  };
  const longMs = 60_000;
  const trouble = async (work: Promise<unknown>) => {
    const thrown: unknown = await work.catch((reason: unknown) => reason);
    assert(thrown instanceof KeyringError, String(thrown));
    return thrown.trouble;
  };

  it('refuses in its own way, whether it throws at once or later', async () => {
    const fault = new Error('locked');
    const later = createKeyring({ ...none, get: () => Promise.reject(fault) }, 'k');
    assert.equal(await trouble(later.read(longMs)), 'refused');
    const throwing = () => {
      throw fault;
    };
    const atOnce = createKeyring({ get: throwing, store: throwing, delete: throwing }, 'k');
    assert.equal(await trouble(atOnce.read(longMs)), 'refused');
    assert.equal(await trouble(atOnce.store('x')), 'refused');
    assert.equal(await trouble(atOnce.remove()), 'refused');
  });

  it('is not asked again while it owes an answer, and tells when it gives it', async () => {
    let answer: (value: string) => void = () => undefined;
    let asked = 0;
    let told: OnLateAnswer = () => undefined;
    const late = new Promise((resolve) => (told = resolve));
    const get = () => {
      asked += 1;
      return asked === 1
        ? new Promise<string>((resolve) => (answer = resolve))
        : Promise.resolve(stored);
    };
    const keyring = createKeyring({ ...none, get }, 'k');
    assert.equal(await trouble(keyring.read(1, told)), 'silent');
    assert.equal(await trouble(keyring.read(longMs)), 'silent');
    assert.equal(asked, 1);
    answer(stored);
    assert.equal(await late, stored);
    assert.equal(await keyring.read(longMs), stored);
  });

  it('is asked again when it refuses what it owed', async () => {
    let refuse: (reason: Error) => void = () => undefined;
    let asked = 0;
    const get = () => {
      asked += 1;
      return asked === 1
        ? new Promise<string>((_, reject) => (refuse = reject))
        : Promise.resolve(stored);
    };
    const keyring = createKeyring({ ...none, get }, 'k');
    const neverLate = () => assert.fail('It was no answer');
    assert.equal(await trouble(keyring.read(1, neverLate)), 'silent');
    refuse(new Error('closed'));
    while ((await keyring.read(longMs).catch(() => undefined)) !== stored);
  });

  it('that never answers holds up neither storing nor removing', async () => {
    const hang = () => new Promise<never>(() => undefined);
    const keyring = createKeyring({ get: hang, store: hang, delete: hang }, 'k', 1);
    assert.equal(await trouble(keyring.store('x')), 'silent');
    assert.equal(await trouble(keyring.remove()), 'silent');
  });

  it('is asked by several at once, each for itself', async () => {
    let asked = 0;
    const get = () => Promise.resolve(`answer ${String((asked += 1))}`);
    const keyring = createKeyring({ ...none, get }, 'k');
    const answers = await Promise.all([keyring.read(longMs), keyring.read(longMs)]);
    assert.deepEqual(answers, ['answer 1', 'answer 2']);
  });
});
