import { holdOf, type SharedHolds } from './heldModels.ts';
import { isUnfinished, type Job } from './job.ts';
import type { PauseReason, SharedPause } from './queuePause.ts';
import type { Reachability } from './reachability.ts';
import type { Store } from './store/store.ts';
import { onAbort } from '../onAbort.ts';

export interface SettlingContext {
  store: Pick<Store, 'get'>;
  pause: Pick<SharedPause, 'current'>;
  holds: Pick<SharedHolds, 'current'>;
  reach: Pick<Reachability, 'isAsking'>;
  isOpen: (workspaceUri: string | undefined) => boolean;
  isDisposed: () => boolean;
  /** Runs what the store may refuse for a while. */
  guarded: <T>(attempt: () => T) => T | undefined;
  /** Both call what they are given whenever something changed. @returns what ends that */
  onJob: (check: () => void) => () => void;
  onQueue: (check: () => void) => () => void;
  onQueueChange: () => void;
}

/** While the queue waits for these, nobody who asked for an image is kept waiting. */
const waitsForOthers: ReadonlySet<PauseReason> = new Set(['credits', 'key', 'network']);

/** Lets callers wait for jobs, as long as they go on. */
export function createSettling(context: SettlingContext) {
  const { store, pause, holds, reach, guarded } = context;
  /** Somebody who waits for jobs could not look at them. */
  let isCheckMissed = false;

  /** Resolves when none of the jobs is at work any more, or the queue cannot go on by itself. */
  function whenSettled(ids: readonly string[], signal: AbortSignal): Promise<Job[]> {
    return new Promise((resolve) => {
      const check = () => {
        const jobs = guarded(() => ids.flatMap((id) => store.get(id) ?? []));
        if (!jobs) {
          isCheckMissed = true;
          return;
        }
        if (!context.isDisposed() && !signal.aborted && jobs.some((job) => !isSettled(job))) return;
        stops.forEach((stop) => stop());
        resolve(jobs);
      };
      const stops = [context.onJob(check), context.onQueue(check)];
      if (!signal.aborted) stops.push(onAbort(signal, check));
      check();
    });
  }

  function isHeld({ model }: Job): boolean {
    return holdOf(holds.current(), model) !== undefined;
  }

  function isSettled(job: Job): boolean {
    if (!isUnfinished(job)) return true;
    const reason = pause.current()?.reason;
    // Asked for anew, it may go on a moment later.
    const isAsking = reason === 'network' && reach.isAsking();
    const isHeldUp = (reason && waitsForOthers.has(reason) && !isAsking) || isHeld(job);
    if (job.state === 'queued' && isHeldUp) return true;
    return (
      job.state === 'downloading' &&
      job.isWaitingForWorkspace === true &&
      !context.isOpen(job.workspaceUri)
    );
  }

  return {
    whenSettled,
    /** To be called while the store may have become readable again. */
    lookAgain(): void {
      if (!isCheckMissed) return;
      isCheckMissed = false;
      context.onQueueChange();
    },
  };
}
