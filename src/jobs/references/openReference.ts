import { extname, join } from 'node:path';
import { isFileUri, pathOfFileUri } from '../fileUri.ts';
import { ownFileMode, ownFolderMode } from '../ownFiles.ts';
import type { Platform } from '../platform.ts';
import type { OpenReference } from './inspectReference.ts';

/** The bytes of a file that is not on this machine's disk. */
export type ReadVirtualFile = (uri: string) => Promise<Uint8Array>;

/** Makes a reference a file of this machine: itself, or a copy in `folder` of what lives elsewhere. */
export function createOpenReference(
  folder: string,
  readVirtualFile: ReadVirtualFile | undefined,
  { files, randomId }: Platform,
): OpenReference {
  return async (uri) => {
    if (isFileUri(uri)) return { path: pathOfFileUri(uri), dispose: () => Promise.resolve() };
    if (!readVirtualFile) throw new Error('Only the editor can read this file');
    const bytes = await readVirtualFile(uri);
    await files.mkdir(folder, { recursive: true, mode: ownFolderMode });
    const path = join(folder, `${randomId()}${extname(new URL(uri).pathname)}`);
    const file = await files.open(path, 'w', ownFileMode);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
    return { path, dispose: () => files.rm(path, { force: true }) };
  };
}
