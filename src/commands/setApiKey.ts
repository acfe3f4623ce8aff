import * as vscode from 'vscode';
import { cancelled } from '../appError.ts';
import { readKey } from '../editor/apiKey.ts';
import { askForApiKey, checkInTime, storeKey } from '../editor/askForApiKey.ts';
import { reportFailures, toLocalizedError } from '../editor/errors/errorActions.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { type CheckedKey, checkKey } from '../editor/keyEntry.ts';
import { ask, runWithProgress } from '../editor/say/notifications.ts';
import { RequestError } from '../requests/requestError.ts';
import type { CommandDeps } from './commandDeps.ts';

/**
 * Asks for the key, or takes the one given when the user agrees: another account would get all
 * prompts and images. @returns whether there is one now.
 * @throws AppError `cancelled`, or `auth` when EvoLink does not accept the given one
 */
export async function setApiKey(deps: CommandDeps, given?: unknown): Promise<boolean> {
  const { apiKey } = deps;
  if (given === undefined) return await reportFailures(() => askForApiKey(deps), false);
  if (typeof given !== 'string')
    throw new RequestError({ kind: 'option', field: 'key', problem: 'text' });
  const read = readKey(given);
  if ('problem' in read) throw new LocalizedError('badRequest', read.problem);
  const { key } = read;
  // One that cannot be read may be there all the same.
  const current = await apiKey.read().catch(() => '');
  if (current === key) return true;
  if (!(await isAccepted(key, current !== undefined))) throw cancelled();
  await storeChecked(deps, key);
  return true;
}

/** EvoLink is asked whether it takes the key; when it cannot be asked, the user decides. */
async function storeChecked(deps: CommandDeps, key: string): Promise<void> {
  let checked: CheckedKey;
  try {
    const title = vscode.l10n.t('Checking the API key');
    checked = await runWithProgress(title, (_, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return checkKey(checkInTime(deps), key, controller.signal);
    });
  } catch (thrown) {
    const error = toLocalizedError(thrown);
    if (error.code === 'auth' || error.code === 'cancelled') throw error;
    const storeIt = vscode.l10n.t('Store Key');
    const question = vscode.l10n.t('The key could not be checked. Store it all the same?');
    if ((await ask(question, [storeIt], error.message)) !== storeIt) throw cancelled();
    checked = { isUnchecked: true };
  }
  await storeKey(deps, key, checked);
}

/** Enough to compare a key by, and too little to guess it by. */
const shownChars = 4;

async function isAccepted(key: string, isOther: boolean): Promise<boolean> {
  const question = isOther
    ? vscode.l10n.t('Replace your EvoLink API key?')
    : vscode.l10n.t('Store an EvoLink API key?');
  const answer = isOther ? vscode.l10n.t('Replace Key') : vscode.l10n.t('Store Key');
  const detail = [
    vscode.l10n.t(
      'This comes from another extension, a key binding or a link. Your prompts and reference images go to the account of this key from now on.',
    ),
    fillIn(vscode.l10n.t('The key ends in {0}.'), key.slice(-shownChars)),
  ];
  return (await ask(question, [answer], ...detail)) === answer;
}
