import { type AppError, toAppError } from '../appError.ts';
import type { Client } from '../evolink/client.ts';
import { createDownloadStep, type PlaceImage } from './steps/downloadStep.ts';
import {
  isUnfinished,
  type Job,
  type JobEvent,
  type PrepareReferences,
  referencesUnneededAt,
  TransitionError,
} from './job.ts';
import { toJobError } from './jobError.ts';
import { createAccountCheck } from './accountCheck.ts';
import { createEmitter, type Emitter } from './async/emitter.ts';
import { createSharedHolds, type HeldModels, holdOf } from './heldModels.ts';
import { createJobCommands } from './jobCommands.ts';
import { createSharedPause, type PauseReason, type QueuePause } from './queuePause.ts';
import type { ReferenceUploads } from './references/referenceUploads.ts';
import { createLeftovers } from './steps/leftovers.ts';
import { sweepTempFiles } from './steps/tempFiles.ts';
import type { CancelTimer, Platform } from './platform.ts';
import type { StoreTrouble } from './store/connection.ts';
import type { Store } from './store/store.ts';
import { isStoreError, OwnedElsewhereError } from './store/storeErrors.ts';
import { createSubmitStep, ModelHeldError, PostponedError } from './steps/submitStep.ts';
import { createWindowProbe } from './windowProbe.ts';
import { createTiming } from './async/timing.ts';
import { whenFree } from './async/whenFree.ts';
import { createPoller } from './steps/poller.ts';
import { createPollStep } from './steps/pollStep.ts';

export interface EngineOptions {
  store: Store;
  client: Client;
  /** Puts a finished file where it belongs; the editor knows how. */
  place: PlaceImage;
  /** A folder of this machine for what is not finished. */
  tempFolder: string;
  /** Whether the workspace folder is open in this window. */
  isOpen: (workspaceUri: string | undefined) => boolean;
  /** Turns references into addresses the provider can fetch. */
  prepareReferences: PrepareReferences;
  /** Deletes what was uploaded as references, once no job needs it. */
  uploads?: Pick<ReferenceUploads, 'forget' | 'sweep'>;
  /** Called when jobs were removed, in this window or another. */
  onHistoryCleared?: () => void;
  /** Lets all be asked at once that the provider asked to be spared. */
  liftCooldown?: () => void;
  /**
   * Answers as soon as the window can be reached. An extension host may outlive its window for
   * hours, with every question to it unanswered: other windows must not take that for work.
   */
  isWindowResponsive?: () => PromiseLike<unknown>;
  /**
   * Every job of the store, or those alone that were asked for by this engine's own commands: a
   * program that runs for seconds must not take up what a window has queued. `all` when absent.
   */
  worksOn?: 'own' | 'all';
  log?: (line: string) => void;
  platform: Platform;
  /** What the engine's own waits are multiplied by: 1, but for tests, which have no minutes. */
  waitScale?: number;
}

/** The first pause without a network, and the longest. */
const offlinePauseMs = 5_000;
const maxOfflinePauseMs = 60_000;
const tickMs = 1_000;
/** Windows that share a store make each other wait for moments, which nobody need know. */
const storeTroubleMs = 3_000;
/** The store expects a beat every three seconds. */
const ticksPerHeartbeat = 3;
/** While the queue waits for these, nobody who asked for an image is kept waiting. */
const waitsForOthers: ReadonlySet<PauseReason> = new Set(['credits', 'key', 'network']);
/** A window that closes waits so long for uploads to be deleted; else the next window does it. */
const shutdownGraceMs = 1_500;

/**
 * Works on jobs until they have ended, through crashes and beside other windows. The only way an
 * image takes: request → store → submit → watch → download → check → place. Works on nothing before
 * `start`; what is asked for before waits in the store.
 */
export type Engine = ReturnType<typeof createEngine>;

