import { homedir } from 'node:os';
import { posix, sep } from 'node:path';
import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { checkRealFolder } from '../editor/files/checkRestrictedFolder.ts';
import {
  displayPath,
  isFolder,
  isInside,
  isWorkspaceOpen,
} from '../editor/files/workspaceFiles.ts';
import type { UserPlace } from '../editor/files/workplace.ts';
import {
  readEditFileName,
  readOutput,
  readEncoding,
  readResultConversion,
} from '../editor/settings.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { extensionOf } from '../images/imageExtensions.ts';
import { formatOfExtension } from '../images/convert/outputFormat.ts';
import type { Destination, ResultConversion } from '../jobs/resultFiles.ts';
import type { OutputLocation } from '../requests/imageRequest.ts';
import { expandDirectory } from '../requests/expandDirectory.ts';
import { checkNameTemplate, editNameTemplate, fileNameOfOutput } from '../requests/outputRules.ts';
import { RequestError } from '../requests/requestError.ts';
import { type AskedRequest, sourceOf } from './askedRequest.ts';
import type { Composed } from './interaction/interaction.ts';

/**
 * Where a new image goes: to `output` when given (a folder, or a file by its extension), else by
 * the settings of the workspace folder, for who works at `place`.
 * @returns undefined when no folder is open to take it.
 * @throws RequestError naming the setting.
 */
export async function findLocation(
  place: UserPlace,
  output?: vscode.Uri,
): Promise<OutputLocation | undefined> {
  if (output) return { destination: await outputDestination(output), ...workspaceOf(output) };
  const { folder } = place;
  if (!folder) return undefined;
  const folderUri = settingsFolder(place, folder);
  if (!vscode.workspace.isTrusted && !isInside(folderUri, folder.uri))
    throw new RequestError({ kind: 'outsideWorkspace', setting: 'output.directory' });
  return {
    destination: {
      folderUri: folderUri.toString(),
      name: readTemplate(folder.uri),
      ...conversionIn(folder.uri),
    },
    workspaceUri: folder.uri.toString(),
    ...workspaceOf(folderUri),
  };
}

function settingsFolder({ document }: UserPlace, folder: vscode.WorkspaceFolder): vscode.Uri {
  const directory = expandDirectory(readOutput(folder.uri).directory, {
    folder,
    folders: vscode.workspace.workspaceFolders ?? [],
    documentPath: document?.scheme === folder.uri.scheme ? document.path : undefined,
    home: homedir(),
    env: process.env,
    isWindows: sep === '\\',
  });
  return directory.folder
    ? vscode.Uri.joinPath(directory.folder.uri, directory.path)
    : vscode.Uri.file(directory.path);
}

/** What decides where the results of a request go. */
export interface Going {
  references: readonly string[];
  /** A folder or file that was asked for or chosen. */
  output?: vscode.Uri | undefined;
  /** The very file that is to be made. */
  file?: vscode.Uri | undefined;
  /** Where the results of an earlier request went, which this one is made of. */
  earlier?: OutputLocation | undefined;
}

/** What a request says of that, once a user has completed it. */
export function goingOf(
  { references, output }: Composed,
  { options, location, file }: AskedRequest,
): Going {
  return { references, output: output ?? options.output, file, earlier: location };
}

/**
 * Where the results of a request go, by one rule for all who make requests: to what was asked for;
 * else to the very file that is to be made, which has to lie in the workspace; else what is made of an image lies beside it, the first one of several; else the settings say.
 * @param ownFolder of this extension: nobody would look for a result beside an image in it
 * @returns undefined when no folder is open to take them.
 * @throws RequestError naming the setting.
 */
export async function locationFor(
  { references, output, file, earlier }: Going,
  place: UserPlace,
  ownFolder: vscode.Uri,
): Promise<OutputLocation | undefined> {
  if (output) return await findLocation(place, output);
  if (file) return await locationOfFile(file);
  if (earlier && isWorkspaceOpen(earlier.workspaceUri)) return earlier;
  const source = sourceOf(references);
  const beside = source && !isInside(source, ownFolder) ? locationBeside(source) : undefined;
  return beside ?? (await findLocation(place));
}

