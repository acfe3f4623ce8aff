import * as vscode from 'vscode';
import { displayNameOf } from '../references/referenceFiles.ts';
import { displayPath } from '../../editor/files/workspaceFiles.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import { imageGlob } from '../../images/imageGlob.ts';
import { isFitForIcon } from '../../images/listIcon.ts';
import { createLimiter } from '../../jobs/async/limiter.ts';

/** An image as a row of a list. */
export interface ImageItem extends vscode.QuickPickItem {
  /** As the engine keeps a reference. */
  reference: string;
}

/** More than this no list is the way to; whoever has more will narrow it by opening a folder. */
export const maxListed = 5_000;
const statsAtOnce = 32;

/**
 * The images of this workspace, the newest first; an empty list when the token says so.
 * At most `maxListed`.
 */
export async function workspaceImages(token: vscode.CancellationToken): Promise<ImageItem[]> {
  const { findFiles } = vscode.workspace;
  const found = await findFiles(imageGlob, '**/node_modules/**', maxListed, token);
  const gate = createLimiter(statsAtOnce);
  const leaving = new AbortController();
  const listening = token.onCancellationRequested(() => leaving.abort());
  try {
    const images = await Promise.all(
      found.map(async (uri) => ({ uri, ...(await gate.run(() => factsOf(uri), leaving.signal)) })),
    );
    return images
      .toSorted((a, b) => b.mtime - a.mtime)
      .map(({ uri, hasIcon }) => imageItem(uri.toString(), hasIcon ? uri : undefined));
  } catch (thrown) {
    if (leaving.signal.aborted) return [];
    throw thrown;
  } finally {
    listening.dispose();
  }
}

/** Of the workspace by its path, which can be typed for; else by its name. */
export function imageItem(reference: string, iconPath?: vscode.IconPath): ImageItem {
  const uri = vscode.Uri.parse(reference);
  const isOurs = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  return {
    label: isOurs ? displayPath(uri) : displayNameOf(uri),
    ...(isWebUrl(reference) && { description: uri.authority }),
    iconPath: iconPath ?? new vscode.ThemeIcon('file-media'),
    reference,
  };
}

async function factsOf(uri: vscode.Uri): Promise<{ mtime: number; hasIcon: boolean }> {
  try {
    const { mtime, size, type } = await vscode.workspace.fs.stat(uri);
    // Opening what is no file, as a pipe, could wait for ever; a virtual file is not worth fetching.
    const isFile = uri.scheme === 'file' && (type & vscode.FileType.File) !== 0;
    return { mtime, hasIcon: isFile && (await isFitForIcon(uri.fsPath, size)) };
  } catch {
    return { mtime: 0, hasIcon: false };
  }
}
