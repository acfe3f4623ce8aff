import type { Clock } from './platform.ts';
import type { SharedHolds } from './heldModels.ts';
import { isUnfinished, type Job } from './job.ts';
import { type JobEvent, TransitionError } from './transition.ts';
import { toJobError } from './jobError.ts';
import type { QueuePause, SharedPause } from './queuePause.ts';
import type { createDownloadStep } from './steps/downloadStep.ts';
import type { createPollStep } from './steps/pollStep.ts';
import { type createSubmitStep, PostponedError } from './steps/submitStep.ts';
import type { Store } from './store/store.ts';
import { HeldBackError, isStoreError, OwnedElsewhereError } from './store/storeErrors.ts';
import type { Timing } from './async/timing.ts';

export interface JobWorkContext {
  store: Pick<Store, 'claim' | 'get' | 'release'>;
  submitStep: ReturnType<typeof createSubmitStep>;
  pollStep: ReturnType<typeof createPollStep>;
  downloadStep: ReturnType<typeof createDownloadStep>;
  /** Moves a job as the work on it goes. */
  advance: (id: string, event: JobEvent) => Job;
  pause: Pick<SharedPause, 'hold' | 'isDue'>;
  holds: Pick<SharedHolds, 'isDue'>;
  clock: Pick<Clock, 'now'>;
  timing: Timing;
  isOpen: (workspaceUri: string | undefined) => boolean;
  worksOn: 'own' | 'all' | undefined;
  /** Whether work is to be begun: not before the start, and not after the end. */
  mayBegin: () => boolean;
  isDisposed: () => boolean;
  /** Runs what the store may refuse for a while. */
  guarded: <T>(attempt: () => T) => T | undefined;
  /** The provider refused a request for want of credits. */
  onRefused: () => void;
  /** The work on a job has ended here. */
  onEnd: (id: string) => void;
  log: ((line: string) => void) | undefined;
}

/** The first pause without a network, and the longest. */
const offlinePauseMs = 5_000;
const maxOfflinePauseMs = 60_000;

/** Takes jobs of the queue, and each of them step by step to its end. */
export type JobWork = ReturnType<typeof createJobWork>;

export function createJobWork(context: JobWorkContext) {
  const { store, advance, pause, holds, timing, guarded } = context;
  const { now } = context.clock;
  /** Jobs this window works on now. */
  const atWork = new Map<string, AbortController>();
  const working = new Set<Promise<void>>();
  /** Jobs whose work broke off because the store failed; taken up again at the next look around. */
  const backedOff = new Set<string>();
  /** Jobs asked for by the commands of this engine. */
  const own = new Set<string>();
  /** Pauses for want of a network since the last task that was accepted. */
  let offlinePauses = 0;

  /** Starts what may be started. */
  function pump(): void {
    if (!context.mayBegin()) return;
    const jobs = guarded(() =>
      store.claim({
        isOpen: context.isOpen,
        isAtWork: (id) => atWork.has(id) || backedOff.has(id),
        startsNone: pause.isDue(),
        isHeldBack: holds.isDue,
        ...(context.worksOn === 'own' && { isWorkedOn: (id: string) => own.has(id) }),
      }),
    );
    for (const job of jobs ?? []) {
      const done = work(job).finally(() => working.delete(done));
      working.add(done);
    }
  }

  /** Takes one job to its end, or to where another has to go on. */
  async function work(first: Job): Promise<void> {
    if (atWork.has(first.id)) return;
    const controller = new AbortController();
    atWork.set(first.id, controller);
    let job = first;
    try {
      while (isUnfinished(job) && !controller.signal.aborted) {
        const next = await step(job, controller.signal);
        if (next === 'waitingForWorkspace') break;
        job = next;
      }
    } catch (thrown) {
      endWork(job.id, thrown, controller.signal);
    } finally {
      atWork.delete(first.id);
      context.onEnd(first.id);
      if (!backedOff.has(first.id)) guarded(() => store.release(first.id));
      pump();
    }
  }

  async function step(job: Job, signal: AbortSignal): Promise<Job | 'waitingForWorkspace'> {
    switch (job.state) {
      case 'queued':
      case 'uploading':
      case 'submitting':
        return await context.submitStep(job, signal);
      case 'running':
        return await context.pollStep(job, signal);
      case 'downloading':
        return await context.downloadStep(job, signal);
      default:
        return job;
    }
  }

  function endWork(id: string, thrown: unknown, signal: AbortSignal): void {
    if (signal.aborted || context.isDisposed()) return;
    if (thrown instanceof PostponedError) {
      pause.hold(withEnd(thrown.pause));
      if (thrown.pause.reason === 'credits') context.onRefused();
      return;
    }
    if (thrown instanceof HeldBackError) return;
    // Another window, or the user, was quicker; the store has the truth.
    if (thrown instanceof TransitionError || thrown instanceof OwnedElsewhereError) return;
    context.log?.(
      `Job ${id} failed: ${thrown instanceof Error ? String(thrown.stack) : 'unknown'}`,
    );
    // What could not be written down has not happened: the job stays where it was.
    if (isStoreError(thrown)) backedOff.add(id);
    else guarded(() => fail(id, thrown));
  }

  function fail(id: string, thrown: unknown): void {
    const current = store.get(id);
    if (!current || !isUnfinished(current)) return;
    const isRecoverable = 'taskId' in current;
    try {
      advance(id, { type: 'failed', error: toJobError(thrown), at: now(), isRecoverable });
    } catch (moved) {
      // Another window took the job meanwhile; what becomes of it is that window's to say.
      if (!(moved instanceof TransitionError || moved instanceof OwnedElsewhereError)) throw moved;
    }
  }

  /** Without a network the queue tries again by itself, ever more seldom. */
  function withEnd(next: QueuePause): QueuePause {
    if (next.reason !== 'network') return next;
    const longestMs = offlinePauseMs * 2 ** Math.min(offlinePauses, 10);
    const waitMs = timing.scaled(Math.min(longestMs, maxOfflinePauseMs));
    offlinePauses += 1;
    return { ...next, waitMs, untilMs: now() + waitMs };
  }

  return {
    pump,
    makeOwn: (id: string): void => void own.add(id),
    isIdle: (): boolean => atWork.size === 0,
    /** Lets work be taken up again that the store broke off. */
    takeUpAgain: (): void => backedOff.clear(),
    /** A task was accepted, or the network may be another: the next pause is a short one again. */
    onReached(): void {
      offlinePauses = 0;
    },
    breakOff: (id: string): void => atWork.get(id)?.abort(),
    breakOffAll(): void {
      for (const controller of atWork.values()) controller.abort();
    },
    /** What still runs here. */
    running: (): readonly Promise<void>[] => [...working],
  };
}
