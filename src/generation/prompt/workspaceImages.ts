import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { displayNameOf } from '../references/referenceFiles.ts';
import { displayPath } from '../../editor/files/workspaceFiles.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import { imageGlob } from '../../images/imageGlob.ts';
import { firstIconsBytes, isFitForIcon } from '../../images/listIcon.ts';
import { createLimiter } from '../../jobs/async/limiter.ts';
import { newestFirst } from './newestFirst.ts';
import { onAbort } from '../../onAbort.ts';

/** An image as a row of a list, the same in all lists. */
export interface ImageItem extends vscode.QuickPickItem {
  /** As the engine keeps a reference. */
  reference: string;
}

export interface FoundImages {
  /** The newest first. */
  uris: vscode.Uri[];
  /** Whether the workspace has more. */
  isCut: boolean;
}

/** More than this no list of ticked rows is the way to; who has more will narrow it by opening a folder. */
export const maxListed = 5_000;
const readsAtOnce = 32;
/** As many rows as a user scrolls to before typing. */
export const firstRows = 60;

/** The images of this workspace, the newest first. @param most how many are looked for */
export async function findImages(most: number, signal: AbortSignal): Promise<FoundImages> {
  const token = new vscode.CancellationTokenSource();
  const stop = onAbort(signal, () => token.cancel());
  try {
    const { findFiles } = vscode.workspace;
    const found = await findFiles(imageGlob, '**/node_modules/**', most + 1, token.token);
    const uris = await newestFirst(found.slice(0, most), changedAt, signal);
    return { uris, isCut: found.length > most };
  } finally {
    stop();
    token.dispose();
  }
}

/** The same as rows with what they show; an empty list when the token says so. At most `maxListed`. */
export async function workspaceImages(token: vscode.CancellationToken): Promise<ImageItem[]> {
  const leaving = new AbortController();
  if (token.isCancellationRequested) return [];
  const listening = token.onCancellationRequested(() => leaving.abort());
  try {
    const { uris } = await findImages(maxListed, leaving.signal);
    const gate = createLimiter(readsAtOnce);
    return await Promise.all(
      uris.map(async (uri, index) => {
        const isFirst = index < firstRows;
        const icon = await gate.run(() => iconOf(uri, isFirst), leaving.signal);
        return imageItem(uri.toString(), icon);
      }),
    );
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

/**
 * The image itself where the editor can show it in a row, unless it may keep the window waiting.
 * @param isFirst whether it is one of the rows that are seen at once, which may be larger
 */
export async function iconOf(uri: vscode.Uri, isFirst: boolean): Promise<vscode.Uri | undefined> {
  // A virtual file is not worth fetching.
  if (uri.scheme !== 'file') return undefined;
  try {
    const facts = await stat(uri.fsPath);
    // Opening what is no file, as a pipe, could wait for ever.
    if (!facts.isFile()) return undefined;
    const maxBytes = isFirst ? firstIconsBytes : undefined;
    return (await isFitForIcon(uri.fsPath, facts.size, maxBytes)) ? uri : undefined;
  } catch {
    return undefined;
  }
}

/** The editor answers for one file at a time, which takes seconds for ten thousand. */
async function changedAt(uri: vscode.Uri): Promise<number> {
  const isOnDisk = uri.scheme === 'file';
  return isOnDisk ? (await stat(uri.fsPath)).mtimeMs : (await vscode.workspace.fs.stat(uri)).mtime;
}
