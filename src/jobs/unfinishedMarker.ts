import type { Job } from './job.ts';
import { isUnfinished } from './job.ts';
import { ownFileMode } from './ownFiles.ts';
import type { CancelTimer, Clock, SyncFiles } from './platform.ts';
import type { Store } from './store/store.ts';

export interface UnfinishedMarkerOptions {
  path: string;
  store: Pick<Store, 'exclusively' | 'hasWork'>;
  files: SyncFiles;
  clock: Clock;
  log?: (line: string) => void;
}

const retryMs = 1_000;

/**
 * The file that tells the next window, without opening the store, that jobs wait. A superfluous one
 * costs a look into the store, a missing one an image: so it is written at once, and removed while
 * no window can add jobs.
 */
export function createUnfinishedMarker(options: UnfinishedMarkerOptions) {
  const { path, store, files, clock, log } = options;
  /** Whether it is there, as far as this window knows: others remove it only without jobs. */
  let isWritten = false;
  let cancelUpdate: CancelTimer | undefined;

  /** Never throws: no step of a job may fail for want of this file. */
  function attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (thrown) {
      log?.(`The marker of unfinished jobs is not up to date: ${String(thrown)}`);
      return false;
    }
  }

  function write(): void {
    files.writeFileSync(path, '', { mode: ownFileMode });
    isWritten = true;
  }

  function update(): void {
    cancelUpdate?.();
    cancelUpdate = undefined;
    const isDone = attempt(() => {
      store.exclusively(() => {
        if (store.hasWork()) {
          write();
          return;
        }
        isWritten = false;
        files.rmSync(path, { force: true });
      });
    });
    if (isDone) return;
    attempt(write);
    updateIn(retryMs);
  }

  /** Once, however many jobs change until then. */
  function updateIn(ms: number): void {
    cancelUpdate ??= clock.after(ms, update);
  }

  return {
    update,
    onJob(job: Job): void {
      // One that is new may follow a time without jobs, in which another window removed the file.
      const mayBeMissing = !isWritten || (job.state === 'queued' && cancelUpdate === undefined);
      if (isUnfinished(job) && mayBeMissing) attempt(write);
      if (job.state === 'queued' || !isUnfinished(job)) updateIn(0);
    },
    dispose(): void {
      if (cancelUpdate) update();
      cancelUpdate?.();
    },
  };
}
