import type { Engine } from '../jobs/engine.ts';
import type { Job, SavedJob } from '../jobs/job.ts';
import type { Store } from '../jobs/store/store.ts';
import { isStoreError } from '../jobs/store/storeErrors.ts';
import { jobOf } from './imageWords.ts';

/** So many are looked at for what an image shows, and for what one will cost. */
const maxRecent = 200;

export interface KnownJobsOptions {
  store: Pick<Store, 'byUri'>;
  engine: Pick<Engine, 'listRecent' | 'whenFree'>;
  log: (line: string) => void;
}

/**
 * The jobs that say what an image shows and where it came from. To know them helps and is never
 * needed, so a list that cannot be read stops nothing that a user does with a file.
 */
export function createKnownJobs({ store, engine, log }: KnownJobsOptions) {
  let recentJobs: readonly Job[] = [];

  /** Some of the newest, the newest first; as they were last, while they cannot be read. */
  function recent(): readonly Job[] {
    try {
      recentJobs = engine.listRecent(maxRecent);
    } catch (thrown) {
      logUnread(thrown);
    }
    return recentJobs;
  }

  /**
   * The job that made a file, whether that is the original or what was made of it. Waits some seconds
   * for a list that is locked; of one that cannot be read, the last that was read counts.
   */
  async function ofFile(uri: string): Promise<SavedJob | undefined> {
    const find = () => store.byUri(uri) ?? jobOf(uri, engine.listRecent(maxRecent));
    try {
      return await engine.whenFree(find);
    } catch (thrown) {
      logUnread(thrown);
      return jobOf(uri, recentJobs);
    }
  }

  function logUnread(thrown: unknown): void {
    if (!isStoreError(thrown)) throw thrown;
    log(`What is known of images cannot be read now: ${thrown.message}`);
  }

  return { recent, ofFile };
}
