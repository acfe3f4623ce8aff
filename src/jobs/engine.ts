import { randomUUID } from 'node:crypto';
import { type EvolinkError, toEvolinkError } from '../evolink/errors.ts';
import { isStoreError } from './database.ts';
import type { Client } from '../evolink/client.ts';
import { createFetchStep, type Place } from './fetchStep.ts';
import {
  type Destination,
  isRecoverable,
  isUnfinished,
  type Job,
  type JobEvent,
  referencesUnneededAt,
  TransitionError,
  type Wish,
} from './job.ts';
import { toJobError } from './jobError.ts';
import type { PauseReason, QueuePause } from './queuePause.ts';
import type { ReferenceUploads } from './referenceUploads.ts';
import { sweepScratch } from './scratch.ts';
import { OwnedElsewhereError, type Store } from './store.ts';
import { createSubmitStep, PostponedError, type PrepareReferences } from './submitStep.ts';
import { createPresence } from './presence.ts';
import { createWaits } from './waits.ts';
import { createWatcher } from './watcher.ts';
import { createWatchStep } from './watchStep.ts';

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
  const listeners = new Set<(job: Job) => void>();
  const queueListeners = new Set<() => void>();
  /** Jobs this window works on now. */
  const atWork = new Map<string, AbortController>();
  const working = new Set<Promise<void>>();
  const cleanings = new Set<Promise<void>>();
  const leaving = new AbortController();
  /** Jobs whose work broke off because the store failed; taken up again at the next look around. */
  const resting = new Set<string>();
  let pause: QueuePause | undefined;
  let pauseTimer: NodeJS.Timeout | undefined;
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
      tellQueue();
    },
  });
  const context = { ...options, now, waits, move: advance };
  const submitStep = createSubmitStep(context);
  const watchStep = createWatchStep({ ...context, watcher });
  const fetchStep = createFetchStep(context);

  /** Moves a job as a person asks. */
  function move(id: string, event: JobEvent): Job {
    return told(store.move(id, event));
  }

  /** Moves a job as the work on it goes. */
  function advance(id: string, event: JobEvent): Job {
    return told(store.advance(id, event));
  }

  function told(job: Job): Job {
    tell(job);
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

  function tell(job: Job): void {
    for (const listener of [...listeners]) withoutHarm(() => listener(job));
  }

  function tellQueue(): void {
    for (const listener of [...queueListeners]) withoutHarm(listener);
  }

  /** Who only looks must not break the work on a paid image. */
  function withoutHarm(listener: () => void): void {
    try {
      listener();
    } catch (thrown) {
      options.log?.(
        `A listener failed: ${thrown instanceof Error ? String(thrown.stack) : 'unknown'}`,
      );
    }
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
      const { pause: asked } = thrown;
      guarded(() => setPause(asked));
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

  function setPause(next: QueuePause | undefined): void {
    // A wait that ends by itself must not end one that a person has to end.
    if (isDisposed || (next?.untilMs !== undefined && pause && pause.untilMs === undefined)) return;
    // One pause, however many submits were refused at the same time.
    if (next && pause?.reason === next.reason && next.untilMs === undefined) return;
    store.setPause(next);
    followPause();
  }

  /** All windows share one pause: what stops one would only be refused again in the next. */
  function followPause(): void {
    if (takePause() && !pause) pump();
  }

  /** @returns whether the pause changed. */
  function takePause(): boolean {
    const next = store.pause();
    if (JSON.stringify(next) === JSON.stringify(pause)) return false;
    clearTimeout(pauseTimer);
    pause = next;
    if (next?.untilMs !== undefined) {
      const leftMs = Math.min(next.untilMs - now(), next.waitMs ?? Infinity);
      pauseTimer = setTimeout(() => guarded(() => setPause(undefined)), Math.max(0, leftMs));
      pauseTimer.unref();
    }
    tellQueue();
    return true;
  }

  /** Once a second: other windows' changes, what they ask of us, and our own sign of life. */
  function tick(): void {
    ticks += 1;
    const isBeatDue = ticks % ticksPerBeat === 0;
    if (isBeatDue) cleaning(options.uploads?.sweep(leaving.signal));
    if (atWork.size > 0) followWishes();
    const isPauseNew = takePause();
    const changed = store.takeChanges();
    changed.forEach(tell);
    isLookDue ||= isBeatDue || isPauseNew || changed.length > 0;
    if (isLookDue && (atWork.size > 0 || store.countUnfinished() > 0))
      presence.whenThere(() => guarded(liveOn));
  }

  /** What other windows ask of the jobs this one works on. */
  function followWishes(): void {
    for (const { id, wanted } of store.takeWanted()) {
      if (wanted === 'cancel') cancel(id);
      else stop(id);
    }
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

  function addJobs(wanted: readonly NewJob[]): Job[] {
    const jobs = wanted.map((job): Job => ({ ...toWish(job, now()), state: 'queued' }));
    store.add(jobs);
    jobs.forEach(tell);
    // Whoever asks anew may have topped up meanwhile; if not, one refusal says so again.
    if (pause?.reason === 'credits') setPause(undefined);
    pump();
    return jobs;
  }

  /** Ends a job that has cost nothing yet. @returns false when it is too late for that. */
  function cancel(id: string): boolean {
    try {
      move(id, { type: 'cancelled' });
    } catch (thrown) {
      if (thrown instanceof OwnedElsewhereError) {
        store.want(id, 'cancel');
        return true;
      }
      if (thrown instanceof TransitionError) return false;
      throw thrown;
    }
    atWork.get(id)?.abort();
    return true;
  }

  /** No longer watches a paid job. It can be taken up again. @returns false when there is none. */
  function stop(id: string): boolean {
    try {
      move(id, { type: 'stopped' });
    } catch (thrown) {
      if (thrown instanceof OwnedElsewhereError) {
        store.want(id, 'stop');
        return true;
      }
      if (thrown instanceof TransitionError) return false;
      throw thrown;
    }
    atWork.get(id)?.abort();
    return true;
  }

  /** Takes up a paid job whose image is not on the disk. @throws TransitionError */
  function resume(id: string): Job {
    const job = move(id, { type: 'resumed' });
    pump();
    return job;
  }

  /** Saves a paid image in another folder than first asked for. */
  function redirect(id: string, folderUri: string): Job {
    const job = move(id, { type: 'redirected', folderUri });
    if (isRecoverable(job)) return resume(id);
    pump();
    return job;
  }

  /** Asks for the same again, as a new job that is paid anew and knows its ancestor. */
  function retry(id: string): Job {
    const old = store.get(id);
    if (!old) throw new Error(`There is no job ${id}`);
    if (old.state === 'unconfirmed') move(id, { type: 'settled' });
    const [job] = addJobs([{ ...old, parentId: id }]);
    return job as Job;
  }

  /** Watches a task the provider has and we do not. @returns the job, new or known. */
  function recover(taskId: string, unknown: Omit<NewJob, 'prompt' | 'references'>): Job {
    const wish = toWish({ ...unknown, prompt: '', references: [] }, now());
    const job: Job = { ...wish, state: 'running', taskId, acceptedAt: now() };
    const known = store.exclusively(() => {
      const earlier = store.byTask(taskId);
      if (!earlier) store.add([job]);
      return earlier;
    });
    if (known) return takeUp(known);
    tell(job);
    pump();
    return job;
  }

  /** Says which task an unconfirmed job became. @returns the job that stands for the task. */
  function adopt(id: string, taskId: string): Job {
    // Two jobs for one task would make two files of one picture.
    const known = store.byTask(taskId);
    if (known && known.id !== id) {
      move(id, { type: 'settled' });
      return takeUp(known);
    }
    const job = move(id, { type: 'accepted', taskId, at: now() });
    pump();
    return job;
  }

  function takeUp(known: Job): Job {
    return isRecoverable(known) ? resume(known.id) : known;
  }

  /** Resolves when none of the jobs is at work any more, or the queue cannot go on by itself. */
  function whenSettled(ids: readonly string[], signal: AbortSignal): Promise<Job[]> {
    return new Promise((resolve) => {
      const check = () => {
        const jobs = ids.flatMap((id) => store.get(id) ?? []);
        if (!isDisposed && !signal.aborted && jobs.some((job) => !isSettled(job))) return;
        listeners.delete(check);
        queueListeners.delete(check);
        signal.removeEventListener('abort', check);
        resolve(jobs);
      };
      listeners.add(check);
      queueListeners.add(check);
      signal.addEventListener('abort', check);
      check();
    });
  }

  function isSettled(job: Job): boolean {
    if (!isUnfinished(job)) return true;
    if (job.state === 'queued' && pause?.reason === 'credits') return true;
    return (
      job.state === 'downloading' && job.isParked === true && !options.isOpen(job.workspaceUri)
    );
  }

  guarded(() => {
    store.lookAround();
    followPause();
  });
  const ticker = setInterval(() => guarded(tick), tickMs);
  ticker.unref();
  const sweeping = sweepScratch(options.scratchFolder, store).catch((thrown: unknown) => {
    options.log?.(`Clearing up failed: ${toEvolinkError(thrown).message}`);
  });
  cleaning(options.uploads?.sweep(leaving.signal));
  pump();

  return {
    add: addJobs,
    cancel,
    stop,
    resume,
    redirect,
    retry,
    recover,
    adopt,
    whenSettled,
    /** Puts a queued job before another; to the end without one. */
    reorder(id: string, beforeId?: string): void {
      store.reorder(id, beforeId);
      const job = store.get(id);
      if (job) tell(job);
    },
    get: store.get,
    listUnfinished: store.listUnfinished,
    listRecent: store.listRecent,
    durations: store.durations,
    /** Why nothing new is started, if so. */
    pause: (): QueuePause | undefined => pause,
    pauseQueue(reason: PauseReason): void {
      setPause({ reason });
    },
    continueQueue(): void {
      setPause(undefined);
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
    onDidChangeJob: (listener: (job: Job) => void) => subscribe(listeners, listener),
    onDidChangeQueue: (listener: () => void) => subscribe(queueListeners, listener),
    /** Nobody else may take up a job while a step of it still runs here, so this waits for them. */
    async dispose(): Promise<void> {
      if (isDisposed) return;
      isDisposed = true;
      clearInterval(ticker);
      clearTimeout(pauseTimer);
      watcher.dispose();
      for (const controller of atWork.values()) controller.abort();
      tellQueue();
      await Promise.allSettled([...working, sweeping]);
      const farewell = setTimeout(() => leaving.abort(), farewellMs);
      await Promise.allSettled(cleanings);
      clearTimeout(farewell);
      guarded(() => store.close());
    },
  };
}

function toWish(job: NewJob, at: number): Wish {
  const id = randomUUID();
  return {
    id,
    prompt: job.prompt,
    model: job.model,
    size: job.size,
    quality: job.quality,
    references: job.references,
    createdAt: at,
    ...(job.parentId !== undefined && { parentId: job.parentId }),
    variation: job.variation ?? 1,
    idempotencyKey: `image-studio-${id}`,
    destination: job.destination,
    ...(job.workspaceUri !== undefined && { workspaceUri: job.workspaceUri }),
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
