import { type KeyFault, parseKey } from '../evolink/keyText.ts';
import { type Keyring, KeyringError } from './keyring.ts';

/** Why there is no key although somebody gave one. */
export type KeyTrouble =
  /** What lies there has no form of a key. */
  | { kind: 'badStored' | 'badEnvironment'; fault: KeyFault }
  | { kind: 'keyring'; error: KeyringError };

export interface ChosenKey {
  key?: string;
  /** Also beside a key: that of the environment, while the keyring gives none. */
  trouble?: KeyTrouble;
}

/** With another key at hand, nobody waits long for the keyring. */
const shortLimitMs = 5_000;
/** Without one the keyring may be asking its user for a password. */
const longLimitMs = 15_000;

/** The stored key, else that of the environment. Neither is empty when the other cannot be used. */
export async function chooseKey(
  keyring: Pick<Keyring, 'read'>,
  environment: string,
): Promise<ChosenKey> {
  const other = parseKey(environment);
  const otherKey = 'key' in other ? { key: other.key } : undefined;
  let stored: string | undefined;
  try {
    stored = await keyring.read(otherKey ? shortLimitMs : longLimitMs);
  } catch (thrown) {
    if (!(thrown instanceof KeyringError)) throw thrown;
    return { ...otherKey, trouble: { kind: 'keyring', error: thrown } };
  }
  if (stored !== undefined && stored !== '') {
    const parsed = parseKey(stored);
    if ('key' in parsed) return { key: parsed.key };
    if (!otherKey) return { trouble: { kind: 'badStored', fault: parsed.fault } };
  }
  if ('key' in other) return { key: other.key };
  if (other.fault === 'empty') return {};
  return { trouble: { kind: 'badEnvironment', fault: other.fault } };
}