/** The same as `findLocation`; where no folder is open, in the one that `provideFolder` gives or throws for. */
export async function requireLocation(
  provideFolder: () => Promise<vscode.Uri>,
  place: UserPlace,
  output?: vscode.Uri,
): Promise<OutputLocation> {
  const location = await findLocation(place, output);
  return location ?? locationIn(await provideFolder());
}

/** @throws AppError `writeFailed` for a file outside the workspace, also by links of the file system. */
async function locationOfFile(file: vscode.Uri): Promise<OutputLocation> {
  const folderUri = vscode.Uri.joinPath(file, '..').toString();
  const workspace = workspaceOf(file);
  if (!workspace) throw outsideWorkspace(file);
  await checkRealFolder(folderUri);
  return { destination: fileDestination(file, conversionToName(file)), ...workspace };
}

function outsideWorkspace(file: vscode.Uri): LocalizedError {
  const message = fillIn(
    vscode.l10n.t('{0} is outside the workspace, where no image is saved for a link.'),
    displayPath(file),
  );
  return new LocalizedError('writeFailed', message);
}

/** Beside an image that changes; undefined when nothing can be put there. */
function locationBeside(source: vscode.Uri): OutputLocation | undefined {
  const workspace = workspaceOf(source);
  // What is virtual can be written only while its workspace is open.
  if (!workspace && source.scheme !== 'file') return undefined;
  return {
    destination: {
      folderUri: vscode.Uri.joinPath(source, '..').toString(),
      name: editNameTemplate(readEditFileName(source), source.path),
      ...conversionIn(source),
    },
    ...workspace,
  };
}

/** A folder that a user chose in a dialog, outside any setting. */
export function locationIn(folder: vscode.Uri): OutputLocation {
  const destination = { folderUri: folder.toString(), name: readTemplate(), ...conversionIn() };
  return { destination };
}

async function outputDestination(output: vscode.Uri): Promise<Destination> {
  if (await isNamedFile(output)) return fileDestination(output, conversionOfFile(output));
  return { folderUri: output.toString(), name: readTemplate(output), ...conversionIn(output) };
}

/** Whether an output is a file, by its extension; a folder may be called so too. */
export async function isNamedFile(output: vscode.Uri): Promise<boolean> {
  return fileNameOfOutput(output.path) !== undefined && !(await isFolder(output));
}

/** The very file, as it is called. */
function fileDestination(
  file: vscode.Uri,
  conversion: Pick<Destination, 'conversion'>,
): Destination {
  const extension = extensionOf(file.path);
  const name = posix.basename(file.path, `.${extension}`);
  const folderUri = vscode.Uri.joinPath(file, '..').toString();
  return { folderUri, name, isExactName: true, extension, ...conversion };
}

/** What lies in no folder of this workspace need not wait for one to be open. */
function workspaceOf(uri: vscode.Uri): Pick<OutputLocation, 'workspaceUri'> | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder && { workspaceUri: folder.uri.toString() };
}

/** What the settings say is made of a result that goes there. */
function conversionIn(scope?: vscode.Uri): Pick<Destination, 'conversion'> {
  const conversion = readResultConversion(scope);
  return conversion ? { conversion } : {};
}

/** The same for a file of that name, which says its format whatever the settings say. */
function conversionOfFile(file: vscode.Uri): Pick<Destination, 'conversion'> {
  const { conversion } = conversionIn(file);
  if (!conversion?.format) return conversionToName(file);
  return { conversion: { ...conversion, ...formatIn(file) } };
}

/** One file was asked for, and no other beside it: whatever the model draws becomes that. */
function conversionToName(file: vscode.Uri): Pick<Destination, 'conversion'> {
  const named = formatIn(file);
  return named ? { conversion: { ...named, ...readEncoding(file), replacesOriginal: true } } : {};
}

function formatIn(file: vscode.Uri): Pick<ResultConversion, 'format'> | undefined {
  const format = formatOfExtension(extensionOf(file.path));
  return format && { format };
}

function readTemplate(scope?: vscode.Uri): string {
  const { fileName } = readOutput(scope);
  checkNameTemplate('output.fileName', fileName);
  return fileName;
}
