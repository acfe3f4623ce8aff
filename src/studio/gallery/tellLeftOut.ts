import * as vscode from 'vscode';
import { fillIn } from '../../editor/say/fillIn.ts';
import { inform } from '../../editor/say/notifications.ts';
import { maxDraggedImages } from '../../shared/draggedImages.ts';
import type { ToHost } from '../../shared/studioProtocol.ts';

/** Tells a user why not all of the images are dragged that were to be. */
export function tellLeftOut(reason: Extract<ToHost, { kind: 'leftOutOfDrag' }>['reason']): void {
  void inform(sentenceOf(reason));
}

function sentenceOf(reason: Parameters<typeof tellLeftOut>[0]): string {
  switch (reason) {
    case 'tooMany':
      return fillIn(
        vscode.l10n.t(
          'At most {0} images can be dragged at once. Insert, in their menu, takes any number.',
        ),
        maxDraggedImages,
      );
    case 'loading':
      return vscode.l10n.t('The selected images are still loading. Drag them again in a moment.');
    case 'missing':
      return vscode.l10n.t('Images whose files are missing are not dragged.');
  }
}
