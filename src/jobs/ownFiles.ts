import { join } from 'node:path';
import type { Files, FileRights } from './platform.ts';

/** For a file or folder that is made in the storage folder: it concerns nobody else. */
export const ownFileMode = 0o600;
export const ownFolderMode = 0o700;

const ofOthers = 0o077;

/** Keeps files and folders to their owner. Those that are missing, or refuse, stay as they are. */
export function closeToOthersSync(
  rights: Pick<FileRights, 'setModeSync'> | undefined,
  mode: number,
  ...paths: readonly string[]
): void {
  for (const path of paths) {
    try {
      rights?.setModeSync(path, mode);
    } catch {
      // Also a file of another user's may be used as it is.
    }
  }
}

/** The same for all that a folder holds: versions before 0.2 left it open. Never throws. */
export async function closeAllToOthers(
  folder: string,
  { files, rights }: { files: Pick<Files, 'readdir'>; rights?: FileRights },
): Promise<void> {
  if (!rights) return;
  for (const name of await files.readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    try {
      const { kind, mode } = await rights.lookAt(path);
      if (kind === 'other') continue;
      const isFolder = kind === 'folder';
      if ((mode & ofOthers) !== 0)
        await rights.setMode(path, isFolder ? ownFolderMode : ownFileMode);
      if (isFolder) await closeAllToOthers(path, { files, rights });
    } catch {
      // Another window may have removed it.
    }
  }
}
