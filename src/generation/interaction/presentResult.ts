import * as vscode from 'vscode';
import { runForUser } from '../../editor/errors/errorActions.ts';
import { openSideBySide } from '../../editor/files/openSideBySide.ts';
import { displayPath } from '../../editor/files/workspaceFiles.ts';
import type { Log } from '../../editor/log.ts';
import { readOutput } from '../../editor/settings.ts';
import type { ImageRequest } from '../../requests/imageRequest.ts';
import { sourceOf } from '../askedRequest.ts';
import type { GenerationResult } from '../generationResult.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { inform } from '../../editor/say/notifications.ts';

/**
 * Opens what was made, if `open` or else the setting says so. One edited image stands beside its
 * source, so that both can be seen.
 */
export async function openResult(
  log: Log,
  { images }: GenerationResult,
  { references }: ImageRequest,
  open: boolean | undefined,
): Promise<void> {
  const [only] = images;
  if (!(open ?? readOutput(only?.uri).openAfterSave)) return;
  const openQuietly = quietOpener(log);
  const source = sourceOf(references);
  if (only && images.length === 1 && source) await openSideBySide(source, only.uri, openQuietly);
  else for (const { uri } of images) await openQuietly(uri, { preview: images.length === 1 });
}

/** The image is saved, and whoever asked gets its place: that it cannot be shown changes nothing. */
export function quietOpener(log: Log) {
  return async (uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<void> => {
    try {
      await vscode.commands.executeCommand('vscode.open', uri, options);
    } catch (thrown) {
      log.error(`An image could not be opened: ${String(thrown)}`);
    }
  };
}

/** After an image: put it into the text, go on from it, or show its file. */
export function offerNext({ images }: GenerationResult): void {
  const [first] = images;
  if (!first) return;
  const insert = vscode.l10n.t('Insert');
  const edit = vscode.l10n.t('Edit');
  const reveal = vscode.l10n.t('Reveal');
  const message =
    images.length === 1
      ? fillIn(vscode.l10n.t('Saved to {0}'), displayPath(first.uri))
      : fillIn(
          vscode.l10n.t('Saved {0} images to {1}'),
          images.length,
          displayPath(vscode.Uri.joinPath(first.uri, '..')),
        );
  void inform(message, insert, edit, reveal).then((chosen) => {
    const uris = images.map((image) => image.uri);
    const { executeCommand } = vscode.commands;
    if (chosen === insert) runForUser(() => executeCommand('imageStudio.insertImage', ...uris));
    if (chosen === edit) runForUser(() => executeCommand('imageStudio.edit', first.uri, uris));
    if (chosen === reveal) runForUser(() => executeCommand('revealInExplorer', first.uri));
  });
}
