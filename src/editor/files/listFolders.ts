/** A file system, as far as folders are listed. */
export interface FolderReader<Folder> {
  /** Names of the folders in one, without those that links lead to, which may lead round in circles. */
  namesIn: (folder: Folder) => Promise<string[]>;
  join: (folder: Folder, name: string) => Folder;
}

/** More than these no list is the way to. */
export const maxFolders = 2_000;
const readsAtOnce = 16;
const leftOut: readonly string[] = ['node_modules', 'bower_components', '__pycache__'];

/**
 * The folders below some others, those that are not deep first, as far as they can be read; hidden
 * ones and those of packages are left out. At most `maxFolders`.
 */
export async function listFolders<Folder>(
  roots: readonly Folder[],
  { namesIn, join }: FolderReader<Folder>,
  signal: AbortSignal,
): Promise<Folder[]> {
  const found: Folder[] = [];
  let level = roots;
  while (level.length > 0 && found.length < maxFolders) {
    const below: Folder[] = [];
    for (let at = 0; at < level.length && !signal.aborted; at += readsAtOnce) {
      const some = level.slice(at, at + readsAtOnce);
      const names = await Promise.all(some.map((folder) => namesIn(folder).catch(() => [])));
      for (const [index, folder] of some.entries())
        below.push(...shown(names[index] ?? []).map((name) => join(folder, name)));
      if (found.length + below.length >= maxFolders) break;
    }
    if (signal.aborted) break;
    found.push(...below);
    level = below;
  }
  return found.slice(0, maxFolders);
}

function shown(names: readonly string[]): string[] {
  return names
    .filter((name) => !name.startsWith('.') && !leftOut.includes(name))
    .toSorted((one, other) => one.localeCompare(other));
}
