// By name: see extension.ts.
import { StatusBarAlignment, window } from 'vscode';
import { wholeLine } from './plainLine.ts';

export interface StatusState {
  /** An icon of the editor, as `file-media` or `loading~spin`. */
  icon: string;
  text?: string;
  /** Lines of the hover. */
  tooltip: readonly string[];
  /** What a screen reader says. */
  label: string;
}

/** An item of the status bar. */
export interface StatusItem {
  update: (state: StatusState) => void;
  dispose: () => void;
}

/** Shows an item at the left of the status bar. Its hover is plain text. */
export function createStatusItem(
  id: string,
  name: string,
  command: string,
  first: StatusState,
): StatusItem {
  const item = window.createStatusBarItem(id, StatusBarAlignment.Left, 10);
  item.name = name;
  item.command = command;

  function update({ icon, text, tooltip, label }: StatusState): void {
    item.text = text === undefined ? `$(${icon})` : `$(${icon}) ${wholeLine(text)}`;
    item.tooltip = tooltip.map((line) => wholeLine(line)).join('\n');
    item.accessibilityInformation = { label: wholeLine(label) };
  }

  update(first);
  item.show();
  return { update, dispose: () => item.dispose() };
}
