import { readlink, realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import { AppError } from '../../appError.ts';
import { pathOfFileUri } from '../../jobs/fileUri.ts';
import { fillIn } from '../say/fillIn.ts';
import { oneLine } from '../say/plainLine.ts';
import { displayPath } from './workspaceFiles.ts';
import { whereItLeads } from './whereItLeads.ts';

/** A sentence that names two paths of this length is shown whole. */
const maxPathChars = 50;

/**
 * In Restricted Mode a folder of the workspace has to lie in it by real paths, too: a link in a
 * cloned repository must not choose what is written to. @throws AppError `writeFailed`
 */
export async function checkRestrictedFolder(folderUri: string): Promise<void> {
  if (vscode.workspace.isTrusted) return;
  const target = await leadsOutside(folderUri);
  if (target === undefined) return;
  const message = fillIn(
    vscode.l10n.t(
      'In Restricted Mode nothing is saved in {0}, which leads to {1}. Trust the workspace, or choose Save As….',
    ),
    oneLine(displayPath(folderUri), { maxChars: maxPathChars }),
    oneLine(target, { maxChars: maxPathChars }),
  );
  throw new AppError('writeFailed', message);
}

/** Where a folder of the workspace really lies, when a link of the file system leads out of it. */
export async function leadsOutside(folderUri: string): Promise<string | undefined> {
  if (!folderUri.startsWith('file:')) return undefined;
  const roots = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  return await whereItLeads(pathOfFileUri(folderUri), roots, { realpath, readlink });
}

/**
 * What a text names, a stranger may have written: it stays in the workspace by real paths wherever
 * that is trusted, too. @throws AppError `writeFailed`
 */
export async function checkRealFolder(folderUri: string): Promise<void> {
  await checkRestrictedFolder(folderUri);
  const target = await leadsOutside(folderUri);
  if (target === undefined) return;
  const message = fillIn(
    vscode.l10n.t('Nothing is saved in {0} for a link, as it leads to {1}, outside the workspace.'),
    oneLine(displayPath(folderUri), { maxChars: maxPathChars }),
    oneLine(target, { maxChars: maxPathChars }),
  );
  throw new AppError('writeFailed', message);
}
