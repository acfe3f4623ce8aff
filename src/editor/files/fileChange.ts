import type * as vscode from 'vscode';
import { mayHoldImages } from './mayHoldImages.ts';

/** What the editor did with files and folders, all at once. */
export interface FileChange {
  deleted?: readonly vscode.Uri[];
  moved?: readonly { readonly oldUri: vscode.Uri; readonly newUri: vscode.Uri }[];
}

/** Takes URIs: what is known of the files of images is changed. */
export interface FileFollower {
  moved: (moves: readonly { from: string; to: string }[]) => Promise<void>;
  deleted: (uris: readonly string[]) => Promise<void>;
}

/** Follows the files of images. A window that has done nothing yet starts for what may be one. */
export async function followFileChange(
  start: () => Promise<FileFollower>,
  isStarted: boolean,
  { moved = [], deleted = [] }: FileChange,
): Promise<void> {
  const uris = [...moved.map(({ oldUri }) => oldUri), ...deleted];
  if (!isStarted && !uris.some(({ path }) => mayHoldImages(path))) return;
  // Why it cannot start is in the log; what moved is found by its content then.
  const files = await start().catch(() => undefined);
  const moves = moved.map(({ oldUri, newUri }) => {
    return { from: oldUri.toString(), to: newUri.toString() };
  });
  if (moves.length > 0) await files?.moved(moves);
  if (deleted.length > 0) await files?.deleted(deleted.map(String));
}
