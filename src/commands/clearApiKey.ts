import * as vscode from 'vscode';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { ask, inform } from '../editor/say/notifications.ts';
import type { CommandDeps } from './commandDeps.ts';

/** Asks each time: a link in a message of the editor can run this, and the key may be nowhere else. */
export async function clearApiKey({ apiKey }: CommandDeps): Promise<void> {
  const remove = vscode.l10n.t('Remove Key');
  const detail = vscode.l10n.t('Images in the queue wait until a key is set again.');
  const question = vscode.l10n.t('Remove the stored EvoLink API key?');
  if ((await ask(question, [remove], detail)) !== remove) return;
  const isCleared = await reportFailures(async () => {
    await apiKey.clear();
    return true;
  }, false);
  if (!isCleared) return;
  const message = apiKey.isInEnvironment()
    ? vscode.l10n.t(
        'The stored API key is removed. The environment variable EVOLINK_API_KEY is used from now on.',
      )
    : vscode.l10n.t('The API key is removed.');
  void inform(message);
}
