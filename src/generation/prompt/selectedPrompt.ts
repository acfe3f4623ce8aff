import * as vscode from 'vscode';
import { visibleWords } from '../../requests/visibleWords.ts';

/** Longer than any prompt: that much was hardly selected to be one. */
const maxChars = 4_000;

/** A user who selected words means them; a whole selected file is an accident. */
export function selectedPrompt(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return '';
  const text = visibleWords(editor.document.getText(editor.selection));
  return text.length <= maxChars ? text : '';
}
