import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { sha256OfFile } from '../../images/sha256.ts';
import type { SavedJob } from '../../jobs/job.ts';
import { hasUsableResultUrl } from '../../jobs/references/resultUrlLife.ts';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { displayNameOf } from './referenceFiles.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';
import { fillIn } from '../../editor/say/fillIn.ts';

/**
 * Whether a reference has no address yet that the provider could fetch. A web address is one, and
 * what was made here within the day has one, known by its content.
 * @throws LocalizedError naming the file that cannot be read.
 */
export async function needsUpload(
  reference: string,
  bySha256: (sha256: string) => SavedJob | undefined,
): Promise<boolean> {
  if (isWebUrl(reference)) return false;
  const made = bySha256(await hashOf(vscode.Uri.parse(reference, true)));
  return !made || !hasUsableResultUrl(made, Date.now());
}

async function hashOf(uri: vscode.Uri): Promise<string> {
  try {
    if (uri.scheme === 'file') return await sha256OfFile(uri.fsPath);
    const bytes = await vscode.workspace.fs.readFile(uri);
    return createHash('sha256').update(bytes).digest('hex');
  } catch {
    throw new LocalizedError(
      'badRequest',
      fillIn(vscode.l10n.t('{0} cannot be read.'), displayNameOf(uri)),
    );
  }
}
