import * as vscode from 'vscode';
import { askedFileOf, type SavedJob } from '../../jobs/job.ts';
import { convertedFile } from './convertedFile.ts';
import { hashOf } from './hashOf.ts';
import { exists } from './workspaceFiles.ts';

/**
 * The file of an image that a user works with: what is linked, dragged, opened, revealed and copied by
 * its path. It is the one in the format that was asked for, and the original where that one is gone.
 * Edits and comparisons take the original, which has every pixel that was drawn.
 */
export async function fileToUse(job: SavedJob): Promise<vscode.Uri> {
  const [original, asked] = filesOf(job);
  return job.converted && (await exists(asked)) ? asked : original;
}

/** The original for an edit, a comparison and the page; what was made of it where that is gone. */
export async function originalToUse(job: SavedJob): Promise<vscode.Uri> {
  const [original, asked] = filesOf(job);
  if (!job.converted || (await exists(original))) return original;
  return (await exists(asked)) ? asked : original;
}

/**
 * The file that is edited where a file of an image is named: the original for what was made of it, as
 * long as nobody changed either.
 */
export async function fileToEdit(file: vscode.Uri, job: SavedJob): Promise<vscode.Uri> {
  const [original, asked] = filesOf(job);
  if (!job.converted || file.toString() !== asked.toString()) return file;
  const hash = await hashOf(original).catch(() => undefined);
  return hash === job.sha256 && (await convertedFile(job)) !== undefined ? original : file;
}

/** They are one where there is no other format. */
function filesOf(job: SavedJob): [original: vscode.Uri, asked: vscode.Uri] {
  return [vscode.Uri.parse(job.uri, true), vscode.Uri.parse(askedFileOf(job), true)];
}
