import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { numberedName } from '../../images/fileName.ts';
import type { PlaceRequest } from '../../jobs/steps/downloadStep.ts';
import { isPathInside } from '../../requests/outputRules.ts';
import { bidiSafe } from './displayName.ts';

/**
 * Puts a result in a folder of a virtual file system. Those have no links: a whole file is renamed
 * to a name that must be free.
 */
export async function placeThroughEditor(request: PlaceRequest): Promise<string> {
  const folder = vscode.Uri.parse(request.folderUri, true);
  const { fs } = vscode.workspace;
  const bytes = await readFile(request.sourcePath);
  const earlier = request.earlierUri && vscode.Uri.parse(request.earlierUri, true);
  if (earlier && (await holds(earlier, bytes))) return earlier.toString();
  await fs.createDirectory(folder);
  const temp = vscode.Uri.joinPath(folder, `.${request.jobId}.part`);
  await fs.writeFile(temp, bytes);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const name = numberedName(request.name, attempt) + request.extension;
      const uri = vscode.Uri.joinPath(folder, name);
      if (await exists(uri)) continue;
      request.choose(uri.toString());
      try {
        await fs.rename(temp, uri, { overwrite: false });
        return uri.toString();
      } catch (thrown) {
        if (!(thrown instanceof vscode.FileSystemError) || thrown.code !== 'FileExists')
          throw thrown;
      }
    }
  } finally {
    if (await exists(temp)) await fs.delete(temp);
  }
}

async function holds(uri: vscode.Uri, bytes: Uint8Array): Promise<boolean> {
  try {
    return Buffer.compare(await vscode.workspace.fs.readFile(uri), bytes) === 0;
  } catch {
    return false;
  }
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
    uri.authority === folder.authority &&
    isPathInside(uri.path, folder.path)
  );
}

/** A file as a user knows it: from its workspace folder on, else whole. */
export function relativePath(uri: vscode.Uri | string): string {
  const parsed = typeof uri === 'string' ? vscode.Uri.parse(uri) : uri;
  const many = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  return vscode.workspace.asRelativePath(parsed, many);
}

/** The same for sentences and lists. */
export function displayPath(uri: vscode.Uri | string): string {
  return bidiSafe(relativePath(uri));
}

/** The path from one file's folder to another file, with forward slashes; for links in text. */
export function relativeLink(fromFile: vscode.Uri, to: vscode.Uri): string | undefined {
  if (fromFile.scheme !== to.scheme || fromFile.authority !== to.authority) return undefined;
  const link = posix.relative(posix.dirname(fromFile.path), to.path);
  // Another drive on Windows.
  return /^\/?[a-z]:\//i.test(link) ? undefined : link;
}

/** Whether a workspace folder is open in this window; results outside any are always at home. */
export function isWorkspaceOpen(workspaceUri: string | undefined): boolean {
  if (workspaceUri === undefined) return true;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.some((folder) => folder.uri.toString() === workspaceUri);
}
