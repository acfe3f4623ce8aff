import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { readBaseUrl } from '../editor/settings.ts';
import type { GenerationDeps } from './generationDeps.ts';
import { askForApiKey } from '../editor/askForApiKey.ts';

/** What would fail every job is said before there is one. @throws CodedError */
export async function requireNetwork(deps: GenerationDeps, isInteractive: boolean): Promise<void> {
  readBaseUrl('apiBaseUrl');
  if ((await deps.apiKey.read()) !== undefined) return;
  if (!isInteractive)
    throw new LocalizedError('noKey', vscode.l10n.t('No EvoLink API key is set.'));
  // Whoever closes the question for a key knows that there is none.
  if (!(await askForApiKey(deps.apiKey, deps.engine)))
    throw new LocalizedError('cancelled', vscode.l10n.t('Cancelled.'));
}
