import { type ChosenKey, chooseKey, chosenKey } from './chooseKey.ts';
import { type Keyring, KeyringError } from './keyring.ts';

/** The key of this session, which changes when the stored one does, and not with a keyring's temper. */
export interface SessionKey {
  read: () => Promise<ChosenKey>;
  /** @throws KeyringError */
  store: (key: string) => Promise<void>;
  /** @throws KeyringError */
  remove: () => Promise<void>;
  /** The stored key was changed, perhaps by another window: no key is used until the keyring is read. */
  storedKeyChanged: () => void;
}

/**
 * Keeps the stored key once it was read, also from an answer that came too late for its question. The
 * environment's stands in for it only as long as none was ever read.
 * @param onDidChange called when the key becomes another one without having been stored
 */
export function createSessionKey(
  keyring: Keyring,
  environment: () => string,
  onDidChange: () => void,
): SessionKey {
  /** What the keyring said last; outdated once another window may have changed it. */
  let known: { value: string | undefined; isOutdated?: true } | undefined;
  let isCurrent = false;
  /** Counts changes, so that an answer from before one is not taken. */
  let changes = 0;
  /** What was used last. */
  let used: ChosenKey | undefined;

  async function readStored(limitMs: number): Promise<string | undefined> {
    // Another window may store the first key, so that none is asked for again.
    if (isCurrent && known?.value) return known.value;
    const asked = changes;
    const isTaken = (value: string | undefined) => {
      if (asked !== changes) return false;
      [known, isCurrent] = [{ value }, true];
      return true;
    };
    try {
      const value = await keyring.read(limitMs, (late) => {
        if (isTaken(late)) use(chosenKey(late, environment()));
        else onDidChange();
      });
      return isTaken(value) ? value : await readStored(limitMs);
    } catch (thrown) {
      if (!(thrown instanceof KeyringError) || !known || known.isOutdated) throw thrown;
      return known.value;
    }
  }

  function use(chosen: ChosenKey): void {
    const before = used;
    used = chosen;
    if (before && isOther(before, chosen)) onDidChange();
  }

  function changed(next: typeof known): void {
    changes += 1;
    known = next;
    isCurrent = false;
    used = undefined;
  }

  return {
    async read() {
      const { key, trouble } = await chooseKey({ read: readStored }, environment());
      // The old key, or that of the environment, may be another account's.
      const isUnsure = trouble?.kind === 'keyring' && known?.isOutdated;
      const chosen = {
        ...(!isUnsure && key !== undefined && { key }),
        ...(trouble && { trouble }),
      };
      use(chosen);
      return chosen;
    },
    async store(key) {
      await keyring.store(key);
      changed({ value: key });
    },
    async remove() {
      await keyring.remove();
      changed({ value: undefined });
    },
    storedKeyChanged() {
      changed(known && { ...known, isOutdated: true });
    },
  };
}

function isOther(before: ChosenKey, after: ChosenKey): boolean {
  if (before.key !== undefined || after.key !== undefined) return before.key !== after.key;
  return before.trouble?.kind !== after.trouble?.kind;
}
