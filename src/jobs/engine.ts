import { type EvolinkError, toEvolinkError } from '../evolink/errors.ts';
import { isStoreError } from './store/database.ts';
import type { Client } from '../evolink/client.ts';
import { createFetchStep, type Place } from './steps/downloadStep.ts';
import {
  type Destination,
  isUnfinished,
  type Job,
  type JobEvent,
  referencesUnneededAt,
  TransitionError,
} from './job.ts';
import { toJobError } from './jobError.ts';
import { createListeners, type Listeners } from './async/emitter.ts';
import { createOrders } from './jobCommands.ts';
import { createSharedPause, type PauseReason } from './queuePause.ts';
import type { ReferenceUploads } from './references/referenceUploads.ts';
import { sweepScratch } from './steps/tempFiles.ts';
import { OwnedElsewhereError, type Store } from './store/store.ts';
import { createSubmitStep, PostponedError, type PrepareReferences } from './steps/submitStep.ts';
import { createPresence } from './windowProbe.ts';
import { createWaits } from './async/timing.ts';
import { createWatcher } from './steps/poller.ts';
import { createWatchStep } from './steps/pollStep.ts';

/** What one picture needs to be asked for. `prompt` to `references` have been checked before. */
export interface NewJob {
  prompt: string;
  model: string;
  size: string;
  quality: string;
  references: readonly string[];
  destination: Destination;
  workspaceUri?: string;
  parentId?: string;
  variation?: number;
}

export interface EngineOptions {
  store: Store;
  client: Client;
  /** Puts a finished file where it belongs; the editor knows how. */
  place: Place;
  /** A folder of this machine for what is not finished. */
  scratchFolder: string;
  maxConcurrent: () => number;
  /** Whether the workspace folder is open in this window. */
  isOpen: (workspaceUri: string | undefined) => boolean;
  /** Turns references into addresses the provider can fetch. */
  prepareReferences: PrepareReferences;
  /** Deletes what was uploaded as references, once no job needs it. */
  uploads?: Pick<ReferenceUploads, 'forget' | 'sweep'>;
  /**
   * Answers as soon as the window can be reached. An extension host may outlive its window for
   * hours, with every question to it unanswered: other windows must not take that for work.
   */
  askWindow?: () => PromiseLike<unknown>;
  log?: (line: string) => void;
  now?: () => number;
  /** What the engine's own waits are multiplied by: 1, but for tests, which have no minutes. */
  waitScale?: number;
}

const tickMs = 1_000;
/** The store expects a beat every three seconds. */
const ticksPerBeat = 3;
/** A window that closes waits so long for uploads to be deleted; else the next window does it. */
const farewellMs = 1_500;

/**
 * Works on jobs until they have ended, through crashes and beside other windows. The only way a
 * picture takes: wish → store → submit → watch → download → check → place.
 */
export type Engine = ReturnType<typeof createEngine>;

