import { type AppError, toAppError } from '../appError.ts';

/** Where the entry of a key stands. */
export type KeyEntryState =
  | { kind: 'empty' }
  /** What was entered has no form of a key; the reason in words. */
  | { kind: 'malformed'; problem: string }
  | { kind: 'checking' }
  | { kind: 'storing' }
  | { kind: 'refused'; error: AppError }
  /** Nobody could say whether the key is right. Accepting it once more stores it unchecked. */
  | { kind: 'unchecked'; error: AppError }
  | { kind: 'notStored'; error: AppError };

/** What is known of a key that is about to be stored. */
export interface CheckedKey {
  /** What is left on its account, where EvoLink tells. */
  credits?: number;
  isUnchecked?: true;
}

export type CreditsOf = (key: string, signal: AbortSignal) => Promise<number | undefined>;

/** @throws AppError `auth` when the key is refused, another when nobody could say. */
export async function checkKey(
  creditsOf: CreditsOf,
  key: string,
  signal: AbortSignal,
): Promise<CheckedKey> {
  try {
    const credits = await creditsOf(key, signal);
    return credits === undefined ? {} : { credits };
  } catch (thrown) {
    // An account without credits has a key that is right.
    if (toAppError(thrown).code === 'credits') return {};
    throw thrown;
  }
}

export interface KeyEntryOptions {
  /** The key in a text, or what is wrong with it, in words. */
  read: (text: string) => { key: string } | { problem: string };
  creditsOf: CreditsOf;
  store: (key: string, checked: CheckedKey) => Promise<void>;
  show: (state: KeyEntryState) => void;
  /** Called once the key is stored, and then nothing more. */
  onStored: () => void;
  /** Called when the key could not be stored, and nobody sees the box any more that would say so. */
  onFailed: (error: AppError) => void;
}

/** The box in which a key is entered: it is checked before it is stored, and sent once. */
export interface KeyEntry {
  accept: (text: string) => void;
  /** The text is another now: what was said of the one before is no longer so. */
  changed: () => void;
  /** @returns whether the key is being stored, so that `onStored` or `onFailed` will be called. */
  leave: () => boolean;
}

export function createKeyEntry(options: KeyEntryOptions): KeyEntry {
  const { read, creditsOf, store, show, onStored, onFailed } = options;
  let state: KeyEntryState = { kind: 'empty' };
  let checking: AbortController | undefined;
  /** The key of which nobody could say whether it is right. */
  let unchecked: string | undefined;
  let isLeft = false;

  function become(next: KeyEntryState): void {
    state = next;
    show(next);
  }

  async function check(key: string): Promise<void> {
    const controller = new AbortController();
    checking = controller;
    become({ kind: 'checking' });
    let checked: CheckedKey;
    try {
      checked = await checkKey(creditsOf, key, controller.signal);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      const error = toAppError(thrown);
      const isRefused = error.code === 'auth';
      unchecked = isRefused ? undefined : key;
      become({ kind: isRefused ? 'refused' : 'unchecked', error });
      return;
    }
    if (!controller.signal.aborted) await keep(key, checked);
  }

  async function keep(key: string, checked: CheckedKey): Promise<void> {
    become({ kind: 'storing' });
    try {
      await store(key, checked);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (isLeft) onFailed(error);
      else become({ kind: 'notStored', error });
      return;
    }
    onStored();
  }

  return {
    accept(text) {
      if (state.kind === 'checking' || state.kind === 'storing') return;
      const found = read(text);
      if ('problem' in found) become({ kind: 'malformed', problem: found.problem });
      else if (found.key === unchecked) void keep(found.key, { isUnchecked: true });
      else void check(found.key);
    },
    changed() {
      if (state.kind === 'storing') return;
      checking?.abort();
      unchecked = undefined;
      become({ kind: 'empty' });
    },
    leave() {
      isLeft = true;
      checking?.abort();
      return state.kind === 'storing';
    },
  };
}
