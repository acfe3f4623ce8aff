import * as vscode from 'vscode';
import { inform } from '../../editor/say/notifications.ts';

/** Tells a user who types that there is a question. @returns whether it may be asked now */
export async function offerQuestion(): Promise<boolean> {
  const answer = vscode.l10n.t('Answer');
  const message = vscode.l10n.t('There is a question before your image can be drawn.');
  return (await inform(message, answer)) === answer;
}
