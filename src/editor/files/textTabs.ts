import * as vscode from 'vscode';
import { canChange } from './documentFile.ts';

/** Where this is set, no text is open that a link could be put into; the manifest hides what would do so. */
const hasNoTextKey = 'imageStudio.hasNoText';

/** Keeps the editor told whether a text or notebook is open. */
export function followTextTabs(): vscode.Disposable {
  let known: boolean | undefined;
  const look = () => {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const hasNoText = !tabs.some(({ input }) => isText(input));
    if (hasNoText === known) return;
    known = hasNoText;
    void vscode.commands.executeCommand('setContext', hasNoTextKey, hasNoText);
  };
  look();
  return vscode.window.tabGroups.onDidChangeTabs(look);
}

function isText(input: unknown): boolean {
  const isNotebook = input instanceof vscode.TabInputNotebook;
  return isNotebook || (input instanceof vscode.TabInputText && canChange(input.uri));
}
