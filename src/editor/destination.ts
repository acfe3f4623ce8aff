import { isAbsolute, posix } from 'node:path';
import * as vscode from 'vscode';
import { nameVariables, unknownVariables } from '../images/fileName.ts';
import type { Destination } from '../jobs/job.ts';
import { CodedError } from './codedError.ts';
import { readOutput } from './settings.ts';
import { isFolder } from './workspaceFiles.ts';

export interface Place {
  destination: Destination;
  workspaceUri?: string;
}

const imageExtension = /\.(png|jpe?g|webp|gif|avif)$/i;

/**
 * Where a new image goes: to `output` when given (a folder, or a file by its extension), else by
 * the settings of the workspace folder. @returns undefined when no folder is open to take it.
 * @throws CodedError naming the setting.
 */
export async function findPlace(
  output: vscode.Uri | undefined,
  document?: vscode.Uri,
): Promise<Place | undefined> {
  const folder = folderOf(output ?? document);
  const workspace = folder && { workspaceUri: folder.uri.toString() };
  if (output) return { destination: await outputDestination(output), ...workspace };
  if (!folder) return undefined;
  const settings = readOutput(folder.uri);
  checkTemplate(settings.fileName);
  const directory = expandDirectory(settings.directory, folder, document);
  const folderUri = isAbsolute(directory)
    ? vscode.Uri.file(directory)
    : vscode.Uri.joinPath(folder.uri, ...directory.split(/[\\/]+/));
  if (!vscode.workspace.isTrusted && !isInside(folderUri, folder.uri)) throw outsideError();
  return {
    destination: { folderUri: folderUri.toString(), name: settings.fileName },
    ...workspace,
  };
}

/** A place a person chose in a dialog, outside any setting. */
export function placeIn(folder: vscode.Uri): Place {
  return { destination: { folderUri: folder.toString(), name: readOutput().fileName } };
}

async function outputDestination(output: vscode.Uri): Promise<Destination> {
  const template = readOutput(output).fileName;
  if (!imageExtension.test(output.path) || (await isFolder(output)))
    return { folderUri: output.toString(), name: template };
  const name = posix.basename(output.path).replace(imageExtension, '');
  const folderUri = vscode.Uri.joinPath(output, '..').toString();
  return { folderUri, name, isExactName: true };
}

/** The folder the person is in: of the document, of the active editor, or the first. */
function folderOf(uri: vscode.Uri | undefined): vscode.WorkspaceFolder | undefined {
  if (uri) {
    const own = vscode.workspace.getWorkspaceFolder(uri);
    if (own) return own;
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  const current = active && vscode.workspace.getWorkspaceFolder(active);
  return current ?? vscode.workspace.workspaceFolders?.[0];
}

function checkTemplate(template: string): void {
  const [unknown] = unknownVariables(template);
  if (unknown === undefined) return;
  const words = vscode.l10n.t(
    'The setting imageStudio.output.fileName speaks of {0}, which does not exist. Use {1}.',
    `\${${unknown}}`,
    nameVariables.map((name) => `\${${name}}`).join(', '),
  );
  throw new CodedError('badRequest', words, 'imageStudio.output.fileName');
}

/** The variables of `markdown.copyFiles.destination`, as far as they name folders. */
function expandDirectory(
  directory: string,
  folder: vscode.WorkspaceFolder,
  document: vscode.Uri | undefined,
): string {
  const documentPath = document?.path ?? folder.uri.path;
  const documentFolder = document ? posix.dirname(documentPath) : documentPath;
  const name = posix.basename(documentPath);
  const values: Record<string, string> = {
    documentDirName: posix.relative(folder.uri.path, documentFolder) || '.',
    documentRelativeDirName: posix.relative(folder.uri.path, documentFolder) || '.',
    documentFileName: name,
    documentBaseName: name.replace(/\.[^.]*$/, ''),
    documentExtName: posix.extname(name).slice(1),
    documentWorkspaceFolder: '.',
    workspaceFolder: '.',
  };
  const filled = directory.replace(/\$\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);
  const [unknown] = /\$\{\w+\}/.exec(filled) ?? [];
  if (unknown === undefined) return filled.replace(/^\/(?=\.)/, '');
  const words = vscode.l10n.t(
    'The setting imageStudio.output.directory speaks of {0}, which does not exist. Use {1}.',
    unknown,
    Object.keys(values)
      .map((key) => `\${${key}}`)
      .join(', '),
  );
  throw new CodedError('badRequest', words, 'imageStudio.output.directory');
}

function isInside(uri: vscode.Uri, folder: vscode.Uri): boolean {
  const path = posix.relative(folder.path, uri.path);
  return uri.scheme === folder.scheme && !path.startsWith('..') && !posix.isAbsolute(path);
}

function outsideError(): CodedError {
  const words = vscode.l10n.t(
    'In Restricted Mode images are saved inside the workspace only. Trust the workspace, or change imageStudio.output.directory.',
  );
  return new CodedError('badRequest', words, 'imageStudio.output.directory');
}
