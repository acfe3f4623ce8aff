import * as vscode from 'vscode';

/** Lets a user choose where to save. @returns undefined when none was chosen. */
export async function askForFolder(title: string): Promise<vscode.Uri | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: vscode.l10n.t('Save Here'),
      title,
    })) ?? [];
  return folder;
}
