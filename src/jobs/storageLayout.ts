import { join } from 'node:path';

/** The file that exists while jobs are unfinished; a window looks for it when it starts. */
export function unfinishedMarker(folder: string): string {
  return join(folder, 'unfinished-jobs');
}

/** The jobs of all windows. */
export function storeFile(folder: string): string {
  return join(folder, 'jobs.sqlite');
}

/** The files and folders within the storage folder of this machine. */
export function storageLayout(folder: string) {
  return {
    store: storeFile(folder),
    unfinishedMarker: unfinishedMarker(folder),
    /** Downloads under way, and whole images that are not in their place yet. */
    temp: join(folder, 'unfinished'),
    /** References of virtual file systems, while they are sent. */
    copies: join(folder, 'copies'),
    /** References in a form that the provider takes. */
    converted: join(folder, 'converted'),
    /** Images in another format, until they are in their place. */
    converting: join(folder, 'converting'),
    /** What is being written in the Studio, a file for each workspace. */
    drafts: join(folder, 'drafts'),
    pasted: join(folder, 'pasted'),
    thumbnails: join(folder, 'thumbnails'),
    /** Images taken out of the gallery, until that can no longer be undone. */
    deleted: join(folder, 'deleted'),
  };
}
