import { type KeyFault, parseKey, parseStoredKey } from '../evolink/keyText.ts';
import { type Keyring, KeyringError } from './keyring.ts';

/** Why there is no key although somebody gave one. */
export type KeyTrouble =
  /** What lies there has no form of a key. */
  | { kind: 'badStored' | 'badEnvironment'; fault: KeyFault }
  | { kind: 'keyring'; error: KeyringError };

export interface ChosenKey {
  key?: string;
  /** Also beside a key: that of the environment, while the stored one cannot be used. */
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
  const hasOther = 'key' in parseKey(environment);
  try {
    const stored = await keyring.read(hasOther ? shortLimitMs : longLimitMs);
    return chosenKey(stored, environment);
  } catch (thrown) {
    if (!(thrown instanceof KeyringError)) throw thrown;
    const { key } = chosenKey(undefined, environment);
    const trouble: KeyTrouble = { kind: 'keyring', error: thrown };
    return key === undefined ? { trouble } : { key, trouble };
  }
}

/** The key of two that are known. */
export function chosenKey(stored: string | undefined, environment: string): ChosenKey {
  const other = parseKey(environment);
  if (stored !== undefined && stored !== '') {
    const parsed = parseStoredKey(stored);
    if ('key' in parsed) return { key: parsed.key };
    const trouble: KeyTrouble = { kind: 'badStored', fault: parsed.fault };
    return 'key' in other ? { key: other.key, trouble } : { trouble };
  }
  if ('key' in other) return { key: other.key };
  if (other.fault === 'empty') return {};
  return { trouble: { kind: 'badEnvironment', fault: other.fault } };
}
