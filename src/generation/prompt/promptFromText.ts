import * as vscode from 'vscode';
import { canChange } from '../../editor/files/documentFile.ts';
import { selectedPrompt } from './selectedPrompt.ts';
import { sentenceAt } from './sentenceAt.ts';

/** Languages whose lines are words, unless they are marked to be something else. */
const proseIds: ReadonlySet<string> = new Set(['markdown', 'quarto', 'rmd', 'plaintext']);

/** What a user means to be drawn of the text in front: the selected words, or the sentence at the cursor. */
export function promptFromText(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return '';
  const { document, selections } = editor;
  const [selection, another] = selections;
  if (!selection?.isEmpty) return selectedPrompt();
  if (another || !proseIds.has(document.languageId) || !canChange(document.uri)) return '';
  const { line, character } = selection.active;
  const lines = {
    lineCount: document.lineCount,
    line: (index: number) => document.lineAt(index).text,
  };
  return sentenceAt(lines, line, character);
}
