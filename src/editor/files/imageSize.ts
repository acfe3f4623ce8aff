import * as vscode from 'vscode';
import { maxImageBytes } from '../../images/imageLimits.ts';
import { type ShownSize, shownSizeOfBytes, shownSizeOfFile } from '../../images/shownSize.ts';

/** Pixels of an image as it is shown. Undefined for what cannot be read, or is no whole image. */
export async function imageSize(image: vscode.Uri): Promise<ShownSize | undefined> {
  try {
    const { size, type } = await vscode.workspace.fs.stat(image);
    const isFile = (type & vscode.FileType.File) !== 0;
    if (!isFile || size === 0 || size > maxImageBytes) return undefined;
    return image.scheme === 'file'
      ? await shownSizeOfFile(image.fsPath)
      : await shownSizeOfBytes(await vscode.workspace.fs.readFile(image));
  } catch {
    return undefined;
  }
}
