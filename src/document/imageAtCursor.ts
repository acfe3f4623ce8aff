import * as vscode from 'vscode';
import { exists } from '../editor/files/workspaceFiles.ts';

/** The image that the link at the cursor of the active text leads to, if there is one. */
export async function imageAtCursor(): Promise<vscode.Uri | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const source = new vscode.CancellationTokenSource();
  try {
    const { linkedImageAt } = await import('./imageLinks.ts');
    const image = await linkedImageAt(editor.document, editor.selection.active, source.token);
    if (!image) return undefined;
    return /^https?$/.test(image.scheme) || (await exists(image)) ? image : undefined;
  } finally {
    source.dispose();
  }
}
