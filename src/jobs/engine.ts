import { type AppError, toAppError } from '../appError.ts';
import type { Client } from '../evolink/client.ts';
import type { Converter } from '../images/convert/converter.ts';
import { createDownloadStep } from './steps/downloadStep.ts';
import type { PlaceImage, SaveContext } from './steps/saveStep.ts';
import {
  isUnfinished,
  type Job,
  type JobError,
  type PrepareReferences,
  referencesUnneededAt,
} from './job.ts';
import type { JobEvent } from './transition.ts';
import { createAccountCheck } from './accountCheck.ts';
import { createEmitter, type Emitter } from './async/emitter.ts';
import { createSharedHolds, type HeldModels } from './heldModels.ts';
import { createJobCommands } from './jobCommands.ts';
import { createSharedPause, type PauseReason } from './queuePause.ts';
import type { ReferenceUploads } from './references/referenceUploads.ts';
import { createLeftovers } from './steps/leftovers.ts';
import { sweepTempFiles } from './steps/tempFiles.ts';
import type { CancelTimer, Platform } from './platform.ts';
import type { Store } from './store/store.ts';
import { isStoreError } from './store/storeErrors.ts';
import { createSubmitStep } from './steps/submitStep.ts';
import { createWindowProbe } from './windowProbe.ts';
import { createTiming } from './async/timing.ts';
import { whenFree } from './async/whenFree.ts';
import { createPoller } from './steps/poller.ts';
import { createPollStep } from './steps/pollStep.ts';
import { createSettling } from './whenSettled.ts';
import { createWindowRounds } from './windowRounds.ts';
import { createJobWork } from './jobWork.ts';

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
  /** Makes the files that are asked for of results; where it is absent, these are saved as they come. */
  converter?: Converter;
  /** See SaveContext. */
  onUnconverted?: SaveContext['onUnconverted'];
  onProvenanceLost?: SaveContext['onProvenanceLost'];
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

const tickMs = 1_000;
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
  const pendingCleanups = new Set<Promise<void>>();
  const shutdown = new AbortController();
  const ending = new AbortController();
  let trouble: AppError | undefined;
  /** Why results cannot be had just now, by job. */
  const downloadTroubles = new Map<string, AppError>();
  let isStarted = false;
  let isDisposed = false;
  let cancelTicker: CancelTimer | undefined;
  let sweeping: Promise<void> | undefined;

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
    makeOwn: (id) => jobWork.makeOwn(id),
    tell: notify,
    emit: jobEmitter.emit,
    guarded,
    pump,
    checkConnection: () => void account.reach.check(),
    breakOff: (id) => jobWork.breakOff(id),
  });
  const context = {
    ...{ ...options, now, clock, timing, move: advance, reach: account.reach },
    holdModelOf(job: Job, error: JobError) {
      // Both or none: a job that is left as submitting may have been paid, and this one was not.
      const postponed = () => store.advance(job.id, { type: 'postponed' });
      notify(holds.hold(job.model, error, postponed));
    },
    isHeldBack: ({ id, model }: Job) => store.isHeldBack(model) || store.isToBeCancelled(id),
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

  const jobWork = createJobWork({
    ...{ store, submitStep, pollStep, downloadStep, advance, holds, clock, timing, guarded },
    pause: sharedPause,
    isOpen: options.isOpen,
    worksOn: options.worksOn,
    mayBegin: () => isStarted && !isDisposed,
    isDisposed: () => isDisposed,
    onRefused: () => account.refused(),
    onEnd(id) {
      if (downloadTroubles.delete(id)) queueEmitter.emit();
    },
    log: options.log,
  });
  const settling = createSettling({
    ...{ store, holds, guarded },
    pause: sharedPause,
    reach: account.reach,
    isOpen: options.isOpen,
    isDisposed: () => isDisposed,
    onJob: jobEmitter.on,
    onQueue: queueEmitter.on,
    onQueueChange: queueEmitter.emit,
  });
  const rounds = createWindowRounds({
    ...{ store, holds, windowProbe, clock, guarded },
    work: jobWork,
    commands: jobCommands,
    pause: sharedPause,
    isDisposed: () => isDisposed,
    emit: jobEmitter.emit,
    onQueueChange: queueEmitter.emit,
    lookAgain: () => settling.lookAgain(),
    sweepUploads: () => trackCleanup(options.uploads?.sweep(shutdown.signal)),
    onHistoryCleared: options.onHistoryCleared,
  });

  /** Starts what may be started. */
  function pump(): void {
    jobWork.pump();
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

  /** Moves a job as the work on it goes. */
  function advance(id: string, event: JobEvent, asked?: Job): Job {
    if (event.type === 'accepted') jobWork.onReached();
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

  /** Begins to work on jobs: on what was left behind first. Once only. */
  function start(): void {
    if (isStarted || isDisposed) return;
    isStarted = true;
    guarded(() => {
      store.reapDeadWindows();
      sharedPause.follow();
      holds.follow();
    });
    cancelTicker = clock.every(tickMs, () => rounds.round());
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
      guarded(() => rounds.setMaxConcurrent(count));
      pump();
    },
    /** Resolves when none of the jobs is at work any more, or the queue cannot go on by itself. */
    whenSettled: settling.whenSettled,
    /** Why nothing can be written down, if so, for some seconds by now. */
    storeTrouble: rounds.storeTrouble,
    /** Runs what a locked store may refuse, for some seconds again and again. @throws as it does */
    whenFree: <T>(work: () => T): Promise<T> => whenFree(clock, work),
    get: store.get,
    retriesOf: store.retriesOf,
    listUnfinished: store.listUnfinished,
    listOpen: store.listOpen,
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
      jobWork.onReached();
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
      jobWork.breakOffAll();
      queueEmitter.emit();
      await Promise.allSettled([...jobWork.running(), sweeping]);
      const cancelShutdown = clock.after(shutdownGraceMs, () => shutdown.abort());
      await Promise.allSettled(pendingCleanups);
      cancelShutdown();
    },
  };
}
