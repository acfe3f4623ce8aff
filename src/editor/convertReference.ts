import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ImageFacts } from '../images/inspectImage.ts';
import { CodedError } from './codedError.ts';
import { runImagePage } from './imagePage.ts';
import type { ToImagePage } from './imagePageProtocol.ts';
import { type CheckedReference, nameOf } from './referenceFiles.ts';

/** A canvas of this side is decoded everywhere, and its file is far below the provider's limit. */
const smallerSidePx = 4096;
const anySidePx = 8192;

export interface ConversionPlace {
  extensionUri: vscode.Uri;
  /** A folder of this machine for converted copies. */
  folder: string;
}

/**
 * A copy of an image in a form the provider takes; the image itself when it is in one.
 * @throws CodedError naming the file when this editor cannot decode it.
 */
export async function convertReference(
  checked: CheckedReference,
  place: ConversionPlace,
): Promise<vscode.Uri> {
  if (checked.needs === undefined) return checked.uri;
  const bytes = await vscode.workspace.fs.readFile(checked.uri);
  const type = checked.needs === 'png' ? 'image/png' : mimeOf(checked.type);
  const order: ToImagePage = {
    kind: 'convert',
    bytes,
    mime: mimeOf(checked.type),
    maxSidePx: checked.needs === 'smaller' ? smallerSidePx : anySidePx,
    type: type === 'image/jpeg' || type === 'image/webp' ? type : 'image/png',
  };
  const title = vscode.l10n.t('Preparing {0}', nameOf(checked.uri));
  const image = await runImagePage(place.extensionUri, title, order);
  if (!image)
    throw new CodedError(
      'badRequest',
      vscode.l10n.t('{0} cannot be turned into a PNG here.', nameOf(checked.uri)),
    );
  return await keep(image.bytes, nameOf(checked.uri), order.type, place.folder);
}

/** An image that is pasted into a page made for it. @returns undefined when none came. */
export async function pasteReference(place: ConversionPlace): Promise<vscode.Uri | undefined> {
  const order: ToImagePage = {
    kind: 'paste',
    hint: vscode.l10n.t(
      'Paste an image here, with Ctrl+V or Command+V. Close this page to give up.',
    ),
    noImageHint: vscode.l10n.t('There was no image in the clipboard. Copy one, and paste it here.'),
  };
  const image = await runImagePage(place.extensionUri, vscode.l10n.t('Paste an image'), order);
  return image && (await keep(image.bytes, 'pasted', image.type, place.folder));
}

async function keep(
  bytes: Uint8Array,
  name: string,
  mime: string,
  folder: string,
): Promise<vscode.Uri> {
  await mkdir(folder, { recursive: true });
  const extension = extensions.get(mime) ?? 'png';
  const base = name.replace(/\.[^.]*$/, '').slice(0, 60);
  const path = join(folder, `${crypto.randomUUID()}-${base}.${extension}`);
  await writeFile(path, bytes);
  return vscode.Uri.file(path);
}

const extensions = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpg'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
]);

function mimeOf(type: ImageFacts['type']): string {
  if (type === 'jpg') return 'image/jpeg';
  if (type === 'svg') return 'image/svg+xml';
  return `image/${type}`;
}
