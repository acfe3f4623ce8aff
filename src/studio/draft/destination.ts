import * as vscode from 'vscode';
import { chooseFolder } from '../../editor/files/chooseFolder.ts';
import { locationFor } from '../../generation/outputLocation.ts';
import type { Draft } from '../../shared/studio/draft.ts';
import type { StudioDeps } from '../studioDeps.ts';

/** The folder that was chosen for a draft; none for the one of the settings. */
export interface ChosenDestination {
  folderUri?: string;
}

/** Asks where the images of a draft are to be saved. @returns undefined when the user chose nothing */
export async function pickDestination(
  { workplace, ownFolder }: Pick<StudioDeps, 'workplace' | 'ownFolder'>,
  { folderUri, references }: Draft,
): Promise<ChosenDestination | undefined> {
  const location = await locationFor({ references }, workplace.now(), ownFolder).catch(
    () => undefined,
  );
  const usual = location && vscode.Uri.parse(location.destination.folderUri, true);
  const current = folderUri === undefined ? usual : vscode.Uri.parse(folderUri, true);
  const title = vscode.l10n.t('Where should images be saved?');
  const folder = await chooseFolder({ title, current, usual });
  if (!folder) return undefined;
  return folder.toString() === usual?.toString() ? {} : { folderUri: folder.toString() };
}
