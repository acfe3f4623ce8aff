import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { LocalizedError } from '../../editor/errors/localizedError.ts';
import { ownFileMode, ownFolderMode } from '../../jobs/ownFiles.ts';
import { checkImageBytes } from '../../images/checkImage.ts';
import { BadImageError } from '../../images/imageFacts.ts';
import { fillIn } from '../../editor/say/fillIn.ts';

/** Stores a pasted image by its content. @throws LocalizedError `badRequest` when it is not one. */
export async function keepPastedImage(
  bytes: Uint8Array,
  name: string,
  folder: string,
): Promise<vscode.Uri> {
  let type: string;
  try {
    ({ type } = await checkImageBytes(bytes));
  } catch (thrown) {
    if (!(thrown instanceof BadImageError)) throw thrown;
    const message = fillIn(vscode.l10n.t('{0} is not an image, or not a whole one.'), name);
    throw new LocalizedError('badRequest', message);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await mkdir(folder, { recursive: true, mode: ownFolderMode });
  const path = join(folder, `${sha256.slice(0, 16)}.${type}`);
  await writeFile(path, bytes, { mode: ownFileMode });
  return vscode.Uri.file(path);
}
