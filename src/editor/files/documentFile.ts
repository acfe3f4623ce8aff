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
