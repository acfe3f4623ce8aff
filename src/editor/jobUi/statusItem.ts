// By name: see extension.ts.
import { l10n } from 'vscode';
import { createStatusItem, type StatusItem } from '../say/statusItem.ts';

/** The way to the Studio, in the status bar from the first moment on. */
export function createStudioItem(): StatusItem {
  return createStatusItem('studio', l10n.t('Image Studio'), 'imageStudio.openStudio', idle());
}

/** How it looks when nothing is under way. */
export function idle() {
  return {
    icon: 'file-media',
    tooltip: [l10n.t('Open Studio')],
    label: l10n.t('Open Image Studio'),
  };
}
