import * as vscode from 'vscode';

/** The only file that touches the key's store. */
const secretName = 'evolinkApiKey';
const environmentName = 'EVOLINK_API_KEY';

export interface ApiKey {
  /** The stored key, else the environment's, else undefined. */
  read: () => Promise<string | undefined>;
  /** @throws Error when it does not have the form of a key. */
  store(key: string): Promise<void>;
  clear(): Promise<void>;
  /** Whether the environment has one, which stays when the stored one is cleared. */
  isInEnvironment(): boolean;
  onDidChange: vscode.Event<void>;
  dispose(): void;
}

export function createApiKey(secrets: vscode.SecretStorage, hide: (key: string) => void): ApiKey {
  const fromEnvironment = () => process.env[environmentName]?.trim() ?? '';
  const changes = new vscode.EventEmitter<void>();
  const listening = secrets.onDidChange(({ key }) => {
    if (key === secretName) changes.fire();
  });
  return {
    async read() {
      const key = (await secrets.get(secretName)) ?? fromEnvironment();
      if (key === '' || keyProblem(key) !== undefined) return undefined;
      hide(key);
      return key;
    },
    async store(key) {
      const trimmed = key.trim();
      const problem = keyProblem(trimmed);
      if (problem !== undefined) throw new Error(problem);
      hide(trimmed);
      await secrets.store(secretName, trimmed);
    },
    clear: async () => await secrets.delete(secretName),
    isInEnvironment: () => fromEnvironment() !== '',
    onDidChange: changes.event,
    dispose() {
      listening.dispose();
      changes.dispose();
    },
  };
}

/** No key is as long. */
const maxKeyChars = 4_096;

/** What is wrong with the form of a key, in words; undefined when nothing is. */
export function keyProblem(key: string): string | undefined {
  const trimmed = key.trim();
  if (trimmed === '') return vscode.l10n.t('Paste your EvoLink API key here.');
  if (/^bearer\s/i.test(trimmed))
    return vscode.l10n.t('Leave out the word "Bearer": the key alone is enough.');
  if (/[^\x21-\x7e]/.test(trimmed))
    return vscode.l10n.t('A key has no spaces or special characters. Copy it once more.');
  if (trimmed.length < 12)
    return vscode.l10n.t('This is too short for a key. Copy it once more, as a whole.');
  if (trimmed.length > maxKeyChars)
    return vscode.l10n.t('This is too long for a key. Copy the key alone.');
  return undefined;
}
