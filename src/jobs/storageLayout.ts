import { join } from 'node:path';

/** The path of the file that exists while jobs of this storage folder are unfinished. */
export function unfinishedMarker(storageFolder: string): string {
  return join(storageFolder, 'unfinished-jobs');
}
