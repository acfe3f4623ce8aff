// By name: see extension.ts.
import { l10n, StatusBarAlignment, window, type StatusBarItem } from 'vscode';

/** The way to the Studio, in the status bar from the first moment on. */
export function createStatusItem(): StatusBarItem {
  const item = window.createStatusBarItem('studio', StatusBarAlignment.Left, 10);
  item.name = l10n.t('Image Studio');
  item.command = 'imageStudio.openStudio';
  showIdle(item);
  item.show();
  return item;
}

/** How it looks when nothing is under way. */
export function showIdle(item: StatusBarItem): void {
  item.text = '$(file-media)';
  item.tooltip = l10n.t('Open Studio');
  item.accessibilityInformation = { label: l10n.t('Open Image Studio') };
}