export function createEngine(options: EngineOptions) {
  const { store, client } = options;
  const now = options.now ?? Date.now;
  const jobListeners = createListeners<Job>(options.log);
  const queueListeners: Listeners<void> = createListeners(options.log);
  /** Jobs this window works on now. */
  const atWork = new Map<string, AbortController>();
  const working = new Set<Promise<void>>();
  const cleanings = new Set<Promise<void>>();
  const leaving = new AbortController();
  /** Jobs whose work broke off because the store failed; taken up again at the next look around. */
  const resting = new Set<string>();
  let trouble: EvolinkError | undefined;
  let isDisposed = false;
  let ticks = 0;
  let lastBeat = 0;
  let isLookDue = false;

  const presence = createPresence(options.askWindow);
  const waits = createWaits(options.waitScale);
  const watcher = createWatcher({
    client,
    waits,
    ...(options.log && { log: options.log }),
    onTrouble(error) {
      trouble = error;
      queueListeners.tell();
    },
  });
  const pause = createSharedPause({
    store,
    now,
    guarded,
    onChange: queueListeners.tell,
    onEnd: pump,
  });
  const orders = createOrders({
    store,
    pause,
    now,
    move: (id, event) => told(store.move(id, event)),
    tell: jobListeners.tell,
    pump,
    breakOff: (id) => atWork.get(id)?.abort(),
  });
  const context = { ...options, now, waits, move: advance };
  const submitStep = createSubmitStep(context);
  const watchStep = createWatchStep({ ...context, watcher });
  const fetchStep = createFetchStep(context);

  /** Moves a job as the work on it goes. */
  function advance(id: string, event: JobEvent): Job {
    return told(store.advance(id, event));
  }

  function told(job: Job): Job {
    jobListeners.tell(job);
    const isOver = referencesUnneededAt(job, now()) !== undefined;
    if (isOver && job.references.length > 0) cleaning(options.uploads?.forget(job, leaving.signal));
    return job;
  }

  /** Deletions go on beside all else, and nobody waits for them but the end. */
  function cleaning(work: Promise<void> | undefined): void {
    if (!work) return;
    const done = work.finally(() => cleanings.delete(done));
    cleanings.add(done);
  }

  /** Starts what may be started. */
  function pump(): void {
    if (isDisposed) return;
    const jobs = guarded(() =>
      store.claim({
        maxConcurrent: options.maxConcurrent(),
        isOpen: options.isOpen,
        isAtWork: (id) => atWork.has(id) || resting.has(id),
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
        if (next === 'parked') break;
        job = next;
      }
    } catch (thrown) {
      endWork(job.id, thrown, controller.signal);
    } finally {
      atWork.delete(first.id);
      if (!resting.has(first.id)) guarded(() => store.release(first.id));
      pump();
    }
  }

  async function step(job: Job, signal: AbortSignal): Promise<Job | 'parked'> {
    switch (job.state) {
      case 'queued':
      case 'uploading':
      case 'submitting':
        return await submitStep(job, signal);
      case 'running':
        return await watchStep(job, signal);
      case 'downloading':
        return await fetchStep(job, signal);
      default:
        return job;
    }
  }

  function endWork(id: string, thrown: unknown, signal: AbortSignal): void {
    if (signal.aborted || isDisposed) return;
    if (thrown instanceof PostponedError) {
      guarded(() => pause.set(thrown.pause));
      return;
    }
    // Another window, or the person, was quicker; the store has the truth.
    if (thrown instanceof TransitionError || thrown instanceof OwnedElsewhereError) return;
    options.log?.(
      `Job ${id} failed: ${thrown instanceof Error ? String(thrown.stack) : 'unknown'}`,
    );
    // What could not be written down has not happened: the job stays where it was.
    if (isStoreError(thrown)) resting.add(id);
    else guarded(() => fail(id, thrown));
  }

  function fail(id: string, thrown: unknown): void {
    const current = store.get(id);
    if (!current || !isUnfinished(current)) return;
    const isRecoverable = 'taskId' in current;
    advance(id, { type: 'failed', error: toJobError(thrown), at: now(), isRecoverable });
  }

  /** Once a second: other windows' changes, what they ask of us, and our own sign of life. */
  function tick(): void {
    ticks += 1;
    const isBeatDue = ticks % ticksPerBeat === 0;
    if (isBeatDue) cleaning(options.uploads?.sweep(leaving.signal));
    if (atWork.size > 0) followWishes();
    const isPauseNew = pause.follow();
    const changed = store.takeChanges();
    changed.forEach(jobListeners.tell);
    isLookDue ||= isBeatDue || isPauseNew || changed.length > 0;
    if (isLookDue && (atWork.size > 0 || store.countUnfinished() > 0))
      presence.whenThere(() => guarded(liveOn));
  }

  /** What other windows ask of the jobs this one works on. */
  function followWishes(): void {
    for (const { id, wanted } of store.takeWanted()) orders[wanted](id);
  }

  /** Says that this window works on its jobs, and takes up what others left. */
  function liveOn(): void {
    if (isDisposed) return;
    isLookDue = false;
    if (ticks - lastBeat >= ticksPerBeat) {
      lastBeat = ticks;
      resting.clear();
      if (atWork.size > 0) store.beat();
      store.lookAround();
    }
    pump();
  }

  /** Resolves when none of the jobs is at work any more, or the queue cannot go on by itself. */
  function whenSettled(ids: readonly string[], signal: AbortSignal): Promise<Job[]> {
    return new Promise((resolve) => {
      const check = () => {
        const jobs = ids.flatMap((id) => store.get(id) ?? []);
        if (!isDisposed && !signal.aborted && jobs.some((job) => !isSettled(job))) return;
        stops.forEach((stop) => stop());
        signal.removeEventListener('abort', check);
        resolve(jobs);
      };
      const stops = [jobListeners.add(check), queueListeners.add(check)];
      signal.addEventListener('abort', check);
      check();
    });
  }

  function isSettled(job: Job): boolean {
    if (!isUnfinished(job)) return true;
    if (job.state === 'queued' && pause.current()?.reason === 'credits') return true;
    return (
      job.state === 'downloading' && job.isParked === true && !options.isOpen(job.workspaceUri)
    );
  }

  guarded(() => {
    store.lookAround();
    pause.follow();
  });
  const ticker = setInterval(() => guarded(tick), tickMs);
  ticker.unref();
  const sweeping = sweepScratch(options.scratchFolder, store).catch((thrown: unknown) => {
    options.log?.(`Clearing up failed: ${toEvolinkError(thrown).message}`);
  });
  cleaning(options.uploads?.sweep(leaving.signal));
  pump();

  return {
    ...orders,
    whenSettled,
    get: store.get,
    listUnfinished: store.listUnfinished,
    listRecent: store.listRecent,
    durations: store.durations,
    /** Why nothing new is started, if so. */
    pause: pause.current,
    pauseQueue(reason: PauseReason): void {
      pause.set({ reason });
    },
    continueQueue(): void {
      pause.set(undefined);
    },
    /** What is wrong with watching, if anything. */
    trouble: (): EvolinkError | undefined => trouble,
    /** The key or the network changed: ask again now. */
    hurry(): void {
      watcher.hurry();
      pump();
    },
    askCount: () => watcher.askCount(),
    /** Called with every job that changed, in this window or another. */
    onDidChangeJob: jobListeners.add,
    onDidChangeQueue: queueListeners.add,
    /** Nobody else may take up a job while a step of it still runs here, so this waits for them. */
    async dispose(): Promise<void> {
      if (isDisposed) return;
      isDisposed = true;
      clearInterval(ticker);
      pause.dispose();
      watcher.dispose();
      for (const controller of atWork.values()) controller.abort();
      queueListeners.tell();
      await Promise.allSettled([...working, sweeping]);
      const farewell = setTimeout(() => leaving.abort(), farewellMs);
      await Promise.allSettled(cleanings);
      clearTimeout(farewell);
      guarded(() => store.close());
    },
  };
}
