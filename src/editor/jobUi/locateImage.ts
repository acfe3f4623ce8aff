import * as vscode from 'vscode';
import { dialogExtensions } from '../../images/imageGlob.ts';
import { checkImageBytes } from '../../images/checkImage.ts';
import { BadImageError } from '../../images/imageFacts.ts';
import { sha256OfBytes } from '../../images/sha256.ts';
import type { ImageFiles } from '../../jobs/imageFiles/imageFiles.ts';
import type { SavedJob } from '../../jobs/job.ts';
import { movedOn } from '../errors/errorActions.ts';
import { LocalizedError } from '../errors/localizedError.ts';
import { displayPath } from '../files/workspaceFiles.ts';
import { fillIn } from '../say/fillIn.ts';
import { ask, chooseInDialog } from '../say/notifications.ts';

/**
 * Lets a user say where the file of an image is. One that was changed since may be chosen after a
 * question. @throws LocalizedError `badRequest`, `conflict` when the file cannot be that image's
 */
export async function locateImage(
  imageFiles: Pick<ImageFiles, 'relocate' | 'isTaken'>,
  job: SavedJob,
): Promise<void> {
  const uri = await askForFile(job);
  if (!uri || uri.toString() === job.uri) return;
  const bytes = await readImage(uri);
  if (imageFiles.isTaken(uri.toString())) {
    const message = fillIn(
      vscode.l10n.t('{0} is another image of the gallery. Choose another file.'),
      displayPath(uri),
    );
    throw new LocalizedError('badRequest', message);
  }
  const isSame = sha256OfBytes(bytes) === job.sha256;
  if (!isSame && !(await isMeant(uri))) return;
  if (!(await imageFiles.relocate(job, uri.toString()))) throw movedOn();
}

async function askForFile({ uri }: SavedJob): Promise<vscode.Uri | undefined> {
  const [file] = await chooseInDialog({
    defaultUri: vscode.Uri.joinPath(vscode.Uri.parse(uri), '..'),
    canSelectFiles: true,
    filters: { [vscode.l10n.t('Images')]: [...dialogExtensions] },
    openLabel: vscode.l10n.t('Use This File'),
    title: fillIn(vscode.l10n.t('Where is {0}?'), displayPath(uri)),
  });
  return file;
}

/** @throws LocalizedError `badRequest` when it is no image */
async function readImage(uri: vscode.Uri): Promise<Uint8Array> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  try {
    await checkImageBytes(bytes);
  } catch (thrown) {
    if (!(thrown instanceof BadImageError)) throw thrown;
    const message = fillIn(
      vscode.l10n.t('{0} is not an image, or not a whole one.'),
      displayPath(uri),
    );
    throw new LocalizedError('badRequest', message, undefined, thrown);
  }
  return bytes;
}

async function isMeant(uri: vscode.Uri): Promise<boolean> {
  const use = vscode.l10n.t('Use It Anyway');
  const chosen = await ask(
    fillIn(vscode.l10n.t('{0} is not the image that was made here.'), displayPath(uri)),
    [use],
    vscode.l10n.t('It may be the same image, changed since. Use it in the place of that image?'),
  );
  return chosen === use;
}
