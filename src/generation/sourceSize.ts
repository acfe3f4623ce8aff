import * as vscode from 'vscode';
import { maxImageBytes } from '../images/imageLimits.ts';
import { type ShownSize, shownSizeOfBytes, shownSizeOfFile } from '../images/shownSize.ts';
import { sourceOf } from './askedRequest.ts';

/**
 * Pixels of the first reference, whose proportions its edit keeps. Undefined for an address on the
 * web, and for what cannot be read or is no image, which the check of references reports.
 */
export async function sourceSize(references: readonly string[]): Promise<ShownSize | undefined> {
  const source = sourceOf(references);
  if (!source) return undefined;
  try {
    const { size, type } = await vscode.workspace.fs.stat(source);
    const isFile = (type & vscode.FileType.File) !== 0;
    if (!isFile || size === 0 || size > maxImageBytes) return undefined;
    return source.scheme === 'file'
      ? await shownSizeOfFile(source.fsPath)
      : await shownSizeOfBytes(await vscode.workspace.fs.readFile(source));
  } catch {
    return undefined;
  }
}
