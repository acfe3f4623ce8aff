import * as vscode from 'vscode';
import type { CommandDeps } from './commandDeps.ts';
import { inform } from '../editor/say/notifications.ts';

export async function clearApiKey({ apiKey }: CommandDeps): Promise<void> {
  await apiKey.clear();
  const message = apiKey.isInEnvironment()
    ? vscode.l10n.t(
        'The stored API key is removed. The environment variable EVOLINK_API_KEY is used from now on.',
      )
    : vscode.l10n.t('The API key is removed.');
  void inform(message);
}
