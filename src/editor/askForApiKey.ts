import * as vscode from 'vscode';
import type { Engine } from '../jobs/engine.ts';
import { type ApiKey, readKey } from './apiKey.ts';
import { providerUrl } from './contributions.ts';
import { openSite } from './openSite.ts';
import { showBriefly } from './say/notifications.ts';
import { createInput } from './say/quickInput.ts';
import { tickStep } from './walkthroughSteps.ts';

/**
 * Asks a user for the key, and stores it. `problem`: what is wrong with the one there is, in words.
 * @returns whether there is one now. @throws LocalizedError when it cannot be stored.
 */
export async function askForApiKey(
  apiKey: ApiKey,
  engine: Engine,
  problem?: string,
): Promise<boolean> {
  const key = await enterKey(problem);
  if (key === undefined) return false;
  await apiKey.store(key);
  engine.connectionChanged();
  tickStep('hasKey');
  showBriefly(vscode.l10n.t('API key saved'), 4_000, 'key');
  return true;
}

async function enterKey(problem: string | undefined): Promise<string | undefined> {
  const input = createInput();
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
  input.validationMessage = problem;
  input.buttons = [getKey];
  try {
    return await new Promise<string | undefined>((resolve) => {
      input.onDidTriggerButton(() => void openSite(new URL(providerUrl)));
      input.onDidChangeValue(() => (input.validationMessage = undefined));
      input.onDidAccept(() => {
        const read = readKey(input.value);
        if ('key' in read) resolve(read.key);
        else input.validationMessage = read.problem;
      });
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}
