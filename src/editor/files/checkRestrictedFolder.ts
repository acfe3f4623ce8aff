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
  const roots = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  const target = await whereItLeads(pathOfFileUri(folderUri), roots, { realpath, readlink });
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
