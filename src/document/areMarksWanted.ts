import { workspace } from 'vscode';
import { settingsPrefix } from '../editor/contributions.ts';

/** Whether missing images are marked anywhere: each folder may say so for itself. */
export function areMarksWanted(): boolean {
  return [undefined, ...(workspace.workspaceFolders ?? [])].some(
    (folder) =>
      workspace.getConfiguration(settingsPrefix, folder).get('document.missingImages') === 'hint',
  );
}
