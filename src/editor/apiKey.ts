import * as vscode from 'vscode';
import { type KeyFault, parseKey } from '../evolink/keyText.ts';
import type { KeyTrouble } from './chooseKey.ts';
import { LocalizedError } from './errors/localizedError.ts';
import { createKeyring, KeyringError } from './keyring.ts';
import type { Log } from './log.ts';
import { fillIn, nested } from './say/fillIn.ts';
import { warn } from './say/notifications.ts';
import { createSessionKey } from './sessionKey.ts';

/** The only file that touches the key's store. */
const secretName = 'evolinkApiKey';
const environmentName = 'EVOLINK_API_KEY';

export interface ApiKey {
  /**
   * The stored key, else the environment's, else undefined.
   * @throws LocalizedError `noKey` when there is one that cannot be used.
   */
  read: () => Promise<string | undefined>;
  /** @throws LocalizedError when it does not have the form of a key, or cannot be stored. */
  store(key: string): Promise<void>;
  /** @throws LocalizedError */
  clear(): Promise<void>;
  /** Whether the environment has one, which stays when the stored one is cleared. */
  isInEnvironment(): boolean;
  onDidChange: vscode.Event<void>;
  dispose(): void;
}

export function createApiKey(
  secrets: vscode.SecretStorage,
  log: Pick<Log, 'hide' | 'error'>,
): ApiKey {
  const environment = () => process.env[environmentName] ?? '';
  const changes = new vscode.EventEmitter<void>();
  const listening = secrets.onDidChange(({ key }) => {
    if (key !== secretName) return;
    session.storedKeyChanged();
    changes.fire();
  });
  const keyring = createKeyring(secrets, secretName);
  const session = createSessionKey(keyring, environment, () => changes.fire());
  let isTold = false;

  async function read(): Promise<string | undefined> {
    const { key, trouble } = await session.read();
    if (key !== undefined) log.hide(key);
    if (!trouble) isTold = false;
    else if (key === undefined) throw new LocalizedError('noKey', troubleMessage(trouble));
    else tellOnce(trouble);
    return key;
  }

  /** The key of the environment may be of another account, so its user should know. */
  function tellOnce(trouble: KeyTrouble): void {
    if (isTold) return;
    isTold = true;
    const reason = trouble.kind === 'keyring' ? trouble.error.message : trouble.fault;
    log.error(`The stored key cannot be read: ${reason}`);
    const tryAgain = vscode.l10n.t('Try Again');
    void warn(standInMessage(trouble), tryAgain).then((chosen) => {
      if (chosen !== tryAgain) return;
      isTold = false;
      changes.fire();
    });
  }

  return {
    read,
    async store(text) {
      const parsed = parseKey(text);
      if ('fault' in parsed) throw new LocalizedError('badRequest', faultMessage(parsed.fault));
      log.hide(parsed.key);
      await written(() => session.store(parsed.key));
    },
    clear: () => written(session.remove),
    isInEnvironment: () => 'key' in parseKey(environment()),
    onDidChange: changes.event,
    dispose() {
      listening.dispose();
      changes.dispose();
    },
  };
}

/** The key in a text, or what is wrong with it, in words. */
export function readKey(text: string): { key: string } | { problem: string } {
  const parsed = parseKey(text);
  return 'key' in parsed ? parsed : { problem: faultMessage(parsed.fault) };
}

async function written(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof KeyringError)) throw thrown;
    const message =
      thrown.trouble === 'silent'
        ? vscode.l10n.t(
            'The keyring of your system does not answer. Unlock it and try again, or set the environment variable EVOLINK_API_KEY.',
          )
        : fillIn(
            vscode.l10n.t(
              'The keyring of your system refuses: {0}. Unlock it and try again, or set the environment variable EVOLINK_API_KEY.',
            ),
            thrown.message,
          );
    throw new LocalizedError('writeFailed', message, undefined, thrown);
  }
}

/** The key of the environment is used in the stored one's place. */
function standInMessage(trouble: KeyTrouble): string {
  return trouble.kind === 'keyring'
    ? vscode.l10n.t(
        'Your stored API key cannot be read, because the keyring of your system does not give it. The key of the environment variable EVOLINK_API_KEY is used.',
      )
    : vscode.l10n.t(
        'Your stored API key cannot be used, because it does not have the form of a key. The key of the environment variable EVOLINK_API_KEY is used.',
      );
}

function troubleMessage(trouble: KeyTrouble): string {
  switch (trouble.kind) {
    case 'badStored':
      return fillIn(
        vscode.l10n.t('The stored API key cannot be used: {0}'),
        nested(faultMessage(trouble.fault)),
      );
    case 'badEnvironment':
      return fillIn(
        vscode.l10n.t('The environment variable {0} holds no API key: {1}'),
        environmentName,
        nested(faultMessage(trouble.fault)),
      );
    case 'keyring':
      return trouble.error.trouble === 'silent'
        ? vscode.l10n.t(
            'Your API key cannot be read, because the keyring of your system does not answer. Unlock it, or set the environment variable EVOLINK_API_KEY.',
          )
        : fillIn(
            vscode.l10n.t(
              'Your API key cannot be read, because the keyring of your system refuses: {0}. Unlock it, or set the environment variable EVOLINK_API_KEY.',
            ),
            trouble.error.message,
          );
  }
}

function faultMessage(fault: KeyFault): string {
  switch (fault) {
    case 'empty':
      return vscode.l10n.t('Paste your EvoLink API key here.');
    case 'signs':
      return vscode.l10n.t('A key has no spaces or special characters. Copy it once more.');
    case 'short':
      return vscode.l10n.t('This is too short for a key. Copy it once more, as a whole.');
    case 'long':
      return vscode.l10n.t('This is too long for a key. Copy the key alone.');
    case 'address':
      return vscode.l10n.t('This is a web address. Paste the key itself.');
    case 'several':
      return vscode.l10n.t('More than one line of this could be the key. Paste the key alone.');
    case 'hidden':
      return vscode.l10n.t('This key is hidden in part. Copy it where it is shown whole.');
    case 'placeholder':
      return vscode.l10n.t('This stands in the place of a key. Paste the key itself.');
  }
}