export function createEngine(options: EngineOptions) {
  const { store, client, platform } = options;
  const { clock } = platform;
  const { now } = clock;
  const jobEmitter = createEmitter<Job>(options.log);
  const queueEmitter: Emitter<void> = createEmitter(options.log);
  /** Jobs this window works on now. */
  const atWork = new Map<string, AbortController>();
  const working = new Set<Promise<void>>();
  const pendingCleanups = new Set<Promise<void>>();
  const shutdown = new AbortController();
  const ending = new AbortController();
  /** Jobs whose work broke off because the store failed; taken up again at the next look around. */
  const backedOff = new Set<string>();
  let trouble: AppError | undefined;
  /** Why results cannot be had just now, by job. */
  const downloadTroubles = new Map<string, AppError>();
  /** Jobs asked for by the commands of this engine. */
  const own = new Set<string>();
  let isStarted = false;
  let isDisposed = false;
  let cancelTicker: CancelTimer | undefined;
  let sweeping: Promise<void> | undefined;
  /** Pauses for want of a network since the last task that was accepted. */
  let offlinePauses = 0;
  let ticks = 0;
  let lastHeartbeat = 0;
  let isHeartbeatWorkDue = false;
  /** A limit that could not be written down yet. */
  let maxConcurrentDue: number | undefined;
  let storeTrouble: StoreTrouble['kind'] | undefined;
  /** Somebody who waits for jobs could not look at them. */
  let isCheckMissed = false;

  const windowProbe = createWindowProbe(options.isWindowResponsive);
  const timing = createTiming(clock, options.waitScale);
  const poller = createPoller({
    client,
    clock,
    timing,
    ...(options.log && { log: options.log }),
    onTrouble(error) {
      trouble = error;
      if (error) account.reach.note(error);
      queueEmitter.emit();
    },
    onOver: (error) => account.over(error),
  });
  const sharedPause = createSharedPause({
    store,
    clock,
    guarded,
    onChange: queueEmitter.emit,
    onEnd: pump,
  });
  const account = createAccountCheck({
    client,
    signal: ending.signal,
    pause: sharedPause,
    guarded,
    onChange: queueEmitter.emit,
    onAnswer: () => {
      if (trouble) poller.pollNow();
    },
  });
  const holds = createSharedHolds({ store, guarded, onChange: queueEmitter.emit });
  const jobCommands = createJobCommands({
    store,
    pause: sharedPause,
    holds,
    clock,
    randomId: platform.randomId,
    makeOwn: (id) => own.add(id),
    tell: notify,
    emit: jobEmitter.emit,
    guarded,
    pump,
    checkConnection: () => void account.reach.check(),
    breakOff: (id) => atWork.get(id)?.abort(),
  });
  const context = {
    ...{ ...options, now, clock, timing, move: advance, reach: account.reach },
    ...{ holdModel: holds.hold, exclusively: store.exclusively },
  };
  const submitStep = createSubmitStep(context);
  const pollStep = createPollStep({ ...context, poller });
  const leftovers = createLeftovers(options.tempFolder, platform, (jobId) => {
    const job = store.get(jobId);
    return job !== undefined && isUnfinished(job);
  });
  const downloadStep = createDownloadStep({
    ...context,
    temporaries: leftovers.notes,
    onTrouble(jobId, error) {
      if (error) downloadTroubles.set(jobId, error);
      else if (!downloadTroubles.delete(jobId)) return;
      queueEmitter.emit();
    },
  });

  /** Moves a job as the work on it goes. */
  function advance(id: string, event: JobEvent, asked?: Job): Job {
    if (event.type === 'accepted') offlinePauses = 0;
    const job = notify(store.advance(id, event, asked));
    // Its task has given its place back.
    if (event.type === 'completed') pump();
    return job;
  }

  function notify(job: Job): Job {
    jobEmitter.emit(job);
    const isOver = referencesUnneededAt(job, now()) !== undefined;
    if (isOver && job.references.length > 0)
      trackCleanup(options.uploads?.forget(job, shutdown.signal));
    return job;
  }

  /** Deletions go on beside all else, and nobody waits for them but the end. */
  function trackCleanup(work: Promise<void> | undefined): void {
    if (!work) return;
    const done = work.finally(() => pendingCleanups.delete(done));
    pendingCleanups.add(done);
  }

  /** Starts what may be started. */
  function pump(): void {
    if (!isStarted || isDisposed) return;
    const jobs = guarded(() =>
      store.claim({
        isOpen: options.isOpen,
        isAtWork: (id) => atWork.has(id) || backedOff.has(id),
        startsNone: sharedPause.isDue(),
        isHeldBack: holds.isDue,
        ...(options.worksOn === 'own' && { isWorkedOn: (id: string) => own.has(id) }),
      }),
    );
    for (const job of jobs ?? []) {
      const done = work(job).finally(() => working.delete(done));
      working.add(done);
    }
  }

  /** The store may be out of reach for a while (a full disk, a lock): then a later look does it. */
  function guarded<T>(attempt: () => T): T | undefined {
    try {
      return attempt();
    } catch (thrown) {
      if (!isStoreError(thrown)) throw thrown;
      options.log?.(`The store cannot be used now: ${thrown.message}`);
      return undefined;
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
      if (downloadTroubles.delete(first.id)) queueEmitter.emit();
      if (!backedOff.has(first.id)) guarded(() => store.release(first.id));
      pump();
    }
  }

  async function step(job: Job, signal: AbortSignal): Promise<Job | 'waitingForWorkspace'> {
    switch (job.state) {
      case 'queued':
      case 'uploading':
      case 'submitting':
        return await submitStep(job, signal);
      case 'running':
        return await pollStep(job, signal);
      case 'downloading':
        return await downloadStep(job, signal);
      default:
        return job;
    }
  }

  function endWork(id: string, thrown: unknown, signal: AbortSignal): void {
    if (signal.aborted || isDisposed) return;
    if (thrown instanceof PostponedError) {
      sharedPause.hold(withEnd(thrown.pause));
      if (thrown.pause.reason === 'credits') account.refused();
      return;
    }
    if (thrown instanceof ModelHeldError) return;
    // Another window, or the user, was quicker; the store has the truth.
    if (thrown instanceof TransitionError || thrown instanceof OwnedElsewhereError) return;
    options.log?.(
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
  function withEnd(pause: QueuePause): QueuePause {
    if (pause.reason !== 'network') return pause;
    const longestMs = offlinePauseMs * 2 ** Math.min(offlinePauses, 10);
    const waitMs = timing.scaled(Math.min(longestMs, maxOfflinePauseMs));
    offlinePauses += 1;
    return { ...pause, waitMs, untilMs: now() + waitMs };
  }

  /** Once a second: other windows' changes, what they ask of us, and our own sign of life. */
  function tick(): void {
    ticks += 1;
    // Shows whether it is over: what failed may never be tried again.
    if (store.trouble()) store.exclusively(() => undefined);
    if (maxConcurrentDue !== undefined) setMaxConcurrent(maxConcurrentDue);
    sharedPause.writeDue();
    holds.writeDue();
    if (isCheckMissed) {
      isCheckMissed = false;
      queueEmitter.emit();
    }
    const isHeartbeatDue = ticks % ticksPerHeartbeat === 0;
    if (isHeartbeatDue) trackCleanup(options.uploads?.sweep(shutdown.signal));
    if (atWork.size > 0) followControlRequests();
    const isHoldNew = holds.follow();
    const isPauseNew = sharedPause.follow() || isHoldNew;
    const changed = store.takeChanges();
    changed.forEach(jobEmitter.emit);
    if (store.takeCleared()) options.onHistoryCleared?.();
    isHeartbeatWorkDue ||= isHeartbeatDue || isPauseNew || changed.length > 0;
    if (isHeartbeatWorkDue && (atWork.size > 0 || store.countUnfinished() > 0))
      windowProbe.whenResponsive(() => guarded(onHeartbeat));
  }

  /** What other windows ask of the jobs this one works on. */
  function followControlRequests(): void {
    for (const { id, wanted } of store.controlRequests()) {
      // What is just being submitted may come back to the queue, or begin to run.
      const isTooLate = !jobCommands[wanted](id) && store.get(id)?.state !== 'submitting';
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
    queueEmitter.emit();
  }

  function lastsMs({ sinceMs }: StoreTrouble): number {
    return clock.monotonicMs() - sinceMs;
  }

  /** Says that this window works on its jobs, and takes up what others left. */
  function onHeartbeat(): void {
    if (isDisposed) return;
    if (ticks - lastHeartbeat >= ticksPerHeartbeat) {
      backedOff.clear();
      if (atWork.size > 0) store.heartbeat();
      store.reapDeadWindows();
      // Not before: what a locked store refuses is tried again with the next tick.
      lastHeartbeat = ticks;
    }
    isHeartbeatWorkDue = false;
    pump();
  }

  function setMaxConcurrent(count: number): void {
    maxConcurrentDue = count;
    store.setMaxConcurrent(count);
    maxConcurrentDue = undefined;
  }

  /** Resolves when none of the jobs is at work any more, or the queue cannot go on by itself. */
  function whenSettled(ids: readonly string[], signal: AbortSignal): Promise<Job[]> {
    return new Promise((resolve) => {
      const check = () => {
        const jobs = guarded(() => ids.flatMap((id) => store.get(id) ?? []));
        if (!jobs) {
          isCheckMissed = true;
          return;
        }
        if (!isDisposed && !signal.aborted && jobs.some((job) => !isSettled(job))) return;
        stops.forEach((stop) => stop());
        signal.removeEventListener('abort', check);
        resolve(jobs);
      };
      const stops = [jobEmitter.on(check), queueEmitter.on(check)];
      signal.addEventListener('abort', check);
      check();
    });
  }

  function isHeld({ model }: Job): boolean {
    return holdOf(holds.current(), model) !== undefined;
  }

  function isSettled(job: Job): boolean {
    if (!isUnfinished(job)) return true;
    const reason = sharedPause.current()?.reason;
    // Asked for anew, it may go on a moment later.
    const isAsking = reason === 'network' && account.reach.isAsking();
    const isHeldUp = (reason && waitsForOthers.has(reason) && !isAsking) || isHeld(job);
    if (job.state === 'queued' && isHeldUp) return true;
    return (
      job.state === 'downloading' &&
      job.isWaitingForWorkspace === true &&
      !options.isOpen(job.workspaceUri)
    );
  }

  /** Begins to work on jobs: on what was left behind first. Once only. */
  function start(): void {
    if (isStarted || isDisposed) return;
    isStarted = true;
    guarded(() => {
      store.reapDeadWindows();
      sharedPause.follow();
      holds.follow();
    });
    cancelTicker = clock.every(tickMs, () => {
      guarded(tick);
      followStoreTrouble();
    });
    // A program that runs for seconds leaves this to the windows.
    if (options.worksOn !== 'own') sweeping = clearUp();
    trackCleanup(options.uploads?.sweep(shutdown.signal));
    pump();
  }

  async function clearUp(): Promise<void> {
    await leftovers.start();
    try {
      await sweepTempFiles(options.tempFolder, store, platform.files);
    } catch (thrown) {
      options.log?.(`Clearing up failed: ${toAppError(thrown).message}`);
    }
  }

  return {
    ...jobCommands,
    start,
    /** How many tasks all windows together may have under way, from now on. */
    setMaxConcurrent(count: number): void {
      guarded(() => setMaxConcurrent(count));
      pump();
    },
    whenSettled,
    /** Why nothing can be written down, if so, for some seconds by now. */
    storeTrouble: (): StoreTrouble['kind'] | undefined => storeTrouble,
    /** Runs what a locked store may refuse, for some seconds again and again. @throws as it does */
    whenFree: <T>(work: () => T): Promise<T> => whenFree(clock, work),
    get: store.get,
    retriesOf: store.retriesOf,
    listUnfinished: store.listUnfinished,
    listQueuedIds: store.listQueuedIds,
    countQueued: store.countQueued,
    countUnfinished: store.countUnfinished,
    listRecent: store.listRecent,
    durations: store.durations,
    /** Why nothing new is started, if so. */
    pause: sharedPause.current,
    /** Models whose jobs wait, because the provider refuses the model. */
    heldModels: (): HeldModels => holds.current(),
    /** Tries jobs of a model again. */
    releaseModel(model: string): void {
      holds.release(model);
      pump();
    },
    pauseQueue(reason: PauseReason): void {
      sharedPause.begin({ reason });
    },
    continueQueue(): void {
      options.liftCooldown?.();
      // The free question may be what a gateway stops: the user can have a request tried all the same.
      account.reach.answered();
      sharedPause.end();
      holds.release();
      pump();
    },
    /** The key, the host or the network may be another now: what waited for that goes on. */
    connectionChanged(): void {
      options.liftCooldown?.();
      guarded(() => sharedPause.end('credits', 'key', 'network'));
      guarded(() => holds.release());
      account.changed();
      offlinePauses = 0;
      poller.pollNow();
      pump();
    },
    /**
     * Asks the provider what costs nothing. What waited for the network goes on when it answers, and
     * what waited for credits when there are more than there were.
     */
    async checkConnection(): Promise<void> {
      if (!isDisposed) await account.reach.check();
    },
    /** What is wrong with watching or downloading, if anything; both go on by themselves. */
    trouble: (): AppError | undefined => trouble ?? [...downloadTroubles.values()][0],
    /** The key or the network changed: ask again now. */
    pollNow(): void {
      poller.pollNow();
      pump();
    },
    queryCount: () => poller.queryCount(),
    /** Tells this window of a job that was changed beside the work on it. */
    tell: jobEmitter.emit,
    /** Called with every job that changed, in this window or another. */
    onDidChangeJob: jobEmitter.on,
    onDidChangeQueue: queueEmitter.on,
    /** Called with the credits that are left; with undefined when what was known is no longer so. */
    onDidReadCredits: account.onDidRead,
    /**
     * Ends the work. Nobody else may take up a job while a step of it still runs here, so this
     * waits for them; the store may be closed then.
     */
    async dispose(): Promise<void> {
      if (isDisposed) return;
      isDisposed = true;
      cancelTicker?.();
      sharedPause.dispose();
      poller.dispose();
      leftovers.dispose();
      ending.abort();
      for (const controller of atWork.values()) controller.abort();
      queueEmitter.emit();
      await Promise.allSettled([...working, sweeping]);
      const cancelShutdown = clock.after(shutdownGraceMs, () => shutdown.abort());
      await Promise.allSettled(pendingCleanups);
      cancelShutdown();
    },
  };
}
