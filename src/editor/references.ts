import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import type { SavedJob } from '../jobs/job.ts';
import { CodedError } from './codedError.ts';
import { displayPath } from './workspaceFiles.ts';

/** The provider keeps a result's address for 24 hours; a job needs some time with it. */
const usableMs = 22 * 3600_000;

/**
 * Addresses the provider can fetch, in order. A web address is passed on; a file made here within
 * the day has one already, known by its content's hash.
 * @throws CodedError naming the file that has none.
 */
export async function resolveReferences(
  references: readonly string[],
  bySha256: (sha256: string) => SavedJob | undefined,
): Promise<string[]> {
  return await Promise.all(
    references.map(async (reference) => {
      if (/^https?:/i.test(reference)) return reference;
      const uri = vscode.Uri.parse(reference, true);
      const made = bySha256(await hashOf(uri));
      if (made && Date.now() - made.finishedAt < usableMs) return made.resultUrl;
      const words = vscode.l10n.t(
        'Only images made here within the last 22 hours can be edited as yet, and {0} is none.',
        displayPath(uri),
      );
      throw new CodedError('badRequest', words);
    }),
  );
}

/** Whether a reference has no address yet that the provider could fetch. */
export async function needsUpload(
  reference: string,
  bySha256: (sha256: string) => SavedJob | undefined,
): Promise<boolean> {
  if (/^https?:/i.test(reference)) return false;
  const made = bySha256(await hashOf(vscode.Uri.parse(reference, true)));
  return !made || Date.now() - made.finishedAt >= usableMs;
}

async function hashOf(uri: vscode.Uri): Promise<string> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return createHash('sha256').update(bytes).digest('hex');
  } catch {
    throw new CodedError('badRequest', vscode.l10n.t('{0} cannot be read.', displayPath(uri)));
  }
}
