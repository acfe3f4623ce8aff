import * as vscode from 'vscode';
import type { Job } from '../jobs/job.ts';
import { formsFor, insertionIn } from './insertionIn.ts';
import { linksToImages } from './linksToImages.ts';

/** What to write so that images are linked that are dropped or pasted at a position of a text. */
export async function placeImages(
  document: vscode.TextDocument,
  position: vscode.Position,
  images: readonly vscode.Uri[],
  jobs: readonly Job[],
): Promise<vscode.WorkspaceEdit> {
  const links = await linksToImages(document, images, jobs);
  const forms = await formsFor(document);
  const at = document.offsetAt(position);
  const place = { offset: at, stood: 'inWords' } as const;
  const { offset, text, imports } = insertionIn(document, place, links, forms);
  const edit = new vscode.WorkspaceEdit();
  if (imports) edit.insert(document.uri, document.positionAt(imports.offset), imports.text);
  edit.insert(document.uri, document.positionAt(offset), text);
  return edit;
}
