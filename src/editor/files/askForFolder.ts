import * as vscode from 'vscode';
import { chooseInDialog } from '../say/notifications.ts';

/** Lets a user choose where to save. @returns undefined when none was chosen. */
export async function askForFolder(title: string): Promise<vscode.Uri | undefined> {
  const [folder] = await chooseInDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: vscode.l10n.t('Save Here'),
    title,
  });
  return folder;
}
