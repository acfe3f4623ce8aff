import * as vscode from 'vscode';

/** Knows whether the user types in a text: what opens in front of it would take the words. */
export interface Typing {
  /** How many changes the texts in front had so far. */
  changes: () => number;
  /** Whether the last of them was a moment ago. */
  isUnderWay: () => boolean;
  dispose: () => void;
}

/** As long as a writer looks for the next word. */
const pauseMs = 4_000;

export function createTyping(): Typing {
  let changes = 0;
  let lastMs = -Infinity;
  const listening = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    const isInFront = vscode.window.activeTextEditor?.document === document;
    // A log in front grows by itself, and nobody types there.
    if (!isInFront || document.uri.scheme === 'output' || contentChanges.length === 0) return;
    changes += 1;
    lastMs = performance.now();
  });
  return {
    changes: () => changes,
    isUnderWay: () => performance.now() - lastMs < pauseMs,
    dispose() {
      listening.dispose();
    },
  };
}
