import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ownFileMode, ownFolderMode } from '../../jobs/ownFiles.ts';
import { legalName } from '../../images/fileName.ts';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { mimeOf } from './imageMime.ts';
import { runImagePage } from './imagePage.ts';
import type { ToImagePage } from '../../shared/imagePageProtocol.ts';
import { type CheckedReference, nameOf, displayNameOf } from './referenceFiles.ts';
import { fillIn } from '../../editor/say/fillIn.ts';

/** A canvas of this side is decoded everywhere, and its file is far below the provider's limit. */
const smallerSidePx = 4096;
const anySidePx = 8192;

export interface ConversionPlace {
  extensionUri: vscode.Uri;
  /** A folder of this machine for converted copies. */
  folder: string;
}

/**
 * A file of this machine in a form the provider takes: the image itself, or a copy that is. What
 * lives elsewhere is copied as it is, because no other window may be able to read it there.
 * @throws LocalizedError naming the file when this editor cannot decode it.
 */
export async function convertReference(
  checked: CheckedReference,
  place: ConversionPlace,
): Promise<vscode.Uri> {
  const isHere = checked.uri.scheme === 'file';
  if (checked.needs === undefined && isHere) return checked.uri;
  const bytes = await vscode.workspace.fs.readFile(checked.uri);
  if (checked.needs === undefined)
    return await keep(bytes, nameOf(checked.uri), mimeOf(checked.type), place.folder);
  const type = checked.needs === 'png' ? 'image/png' : mimeOf(checked.type);
  const order: ToImagePage = {
    kind: 'convert',
    // What is read is a Buffer, which would reach the page as JSON.
    bytes: new Uint8Array(bytes),
    mime: mimeOf(checked.type),
    // A vector image that names no size gets one of the browser's own.
    ...(checked.type === 'svg' && { size: { width: checked.width, height: checked.height } }),
    maxSidePx: checked.needs === 'smaller' ? smallerSidePx : anySidePx,
    maxBytes: checked.maxBytes,
    type: type === 'image/jpeg' || type === 'image/webp' ? type : 'image/png',
  };
  const title = fillIn(vscode.l10n.t('Preparing {0}'), displayNameOf(checked.uri));
  const answer = await runImagePage(place.extensionUri, title, order);
  if (answer.kind === 'closed') throw new LocalizedError('cancelled', vscode.l10n.t('Cancelled.'));
  if (answer.kind === 'failed') throw new LocalizedError('badRequest', refusal(checked));
  return await keep(answer.bytes, nameOf(checked.uri), answer.type, place.folder);
}

/**
 * An image that is pasted into a page made for it. @returns undefined when the user closes it.
 * @throws LocalizedError `badImage` when the page cannot take one here.
 */
export async function pasteReference(place: ConversionPlace): Promise<vscode.Uri | undefined> {
  const order: ToImagePage = {
    kind: 'paste',
    hint: vscode.l10n.t(
      'Paste an image here, with Ctrl+V or Command+V. Close this page to give up.',
    ),
    noImageHint: vscode.l10n.t('There was no image in the clipboard. Copy one, and paste it here.'),
  };
  const answer = await runImagePage(place.extensionUri, vscode.l10n.t('Paste an image'), order);
  if (answer.kind === 'closed') return undefined;
  if (answer.kind === 'failed') {
    const message = vscode.l10n.t(
      'Nothing can be pasted here. Save the image as a file, and choose it.',
    );
    throw new LocalizedError('badImage', message);
  }
  return await keep(answer.bytes, vscode.l10n.t('pasted'), answer.type, place.folder);
}

function refusal({ needs, uri }: CheckedReference): string {
  const name = displayNameOf(uri);
  return needs === 'smaller'
    ? fillIn(vscode.l10n.t('{0} cannot be scaled down here.'), name)
    : fillIn(vscode.l10n.t('{0} cannot be turned into a PNG here.'), name);
}

/** In a folder of its own, so that it is still called what its source is called. */
async function keep(
  bytes: Uint8Array,
  name: string,
  mime: string,
  folder: string,
): Promise<vscode.Uri> {
  const own = join(folder, crypto.randomUUID());
  await mkdir(own, { recursive: true, mode: ownFolderMode });
  const extension = extensions.get(mime) ?? 'png';
  const path = join(own, `${legalName(name.replace(/\.[^.]*$/, ''))}.${extension}`);
  await writeFile(path, bytes, { mode: ownFileMode });
  return vscode.Uri.file(path);
}

const extensions = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
]);
