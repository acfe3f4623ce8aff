import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { PlaceRequest } from '../../jobs/steps/saveStep.ts';
import { isPathInside } from '../../requests/outputRules.ts';
import { oneLine } from '../say/plainLine.ts';
import { placeVirtualFile, type VirtualFiles } from './placeVirtualFile.ts';

/** Puts a result in a folder of a virtual file system, over no other file. @returns its uri. */
export async function placeThroughEditor(request: PlaceRequest): Promise<string> {
  const bytes = await readFile(request.sourcePath);
  return await placeVirtualFile(request, bytes, virtualFiles, randomUUID);
}

const virtualFiles: VirtualFiles = {
  join: (folderUri, name) => vscode.Uri.joinPath(parsed(folderUri), name).toString(),
  exists: (uri) => exists(parsed(uri)),
  read: async (uri) => await vscode.workspace.fs.readFile(parsed(uri)),
  write: async (uri, bytes) => await vscode.workspace.fs.writeFile(parsed(uri), bytes),
  rename: async (from, to) =>
    await vscode.workspace.fs.rename(parsed(from), parsed(to), { overwrite: false }),
  remove: async (uri) => await vscode.workspace.fs.delete(parsed(uri)),
  createFolder: async (uri) => await vscode.workspace.fs.createDirectory(parsed(uri)),
  list: async (uri) => (await vscode.workspace.fs.readDirectory(parsed(uri))).map(([name]) => name),
};

function parsed(uri: string): vscode.Uri {
  return vscode.Uri.parse(uri, true);
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

export async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    return false;
  }
}

/** Whether a file lies in a folder, or is it. */
export function isInside(uri: vscode.Uri, folder: vscode.Uri): boolean {
  return (
    uri.scheme === folder.scheme &&
    uri.authority.toLowerCase() === folder.authority.toLowerCase() &&
    isPathInside(uri.path, folder.path)
  );
}

/** A file as a user knows it: from its workspace folder on, else whole. */
export function relativePath(uri: vscode.Uri | string): string {
  const parsed = typeof uri === 'string' ? vscode.Uri.parse(uri) : uri;
  const many = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  return vscode.workspace.asRelativePath(parsed, many);
}

/** As long as a list shows it; a sentence cuts it. */
const maxPathChars = 1_000;

/** The same for sentences and lists. */
export function displayPath(uri: vscode.Uri | string): string {
  return oneLine(relativePath(uri), { maxChars: maxPathChars });
}

/** The same for a folder, of which the workspace's own have a name. */
export function displayFolder(uri: vscode.Uri | string): string {
  const parsed = typeof uri === 'string' ? vscode.Uri.parse(uri) : uri;
  const path = parsed.path.replace(/(?<=.)\/$/, '');
  const root = vscode.workspace.workspaceFolders?.find(
    (folder) => folder.uri.toString() === parsed.with({ path }).toString(),
  );
  return root ? oneLine(root.name, { maxChars: maxPathChars }) : displayPath(parsed);
}

/** Whether a workspace folder is open in this window; results outside any are always at home. */
export function isWorkspaceOpen(workspaceUri: string | undefined): boolean {
  if (workspaceUri === undefined) return true;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.some((folder) => folder.uri.toString() === workspaceUri);
}
