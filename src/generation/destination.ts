import { isAbsolute, posix } from 'node:path';
import * as vscode from 'vscode';
import { nameVariables, shortenedBase, unknownVariables } from '../images/fileName.ts';
import { hasExtension, resultExtensions } from '../images/imageExtensions.ts';
import type { Destination } from '../jobs/job.ts';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import type { SettingName } from '../editor/contributions.ts';
import { fullSettingName, readEditFileName, readOutput } from '../editor/settings.ts';
import { isFolder } from '../editor/files/workspaceFiles.ts';

export interface OutputLocation {
  destination: Destination;
  workspaceUri?: string;
}

/**
 * Where a new image goes: to `output` when given (a folder, or a file by its extension), else by
 * the settings of the workspace folder. @returns undefined when no folder is open to take it.
 * @throws CodedError naming the setting.
 */
export async function findLocation(
  output: vscode.Uri | undefined,
  document?: vscode.Uri,
): Promise<OutputLocation | undefined> {
  if (output) return { destination: await outputDestination(output), ...workspaceOf(output) };
  const folder = currentFolder(document);
  if (!folder) return undefined;
  const directory = expandDirectory(readOutput(folder.uri).directory, folder, document);
  const folderUri = isAbsolute(directory)
    ? vscode.Uri.file(directory)
    : vscode.Uri.joinPath(folder.uri, ...directory.split(/[\\/]+/));
  if (!vscode.workspace.isTrusted && !isInside(folderUri, folder.uri)) throw outsideError();
  return {
    destination: { folderUri: folderUri.toString(), name: readTemplate(folder.uri) },
    workspaceUri: folder.uri.toString(),
  };
}

/** Beside an image that changes; undefined when nothing can be put there. */
export function locationBeside(source: vscode.Uri): OutputLocation | undefined {
  const workspace = workspaceOf(source);
  // What is virtual can be written only while its workspace is open.
  if (!workspace && source.scheme !== 'file') return undefined;
  const template = readEditFileName(source);
  checkTemplate('edit.fileName', template, ['name', ...nameVariables]);
  // A file's own name is no template, whatever it contains.
  const base = posix.basename(source.path).replace(/\.[^.]*$/, '');
  const name = shortenedBase(base).replaceAll('${', '{');
  return {
    destination: {
      folderUri: vscode.Uri.joinPath(source, '..').toString(),
      name: template.replaceAll('${name}', () => name),
    },
    ...workspace,
  };
}

/** A place a user chose in a dialog, outside any setting. */
export function locationIn(folder: vscode.Uri): OutputLocation {
  return { destination: { folderUri: folder.toString(), name: readTemplate() } };
}

async function outputDestination(output: vscode.Uri): Promise<Destination> {
  if (!hasExtension(output.path, resultExtensions) || (await isFolder(output)))
    return { folderUri: output.toString(), name: readTemplate(output) };
  const name = posix.basename(output.path).replace(/\.[^.]*$/, '');
  const folderUri = vscode.Uri.joinPath(output, '..').toString();
  return { folderUri, name, isExactName: true };
}

/** What lies in no folder of this workspace need not wait for one to be open. */
function workspaceOf(uri: vscode.Uri): Pick<OutputLocation, 'workspaceUri'> | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder && { workspaceUri: folder.uri.toString() };
}

/** The folder the user is in: of the document, of the active editor, or the first. */
export function currentFolder(document?: vscode.Uri): vscode.WorkspaceFolder | undefined {
  const own = document && vscode.workspace.getWorkspaceFolder(document);
  if (own) return own;
  const active = vscode.window.activeTextEditor?.document.uri;
  const current = active && vscode.workspace.getWorkspaceFolder(active);
  return current ?? vscode.workspace.workspaceFolders?.[0];
}

function readTemplate(scope?: vscode.Uri): string {
  const { fileName } = readOutput(scope);
  checkTemplate('output.fileName', fileName, nameVariables);
  return fileName;
}

function checkTemplate(setting: SettingName, template: string, known: readonly string[]): void {
  const unknown = unknownVariables(template).find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownVariable(setting, unknown, known);
}

function unknownVariable(
  setting: SettingName,
  unknown: string,
  known: readonly string[],
): LocalizedError {
  const message = vscode.l10n.t(
    'The setting {0} speaks of {1}, which does not exist. Use {2}.',
    fullSettingName(setting),
    `\${${unknown}}`,
    known.map((name) => `\${${name}}`).join(', '),
  );
  return new LocalizedError('badRequest', message, fullSettingName(setting));
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
  const [, unknown] = /\$\{(\w+)\}/.exec(filled) ?? [];
  if (unknown === undefined) return filled.replace(/^\/(?=\.)/, '');
  throw unknownVariable('output.directory', unknown, Object.keys(values));
}

/** Whether one lies in the other, or is it. */
export function isInside(uri: vscode.Uri, folder: vscode.Uri): boolean {
  const path = posix.relative(folder.path, uri.path);
  return uri.scheme === folder.scheme && !path.startsWith('..') && !posix.isAbsolute(path);
}

function outsideError(): LocalizedError {
  const message = vscode.l10n.t(
    'In Restricted Mode images are saved inside the workspace only. Trust the workspace, or change imageStudio.output.directory.',
  );
  return new LocalizedError('badRequest', message, 'imageStudio.output.directory');
}
