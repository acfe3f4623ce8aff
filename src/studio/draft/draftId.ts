import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';

interface Workspace {
  storageUri: { path: string } | undefined;
  /** Where the draft is kept, too: both live as long. */
  workspaceState: {
    get: (key: string) => unknown;
    update: (key: string, value: string) => Thenable<void>;
  };
}

const idKey = 'studio.draftId';

/** Tells the draft of this workspace from others, and says nothing else about it. */
export function draftId({ storageUri, workspaceState }: Workspace): string {
  if (storageUri) return posix.basename(posix.dirname(storageUri.path));
  // The editor gives windows without a folder no storage, and a state each.
  const known = workspaceState.get(idKey);
  if (typeof known === 'string') return known;
  const id = randomUUID();
  void workspaceState.update(idKey, id);
  return id;
}

interface OpenFolders {
  /** Of a window with several folders. */
  workspaceFile: string | undefined;
  folders: readonly string[];
}

/**
 * The same in all windows of a workspace: the editor gives each of them a storage of its own.
 * @param own `draftId`, which a window without a folder has for itself
 */
export function sharedDraftId({ workspaceFile, folders }: OpenFolders, own: string): string {
  return workspaceFile ?? (folders.length > 0 ? folders.join('\n') : own);
}
