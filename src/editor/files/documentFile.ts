import { type TextDocument, type Uri, workspace } from 'vscode';

/** The file that links in a text start from: for a cell its notebook, and none while it has none. */
export function fileOf(document: TextDocument): Uri | undefined {
  if (document.isUntitled) return undefined;
  if (document.uri.scheme !== 'vscode-notebook-cell') return document.uri;
  const notebook = workspace.notebookDocuments.find((each) =>
    each.getCells().some((cell) => cell.document === document),
  );
  return notebook?.isUntitled === false ? notebook.uri : undefined;
}

/** Excludes logs and old versions of files, which are text editors too and would be edited unseen. */
export function canChange({ scheme }: Uri): boolean {
  const isOnNoDisk = scheme === 'untitled' || scheme === 'vscode-notebook-cell';
  return isOnNoDisk || workspace.fs.isWritableFileSystem(scheme) === true;
}

/**
 * A document as it is now, opened again when it was closed.
 * @returns undefined for one that was closed without a file: opened again, it would be another one
 */
export async function openText(uri: Uri): Promise<TextDocument | undefined> {
  const open = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
  const isOnNoDisk = uri.scheme === 'untitled' || uri.scheme === 'vscode-notebook-cell';
  return open ?? (isOnNoDisk ? undefined : await workspace.openTextDocument(uri));
}
