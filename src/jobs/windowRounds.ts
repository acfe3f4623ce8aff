import type { JobCommands } from './jobCommands.ts';
import type { SharedHolds } from './heldModels.ts';
import type { Job } from './job.ts';
import type { JobWork } from './jobWork.ts';
import type { Clock } from './platform.ts';
import type { SharedPause } from './queuePause.ts';
import type { StoreTrouble } from './store/connection.ts';
import type { Store } from './store/store.ts';
import type { WindowProbe } from './windowProbe.ts';

export interface WindowRoundsContext {
  store: Store;
  work: Pick<JobWork, 'isIdle' | 'pump' | 'takeUpAgain'>;
  commands: Pick<JobCommands, 'cancel' | 'stop'>;
  pause: Pick<SharedPause, 'follow' | 'writeDue'>;
  holds: Pick<SharedHolds, 'follow' | 'writeDue'>;
  windowProbe: WindowProbe;
  clock: Pick<Clock, 'monotonicMs'>;
  isDisposed: () => boolean;
  /** Runs what the store may refuse for a while. */
  guarded: <T>(attempt: () => T) => T | undefined;
  /** Tells of a job that another window has changed. */
  emit: (job: Job) => void;
  onQueueChange: () => void;
  /** Looks again at what could not be looked at before. */
  lookAgain: () => void;
  /** Deletes uploads that no job needs any more. */
  sweepUploads: () => void;
  /** Called when jobs were removed, in this window or another. */
  onHistoryCleared: (() => void) | undefined;
}

/** Windows that share a store make each other wait for moments, which nobody need know. */
const storeTroubleMs = 3_000;
/** The store expects a beat every three seconds. */
const ticksPerHeartbeat = 3;

/** What a window does once a second, beside the work on jobs. */
export function createWindowRounds(context: WindowRoundsContext) {
  const { store, work, commands, pause, holds, windowProbe, clock, guarded } = context;
  let ticks = 0;
  let lastHeartbeat = 0;
  let isHeartbeatWorkDue = false;
  /** A limit that could not be written down yet. */
  let maxConcurrentDue: number | undefined;
  let storeTrouble: StoreTrouble['kind'] | undefined;

  /** Once a second: other windows' changes, what they ask of us, and our own sign of life. */
  function tick(): void {
    ticks += 1;
    // Shows whether it is over: what failed may never be tried again.
    if (store.trouble()) store.exclusively(() => undefined);
    if (maxConcurrentDue !== undefined) setMaxConcurrent(maxConcurrentDue);
    pause.writeDue();
    holds.writeDue();
    context.lookAgain();
    const isHeartbeatDue = ticks % ticksPerHeartbeat === 0;
    if (isHeartbeatDue) context.sweepUploads();
    if (!work.isIdle()) followControlRequests();
    const isHoldNew = holds.follow();
    const isPauseNew = pause.follow() || isHoldNew;
    const changed = store.takeChanges();
    changed.forEach(context.emit);
    if (store.takeCleared()) context.onHistoryCleared?.();
    isHeartbeatWorkDue ||= isHeartbeatDue || isPauseNew || changed.length > 0;
    if (isHeartbeatWorkDue && (!work.isIdle() || store.countUnfinished() > 0))
      windowProbe.whenResponsive(() => guarded(onHeartbeat));
  }

  /** What other windows ask of the jobs this one works on. */
  function followControlRequests(): void {
    for (const { id, wanted } of store.controlRequests()) {
      // What is just being submitted may come back to the queue, or begin to run.
      const isTooLate = !commands[wanted](id) && store.get(id)?.state !== 'submitting';
      if (isTooLate) store.dropControlRequest(id);
    }
  }

  /** A store that cannot be used is told of once that lasts. */
  function followStoreTrouble(): void {
    const found = store.trouble();
    const isLasting = found && (found.kind === 'newer' || lastsMs(found) >= storeTroubleMs);
    const kind = isLasting ? found.kind : undefined;
    if (kind === storeTrouble) return;
    storeTrouble = kind;
    context.onQueueChange();
  }

  function lastsMs({ sinceMs }: StoreTrouble): number {
    return clock.monotonicMs() - sinceMs;
  }

  /** Says that this window works on its jobs, and takes up what others left. */
  function onHeartbeat(): void {
    if (context.isDisposed()) return;
    if (ticks - lastHeartbeat >= ticksPerHeartbeat) {
      work.takeUpAgain();
      if (!work.isIdle()) store.heartbeat();
      store.reapDeadWindows();
      // Not before: what a locked store refuses is tried again with the next tick.
      lastHeartbeat = ticks;
    }
    isHeartbeatWorkDue = false;
    work.pump();
  }

  function setMaxConcurrent(count: number): void {
    maxConcurrentDue = count;
    store.setMaxConcurrent(count);
    maxConcurrentDue = undefined;
  }

  return {
    /** To be called once a second. */
    round(): void {
      guarded(tick);
      followStoreTrouble();
    },
    setMaxConcurrent,
    /** Why nothing can be written down, if so, for some seconds by now. */
    storeTrouble: (): StoreTrouble['kind'] | undefined => storeTrouble,
  };
}
