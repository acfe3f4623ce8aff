import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';
import { isFolder, isInside } from '../editor/files/workspaceFiles.ts';
import { readEditFileName, readOutput } from '../editor/settings.ts';
import type { Destination } from '../jobs/job.ts';
import type { OutputLocation } from '../requests/imageRequest.ts';
import {
  checkNameTemplate,
  editNameTemplate,
  expandDirectory,
  fileNameOfOutput,
} from '../requests/outputRules.ts';
import { RequestError } from '../requests/requestError.ts';

/**
 * Where a new image goes: to `output` when given (a folder, or a file by its extension), else by
 * the settings of the workspace folder. @returns undefined when no folder is open to take it.
 * @throws RequestError naming the setting.
 */
export async function findLocation(
  output: vscode.Uri | undefined,
  document?: vscode.Uri,
): Promise<OutputLocation | undefined> {
  if (output) return { destination: await outputDestination(output), ...workspaceOf(output) };
  const folder = currentFolder(document);
  if (!folder) return undefined;
  const isOfFolder = document && isInside(document, folder.uri);
  const directory = expandDirectory(readOutput(folder.uri).directory, {
    folderPath: folder.uri.path,
    documentPath: isOfFolder ? document.path : undefined,
  });
  const folderUri = isAbsolute(directory)
    ? vscode.Uri.file(directory)
    : vscode.Uri.joinPath(folder.uri, ...directory.split(/[\\/]+/));
  if (!vscode.workspace.isTrusted && !isInside(folderUri, folder.uri))
    throw new RequestError({ kind: 'outsideWorkspace', setting: 'output.directory' });
  return {
    destination: { folderUri: folderUri.toString(), name: readTemplate(folder.uri) },
    workspaceUri: folder.uri.toString(),
  };
}

/** The same; where no folder is open, in the one that `provideFolder` gives or throws for. */
export async function requireLocation(
  provideFolder: () => Promise<vscode.Uri>,
  output?: vscode.Uri,
  document?: vscode.Uri,
): Promise<OutputLocation> {
  const location = await findLocation(output, document);
  return location ?? locationIn(await provideFolder());
}

/** Beside an image that changes; undefined when nothing can be put there. */
export function locationBeside(source: vscode.Uri): OutputLocation | undefined {
  const workspace = workspaceOf(source);
  // What is virtual can be written only while its workspace is open.
  if (!workspace && source.scheme !== 'file') return undefined;
  return {
    destination: {
      folderUri: vscode.Uri.joinPath(source, '..').toString(),
      name: editNameTemplate(readEditFileName(source), source.path),
    },
    ...workspace,
  };
}

/** A folder that a user chose in a dialog, outside any setting. */
function locationIn(folder: vscode.Uri): OutputLocation {
  return { destination: { folderUri: folder.toString(), name: readTemplate() } };
}

/** The folder the user is in: of the document, of the active editor, or the first. */
export function currentFolder(document?: vscode.Uri): vscode.WorkspaceFolder | undefined {
  const own = document && vscode.workspace.getWorkspaceFolder(document);
  if (own) return own;
  const active = vscode.window.activeTextEditor?.document.uri;
  const current = active && vscode.workspace.getWorkspaceFolder(active);
  return current ?? vscode.workspace.workspaceFolders?.[0];
}

async function outputDestination(output: vscode.Uri): Promise<Destination> {
  const name = fileNameOfOutput(output.path);
  if (name === undefined || (await isFolder(output)))
    return { folderUri: output.toString(), name: readTemplate(output) };
  return { folderUri: vscode.Uri.joinPath(output, '..').toString(), name, isExactName: true };
}

/** What lies in no folder of this workspace need not wait for one to be open. */
function workspaceOf(uri: vscode.Uri): Pick<OutputLocation, 'workspaceUri'> | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder && { workspaceUri: folder.uri.toString() };
}

function readTemplate(scope?: vscode.Uri): string {
  const { fileName } = readOutput(scope);
  checkNameTemplate('output.fileName', fileName);
  return fileName;
}
