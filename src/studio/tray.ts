import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { checkReference } from '../generation/references/referenceFiles.ts';
import { BadImageError, inspectImage } from '../images/inspectImage.ts';
import { isWebUrl } from '../evolink/webUrl.ts';

/** References for the tray: the usable ones, and a sentence for each that is not. */
export interface Checked {
  uris: string[];
  problems: string[];
}

/** Checks what was dropped or chosen. One that cannot be used does not affect the others. */
export async function checkUris(given: readonly string[], model: string): Promise<Checked> {
  const checked: Checked = { uris: [], problems: [] };
  for (const reference of given) {
    try {
      checked.uris.push(await checkUri(reference, model));
    } catch (thrown) {
      if (!(thrown instanceof LocalizedError)) throw thrown;
      checked.problems.push(thrown.message);
    }
  }
  return checked;
}

async function checkUri(reference: string, model: string): Promise<string> {
  if (isWebUrl(reference)) return reference;
  const uri = toLocal(parse(reference));
  await checkReference(uri, model);
  return uri.toString();
}

/** A URI dragged in a remote window names the remote, which is this machine. */
function toLocal(uri: vscode.Uri): vscode.Uri {
  return uri.scheme === 'vscode-remote' ? uri.with({ scheme: 'file', authority: '' }) : uri;
}

function parse(reference: string): vscode.Uri {
  try {
    return vscode.Uri.parse(reference, true);
  } catch {
    const message = vscode.l10n.t('"{0}" is not an image or a web address.', reference);
    throw new LocalizedError('badRequest', message);
  }
}

/** Stores a pasted image by its content. @throws LocalizedError `badRequest` when it is not one. */
export async function keepBytes(
  bytes: Uint8Array,
  name: string,
  folder: string,
): Promise<vscode.Uri> {
  let type: string;
  try {
    ({ type } = inspectImage(bytes, bytes, bytes.byteLength));
  } catch (thrown) {
    if (!(thrown instanceof BadImageError)) throw thrown;
    const message = vscode.l10n.t('{0} is not an image, or not a whole one.', name);
    throw new LocalizedError('badRequest', message);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${sha256.slice(0, 16)}.${type}`);
  await writeFile(path, bytes);
  return vscode.Uri.file(path);
}
