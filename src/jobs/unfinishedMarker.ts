import type { SyncFiles } from './platform.ts';
import type { Store } from './store/store.ts';

export interface UnfinishedMarkerOptions {
  path: string;
  store: Pick<Store, 'exclusively' | 'hasWork'>;
  files: SyncFiles;
  log?: (line: string) => void;
}

/**
 * Makes or removes the file that tells the next window, without opening the store, that jobs wait.
 * Done while no window can add jobs, so the file is never missing when it is needed. Never throws:
 * no step of a job may fail for want of this file.
 */
export function updateUnfinishedMarker({ path, store, files, log }: UnfinishedMarkerOptions): void {
  try {
    store.exclusively(() => {
      if (store.hasWork()) files.writeFileSync(path, '');
      else files.rmSync(path, { force: true });
    });
  } catch (thrown) {
    log?.(`The marker of unfinished jobs is not up to date: ${String(thrown)}`);
  }
}
