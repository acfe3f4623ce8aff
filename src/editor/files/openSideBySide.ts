import * as vscode from 'vscode';

export type OpenImage = (
  uri: vscode.Uri,
  options: vscode.TextDocumentShowOptions,
) => PromiseLike<void>;

/** The same two columns each time: one more for every pair would leave ever less of each. */
export async function openSideBySide(
  before: vscode.Uri,
  after: vscode.Uri,
  open: OpenImage,
): Promise<void> {
  await open(before, { viewColumn: vscode.ViewColumn.One, preview: true });
  await open(after, { viewColumn: vscode.ViewColumn.Two, preview: false });
}
