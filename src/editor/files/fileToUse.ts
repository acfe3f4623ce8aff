import * as vscode from 'vscode';
import { askedFileOf, type SavedJob } from '../../jobs/job.ts';
import { exists } from './workspaceFiles.ts';

/**
 * The file of an image that a user works with: what is linked, dragged, opened, revealed and copied by
 * its path. It is the one in the format that was asked for, and the original where that one is gone.
 * Edits and comparisons take the original, which has every pixel that was drawn.
 */
export async function fileToUse(job: SavedJob): Promise<vscode.Uri> {
  const original = vscode.Uri.parse(job.uri, true);
  const asked = vscode.Uri.parse(askedFileOf(job), true);
  return job.converted && (await exists(asked)) ? asked : original;
}
