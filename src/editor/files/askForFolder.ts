import * as vscode from 'vscode';
import { chooseInDialog } from '../say/notifications.ts';

/**
 * Lets a user choose where to save, beginning in a folder, else in the workspace.
 * @returns undefined when none was chosen.
 */
export async function askForFolder(
  title: string,
  from = vscode.workspace.workspaceFolders?.[0]?.uri,
): Promise<vscode.Uri | undefined> {
  const [folder] = await chooseInDialog({
    ...(from && { defaultUri: from }),
    canSelectFolders: true,
    canSelectFiles: false,
    openLabel: vscode.l10n.t('Save Here'),
    title,
  });
  return folder;
}
