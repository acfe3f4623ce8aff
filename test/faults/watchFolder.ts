import { mkdirSync, readFileSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { imageHash } from './imageHash.ts';

export interface FolderWatch {
  /** The content of every file at the first moment it was seen under its name. */
  readonly seen: readonly { name: string; sha256: string }[];
  close(): void;
}

/** Reads every file the moment it appears: one that appears half is caught with half its bytes. */
export function watchFolder(path: string): FolderWatch {
  mkdirSync(path, { recursive: true });
  const seen: { name: string; sha256: string }[] = [];
  const known = new Set<string>();
  const look = (name: string) => {
    if (name.startsWith('.') || known.has(name)) return;
    try {
      const bytes = readFileSync(join(path, name));
      known.add(name);
      seen.push({ name, sha256: imageHash(bytes) });
    } catch {
      // Gone again, or not there yet; the end of the test looks at what stayed.
    }
  };
  const watcher = watch(path, (_, name) => {
    if (name !== null) look(name);
  });
  return {
    get seen() {
      readdirSync(path).forEach(look);
      return seen;
    },
    close: () => watcher.close(),
  };
}
