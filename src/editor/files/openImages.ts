import * as vscode from 'vscode';
import { hasExtension, imageExtensions } from '../../images/imageExtensions.ts';
import { columnsForImages } from './columnsForImages.ts';

export type OpenEditor = (
  uri: vscode.Uri,
  options: vscode.TextDocumentShowOptions,
) => PromiseLike<void>;

/**
 * Opens images that were finished, where they cover nothing that is read or written; the keyboard
 * stays where it is. One that was edited stands beside its source, so that both can be seen.
 * @returns whether there was room for them
 */
export async function openImages(
  images: readonly vscode.Uri[],
  source: vscode.Uri | undefined,
  open: OpenEditor,
): Promise<boolean> {
  const [column, other] = columnsNow();
  const [only] = images;
  if (column === undefined) return false;
  if (only && images.length === 1 && source && other !== undefined) {
    // The same two columns each time: one more for every pair would leave ever less of each.
    const [left, right] = column < other ? [column, other] : [other, column];
    await open(source, { viewColumn: left, preview: true, preserveFocus: true });
    await open(only, { viewColumn: right, preview: false, preserveFocus: true });
    return true;
  }
  const preview = images.length === 1;
  for (const uri of images) await open(uri, { viewColumn: column, preview, preserveFocus: true });
  return true;
}

/** Where a page may open that nobody has to look at. */
export function columnForPage(): vscode.ViewColumn {
  return columnsNow()[0] ?? vscode.ViewColumn.Beside;
}

function columnsNow(): vscode.ViewColumn[] {
  const { One: first, Two: second, Beside: beside } = vscode.ViewColumn;
  const groups = vscode.window.tabGroups.all.map(({ viewColumn, isActive, activeTab }) => ({
    column: viewColumn,
    isActive,
    isFree: activeTab === undefined || isImage(activeTab.input),
  }));
  return columnsForImages(groups, { first, second, beside });
}

function isImage(input: unknown): boolean {
  return input instanceof vscode.TabInputCustom && hasExtension(input.uri.path, imageExtensions);
}
