import * as vscode from 'vscode';

/** Steps of the walkthrough that are ticked by what happened, in whatever way; package.json has them. */
export type WalkthroughStep =
  'hasKey' | 'hasImage' | 'hasInsertedImage' | 'hasEditedImage' | 'hasSeenStudio' | 'hasSeenJobs';

/** Ticks a step; the editor remembers it. */
export function tickStep(step: WalkthroughStep): void {
  void vscode.commands.executeCommand('setContext', `imageStudio.${step}`, true);
}
