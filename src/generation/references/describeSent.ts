import { realpath } from 'node:fs/promises';
import { posix } from 'node:path';
import * as vscode from 'vscode';
import { isInside, relativePath } from '../../editor/files/workspaceFiles.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import type { SentImage, SentType } from '../../requests/uploadConsent.ts';

/** A reference as it is sent, and the image that the user chose, where that is another. */
export interface SentReference {
  reference: string;
  given: string;
  /** Undefined for a web address, and when it was not looked at. */
  type?: SentType;
}

/** What a user has to know of an image before it is sent. */
export async function describeSent({ reference, given, type }: SentReference): Promise<SentImage> {
  if (isWebUrl(given)) return { kind: 'address', path: given, isOutside: true };
  const uri = vscode.Uri.parse(given);
  const real = await realUri(uri);
  const sizeBytes = await sizeOf(vscode.Uri.parse(reference));
  return {
    kind: 'file',
    path: relativePath(uri),
    ...(!isSamePath(real.path, await unlinkedPath(uri)) && { realPath: real.fsPath }),
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(type !== undefined && { type }),
    isOutside: !(await isInWorkspace(real)),
  };
}

/** Where a file is if no link is among its folders below the workspace folder, which may be one. */
async function unlinkedPath(uri: vscode.Uri): Promise<string> {
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  if (!folder) return uri.path;
  return posix.join((await realUri(folder)).path, posix.relative(folder.path, uri.path));
}

/** Windows and macOS spell one file in several ways; none of them is a link. */
function isSamePath(one: string, other: string): boolean {
  const spelled = (path: string) => path.normalize('NFC').toLowerCase();
  return spelled(one) === spelled(other);
}

/** A workspace folder may itself be a link, or lie behind one. */
async function isInWorkspace(real: vscode.Uri): Promise<boolean> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? [])
    if (isInside(real, await realUri(uri))) return true;
  return false;
}

/** The file that symbolic links lead to; the same where there are none, or none can be seen. */
async function realUri(uri: vscode.Uri): Promise<vscode.Uri> {
  if (uri.scheme !== 'file') return uri;
  try {
    return vscode.Uri.file(await realpath(uri.fsPath));
  } catch {
    return uri;
  }
}

async function sizeOf(uri: vscode.Uri): Promise<number | undefined> {
  try {
    return (await vscode.workspace.fs.stat(uri)).size;
  } catch {
    return undefined;
  }
}
