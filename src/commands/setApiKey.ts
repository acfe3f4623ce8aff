import * as vscode from 'vscode';
import { keyProblem } from '../editor/apiKey.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { providerUrl } from '../editor/contributions.ts';
import { optionMessage } from '../editor/errors/messages.ts';
import type { CommandDeps } from './commandDeps.ts';

/** Asks for the key, or takes the one given. @returns whether there is one now. */
export async function setApiKey(deps: CommandDeps, given?: unknown): Promise<boolean> {
  if (given !== undefined) {
    if (typeof given !== 'string')
      throw new LocalizedError('badRequest', optionMessage('key', 'text'));
    const problem = keyProblem(given);
    if (problem !== undefined) throw new LocalizedError('badRequest', problem);
  }
  const key = typeof given === 'string' ? given : await askForKey();
  if (key === undefined) return false;
  await deps.apiKey.store(key);
  deps.engine.pollNow();
  if (given === undefined)
    vscode.window.setStatusBarMessage(vscode.l10n.t('$(key) API key saved'), 4_000);
  return true;
}

async function askForKey(): Promise<string | undefined> {
  const input = vscode.window.createInputBox();
  const getKey: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('link-external'),
    tooltip: vscode.l10n.t('Get a key from EvoLink'),
  };
  input.title = vscode.l10n.t('Set EvoLink API Key');
  input.prompt = vscode.l10n.t(
    'It is kept in the secret storage of your system and sent to EvoLink alone.',
  );
  input.placeholder = 'sk-…';
  input.password = true;
  input.ignoreFocusOut = true;
  input.buttons = [getKey];
  try {
    return await new Promise<string | undefined>((resolve) => {
      input.onDidTriggerButton(() => void vscode.env.openExternal(vscode.Uri.parse(providerUrl)));
      input.onDidChangeValue(() => (input.validationMessage = undefined));
      input.onDidAccept(() => {
        const problem = keyProblem(input.value);
        if (problem === undefined) resolve(input.value);
        else input.validationMessage = problem;
      });
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}
