import * as vscode from 'vscode';

const pages = new vscode.EventEmitter<void>();

/** A page got the focus: while it has that, a browser tells the page alone that the user is back. */
export function noteUserInPage(): void {
  pages.fire();
}

/** Calls the listener when the user comes back to the window, or to a page in it. */
export function onUserIsBack(listener: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) listener();
    }),
    pages.event(listener),
  );
}
