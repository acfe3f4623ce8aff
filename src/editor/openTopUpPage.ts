import * as vscode from 'vscode';
import { isOwnSite } from '../evolink/ownSite.ts';
import { providerUrl } from './contributions.ts';
import { openSite } from './openSite.ts';
import { fillIn } from './say/fillIn.ts';
import { ask } from './say/notifications.ts';
import { readBaseUrl } from './settings.ts';

const going = new vscode.EventEmitter<void>();
/** Fires when a user was sent to the page where credits are bought. */
export const onDidGoToPay = going.event;

/**
 * Opens the page where credits are bought: the one that the provider named, or else its dashboard.
 * An answer may name any page, so that one of another site is opened only when the user agrees.
 */
export async function openTopUpPage(named: string | undefined): Promise<void> {
  const url = new URL(named !== undefined && URL.canParse(named) ? named : providerUrl);
  if (!isOwnSite(url, readBaseUrl('apiBaseUrl'))) {
    const open = vscode.l10n.t('Open Site');
    const question = fillIn(vscode.l10n.t('Open {0} to buy credits?'), url.host);
    const detail = vscode.l10n.t('EvoLink names this site, but it is not one of its own.');
    if ((await ask(question, [open], detail)) !== open) return;
  }
  await openSite(url);
  going.fire();
}
