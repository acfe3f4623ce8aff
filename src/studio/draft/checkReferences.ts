import * as vscode from 'vscode';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { checkReference } from '../../generation/references/referenceFiles.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import { fillIn } from '../../editor/say/fillIn.ts';

/** References for the tray: the usable ones, and a sentence for each that is not. */
export interface CheckedReferences {
  uris: string[];
  problems: string[];
}

/** Checks what was dropped or chosen. One that cannot be used does not affect the others. */
export async function checkReferences(
  given: readonly string[],
  model: string,
): Promise<CheckedReferences> {
  const checked: CheckedReferences = { uris: [], problems: [] };
  for (const reference of given) {
    try {
      checked.uris.push(await usableUri(reference, model));
    } catch (thrown) {
      if (!(thrown instanceof LocalizedError)) throw thrown;
      checked.problems.push(thrown.message);
    }
  }
  return checked;
}

async function usableUri(reference: string, model: string): Promise<string> {
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
    const message = fillIn(vscode.l10n.t('"{0}" is not an image or a web address.'), reference);
    throw new LocalizedError('badRequest', message);
  }
}
