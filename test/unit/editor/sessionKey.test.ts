import assert from 'node:assert/strict';
import { createKeyring, KeyringError, type OnLateAnswer } from '../../../src/editor/keyring.ts';
import { createSessionKey } from '../../../src/editor/sessionKey.ts';

const stored = 'sk-stored-0123456789';
const other = 'sk-environment-0123456789';

/** A session whose keyring answers as the test says: with a key, `silent` or `refused`. */
function sessionOf(environment = other) {
  const state = { answer: undefined as string | undefined, asked: 0, changes: 0 };
  const late: OnLateAnswer[] = [];
  const session = createSessionKey(
    {
      read: (_, onLate) => {
        state.asked += 1;
        const { answer } = state;
        if (answer !== 'silent' && answer !== 'refused') return Promise.resolve(answer);
        if (onLate) late.push(onLate);
        return Promise.reject(new KeyringError(answer));
      },
      store: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    () => environment,
    () => (state.changes += 1),
  );
  const key = async () => (await session.read()).key;
  return { session, state, late, key };
}

describe('the key of a session', () => {
  for (const trouble of ['silent', 'refused'])
    it(`stays when the keyring is ${trouble} later, and is not read again for each call`, async () => {
      const { session, state, key } = sessionOf();
      state.answer = stored;
      assert.equal(await key(), stored);
      state.answer = trouble;
      assert.equal(await key(), stored);
      assert.deepEqual(await session.read(), { key: stored });
      assert.equal(state.asked, 1);
      assert.equal(state.changes, 0);
    });

  for (const trouble of ['silent', 'refused'] as const)
    for (const before of [stored, undefined])
      it(`is none while another window changed ${before ? 'it' : 'none to one'} and the keyring is ${trouble}`, async () => {
        const { session, state, late, key } = sessionOf();
        state.answer = before;
        assert.equal(await key(), before ?? other);
        state.answer = trouble;
        session.storedKeyChanged();
        const unread = { trouble: { kind: 'keyring', error: new KeyringError(trouble) } };
        assert.deepEqual(await session.read(), unread);
        assert.deepEqual(await session.read(), unread);
        assert.equal(state.changes, 0);
        if (trouble === 'silent') late[0]?.('sk-second-0123456789');
        state.answer = 'sk-second-0123456789';
        assert.equal(await key(), 'sk-second-0123456789');
        assert.equal(state.changes, 1);
        state.answer = trouble;
        assert.equal(await key(), 'sk-second-0123456789');
      });

  it('is the environment’s once the keyring says that another window removed it', async () => {
    const { session, state, key } = sessionOf();
    state.answer = stored;
    assert.equal(await key(), stored);
    state.answer = 'refused';
    session.storedKeyChanged();
    assert.equal(await key(), undefined);
    state.answer = undefined;
    assert.equal(await key(), other);
    assert.equal(state.changes, 1);
  });

  it('is the one stored here, whatever another window did before', async () => {
    const { session, state, key } = sessionOf();
    state.answer = stored;
    assert.equal(await key(), stored);
    state.answer = 'refused';
    session.storedKeyChanged();
    assert.equal(await key(), undefined);
    await session.store('sk-second-0123456789');
    assert.equal(await key(), 'sk-second-0123456789');
  });

  it('is read again when another window changes it meanwhile', async () => {
    const { session, state, key } = sessionOf();
    state.answer = stored;
    const reading = key();
    state.answer = 'sk-second-0123456789';
    session.storedKeyChanged();
    assert.equal(await reading, 'sk-second-0123456789');
  });

  it('is the stored one from its first late answer on, which is told once', async () => {
    const { state, late, key } = sessionOf();
    state.answer = 'silent';
    assert.equal(await key(), other);
    assert.equal(await key(), other);
    for (const answer of late) answer(stored);
    assert.equal(await key(), stored);
    assert.equal(state.changes, 1);
    assert.equal(state.asked, 2);
  });

  it('changes nothing when what comes late is what is used', async () => {
    for (const answer of [other, undefined, 'two words']) {
      const { state, late, key } = sessionOf();
      state.answer = 'silent';
      assert.equal(await key(), other);
      late[0]?.(answer);
      assert.equal(await key(), other);
      assert.equal(state.changes, 0, answer);
    }
  });

  it('is told when it comes late and there was none', async () => {
    const { session, state, late, key } = sessionOf('');
    state.answer = 'silent';
    assert.equal((await session.read()).trouble?.kind, 'keyring');
    late[0]?.(stored);
    assert.equal(await key(), stored);
    assert.equal(state.changes, 1);
  });

  it('stays the environment’s when there was no stored one and the keyring falls silent', async () => {
    const { session, state, key } = sessionOf();
    assert.equal(await key(), other);
    state.answer = 'silent';
    assert.deepEqual(await session.read(), { key: other });
    assert.equal(state.changes, 0);
  });

  it('is the one that was stored or removed, be the keyring silent or late', async () => {
    const { session, state, late, key } = sessionOf();
    state.answer = 'silent';
    assert.equal(await key(), other);
    await session.store(stored);
    assert.equal(await key(), stored);
    late[0]?.('sk-from-before-0123456789');
    assert.equal(await key(), stored);
    await session.remove();
    assert.equal(await key(), other);
  });

  it('is asked for again after another window changed it', async () => {
    const { session, state, key } = sessionOf();
    state.answer = stored;
    assert.equal(await key(), stored);
    state.answer = 'sk-second-0123456789';
    session.storedKeyChanged();
    assert.equal(await key(), 'sk-second-0123456789');
    assert.equal(state.changes, 0);
  });

  it('tells of a stored one that cannot be used beside the environment’s', async () => {
    const { session, state } = sessionOf();
    state.answer = 'two words';
    const trouble = { kind: 'badStored', fault: 'signs' };
    assert.deepEqual(await session.read(), { key: other, trouble });
  });

  it('becomes the stored one with a keyring that is always slower than the limit', async () => {
    let answer: (value: string) => void = () => undefined;
    const get = () => new Promise<string>((resolve) => (answer = resolve));
    const keyring = createKeyring(
      { get, store: () => Promise.resolve(), delete: () => Promise.resolve() },
      'k',
    );
    const changed = new Promise<void>((resolve) => {
      const session = createSessionKey(
        { ...keyring, read: (_, onLate) => keyring.read(1, onLate) },
        () => other,
        () => {
          resolve(session.read().then(({ key }) => assert.equal(key, stored)));
        },
      );
      void session.read().then(({ key }) => {
        assert.equal(key, other);
        answer(stored);
      });
    });
    await changed;
  });
});
