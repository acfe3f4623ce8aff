import {
  isRecoverable,
  isUnfinished,
  type Job,
  type JobSpec,
  type JobState,
  type NewJob,
  optionalChoicesOf,
} from './job.ts';
import { type JobEvent, TransitionError } from './transition.ts';
import type { Destination } from './resultFiles.ts';
import type { SharedHolds } from './heldModels.ts';
import type { SharedPause } from './queuePause.ts';
import type { ControlRequest } from './store/claims.ts';
import type { Store } from './store/store.ts';
import { whenFree } from './async/whenFree.ts';
import type { Clock } from './platform.ts';
import { FileAwaitedError, NoJobError, OwnedElsewhereError } from './store/storeErrors.ts';

export interface JobCommandContext {
  store: Store;
  pause: Pick<SharedPause, 'begin' | 'current' | 'end'>;
  holds: Pick<SharedHolds, 'release'>;
  clock: Clock;
  randomId: () => string;
  /** Makes a job one of those that this window was asked for. */
  makeOwn: (id: string) => void;
  /** Tells of a job that was moved. @returns it */
  tell: (job: Job) => Job;
  emit: (job: Job) => void;
  /** Runs what the store may refuse for a while, and a later look does. */
  guarded: (attempt: () => void) => void;
  /** Starts what may be started. */
  pump: () => void;
  /** Asks the provider what costs nothing; the queue goes on when it answers. */
  checkConnection: () => void;
  /** Ends what this window does for a job. */
  breakOff: (id: string) => void;
}

/** What a model is asked for besides the words. */
export type ModelChoices = Omit<
  NewJob,
  'prompt' | 'references' | 'destination' | 'workspaceUri' | 'parentId' | 'variation'
>;

/** What a user knew of a job when asking for the same again. */
export interface Seen {
  state?: JobState;
  /** Ids of jobs that stood in its place. Without them, one that does is not paid for again. */
  retries?: readonly string[];
}

export interface Retried {
  /** The new job, or the one that stands in the place of the old one already. */
  job: Job;
  isNew: boolean;
}

/** The one file that a destination means, as that of a link. */
function fileOf({ folderUri, name, isExactName, extension }: Destination): string | undefined {
  return isExactName && extension !== undefined ? `${folderUri}/${name}.${extension}` : undefined;
}

/** So many are cancelled within the time of a frame or two. */
const cancelledAtOnce = 200;

/** What a user may ask of the queue: new jobs, and another course for those it has. */
export type JobCommands = ReturnType<typeof createJobCommands>;

export function createJobCommands(context: JobCommandContext) {
  const { store, pause, holds, clock, randomId, makeOwn, tell, emit, pump } = context;
  const { now } = clock;

  /** Moves a job as a user asks. */
  const move = (id: string, event: JobEvent): Job => tell(store.move(id, event));

  /** @throws FileAwaitedError when a job for the very file of one of them is not over */
  function add(wanted: readonly NewJob[]): Job[] {
    // All of one request have one moment, by which the Studio shows them together.
    const at = now();
    const jobs = wanted.map((each) => toJob(each, at));
    // Looked for and written in one transaction: two windows may ask for the image of one link.
    store.exclusively(() => {
      const files = new Set(jobs.flatMap(({ destination }) => fileOf(destination) ?? []));
      const isSame = ({ destination }: Job) => files.has(fileOf(destination) ?? '');
      const earlier = files.size > 0 ? store.listOpen().find(isSame) : undefined;
      if (earlier) throw new FileAwaitedError(earlier.id);
      store.add(jobs);
    });
    begin(jobs);
    return jobs;
  }

  function toJob(wanted: NewJob, at = now()): Job {
    return { ...newSpec(wanted, randomId(), at), state: 'queued' };
  }

  /** To be called once they are written down: from here on nothing may fail. */
  function begin(jobs: readonly Job[]): void {
    for (const { id } of jobs) makeOwn(id);
    jobs.forEach(emit);
    // Whoever asks anew may have topped up; if not, one refusal says so again.
    context.guarded(() => {
      pause.end('credits', 'key');
      holds.release(...new Set(jobs.map(({ model }) => model)));
    });
    // Or be online again, which is asked for nothing: what is submitted offline may be lost.
    if (pause.current()?.reason === 'network') context.checkConnection();
    pump();
  }

  /** Ends a job that has cost nothing yet. @returns false when it is too late for that. */
  function cancel(id: string): boolean {
    return end(id, 'cancel', { type: 'cancelled' });
  }

  /** No longer watches a paid job. It can be taken up again. @returns false when there is none. */
  function stop(id: string): boolean {
    return end(id, 'stop', { type: 'stopped' });
  }

  function end(id: string, wanted: ControlRequest, event: JobEvent): boolean {
    try {
      move(id, event);
    } catch (thrown) {
      if (thrown instanceof OwnedElsewhereError) {
        store.requestControl(id, wanted);
        return true;
      }
      if (thrown instanceof TransitionError) return false;
      throw thrown;
    }
    context.breakOff(id);
    return true;
  }

  /** Takes up a paid job whose image is not on the disk. @throws TransitionError */
  function resume(id: string): Job {
    const job = move(id, { type: 'resumed' });
    makeOwn(id);
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

  /**
   * Asks for the same again, as a new job that is paid anew and knows its ancestor; unless another
   * window, list or notification has done so, or taken up the job itself.
   */
  function retry(id: string, seen: Seen = {}): Retried {
    // Looked for and written in one transaction, so that of two windows one finds the other's.
    const { job, isNew, settled } = store.exclusively(() => {
      const old = store.get(id);
      if (!old) throw new NoJobError(id);
      const standIn = standInFor(old, seen);
      if (standIn) return { job: standIn, isNew: false };
      const sameFile = laterJobForFileOf(old);
      if (sameFile) return { job: sameFile, isNew: false };
      const job = toJob({ ...old, parentId: id });
      store.add([job]);
      const settled = old.state === 'unconfirmed' ? store.move(id, { type: 'settled' }) : undefined;
      return { job, isNew: true, settled };
    });
    if (settled) tell(settled);
    if (isNew) begin([job]);
    return { job, isNew };
  }

  /** One of a later request that makes the very file of another. */
  function laterJobForFileOf({ createdAt, destination }: Job): Job | undefined {
    const file = fileOf(destination);
    if (file === undefined) return undefined;
    return store
      .listOpen()
      .find(
        (each) =>
          each.createdAt > createdAt &&
          fileOf(each.destination) === file &&
          !repeatsRequestOf(createdAt, each),
      );
  }

  /** Whether a job repeats one of the request of a moment: variations of one file are its own. */
  function repeatsRequestOf(createdAt: number, job: Job): boolean {
    const seen = new Set<string>();
    for (let { parentId } = job; parentId !== undefined && !seen.has(parentId);) {
      seen.add(parentId);
      const parent = store.get(parentId);
      if (parent?.createdAt === createdAt) return true;
      parentId = parent?.parentId;
    }
    return false;
  }

  function standInFor(old: Job, { state, retries = [] }: Seen): Job | undefined {
    if (isUnfinished(old) || (state !== undefined && state !== old.state)) return old;
    // What was looked up meanwhile may be a job that does not know this one.
    const answered = old.state === 'unconfirmed' && old.isSettled ? old : undefined;
    return store.retriesOf(old).findLast((retry) => !retries.includes(retry.id)) ?? answered;
  }

  /**
   * Asks for the same of another model, as a new job in the place of one that waits and has cost
   * nothing. @throws TransitionError when it has moved on
   */
  function replace(id: string, choices: ModelChoices): Job {
    const old = store.get(id);
    if (!old) throw new NoJobError(id);
    const { prompt, references, destination, workspaceUri, variation } = old;
    const job = toJob({
      ...{ prompt, references, destination, variation, parentId: id },
      ...choices,
      ...(workspaceUri !== undefined && { workspaceUri }),
    });
    // Both or none: it must not be asked for twice, and not be lost.
    const cancelled = store.exclusively(() => {
      store.add([job]);
      return store.move(id, { type: 'cancelled' });
    });
    tell(cancelled);
    begin([job]);
    return job;
  }

  /** Watches a task the provider has and we do not. @returns the job, new or known. */
  function recover(taskId: string, unknown: Omit<NewJob, 'prompt' | 'references'>): Job {
    const spec = newSpec({ ...unknown, prompt: '', references: [] }, randomId(), now());
    const job: Job = { ...spec, state: 'running', taskId, acceptedAt: now() };
    const known = store.exclusively(() => {
      const earlier = store.byTask(taskId);
      if (!earlier) store.add([job]);
      return earlier;
    });
    if (known) return takeUp(known);
    makeOwn(job.id);
    emit(job);
    pump();
    return job;
  }

  /** Says which task an unconfirmed job became. @returns the job that stands for the task. */
  function adopt(id: string, taskId: string): Job {
    // Two jobs for one task would make two files of one image.
    const { job, known } = store.exclusively(() => {
      const earlier = store.byTask(taskId);
      const isOthers = earlier !== undefined && earlier.id !== id;
      const event: JobEvent = isOthers
        ? { type: 'settled' }
        : { type: 'accepted', taskId, at: now() };
      return { job: store.move(id, event), known: isOthers ? earlier : undefined };
    });
    tell(job);
    if (known) return takeUp(known);
    makeOwn(id);
    pump();
    return job;
  }

  function takeUp(known: Job): Job {
    return isRecoverable(known) ? resume(known.id) : known;
  }

  /**
   * Cancels all that waits. The queue is paused meanwhile, so that nothing of it is submitted, and
   * goes on afterwards. With ids, only these are cancelled, and what holds others stays.
   */
  async function cancelQueue(ids?: readonly string[]): Promise<void> {
    if (ids) {
      await whenFree(clock, () => {
        for (const id of ids) {
          const state = store.get(id)?.state;
          if (state === 'uploading') cancel(id);
          // It may come back to the queue.
          if (state === 'submitting') store.requestControl(id, 'cancel');
        }
      });
      await cancelParts(ids);
      // Before an empty queue nothing is to be mended any more.
      await whenFree(clock, () => {
        if (store.countQueued() === 0) pause.end('credits', 'key', 'network');
      });
      return;
    }
    await whenFree(clock, () => pause.begin({ reason: 'person' }));
    await cancelParts();
    await whenFree(clock, () => pause.end());
  }

  /** Between the parts others have their turn. */
  async function cancelParts(ids?: readonly string[]): Promise<void> {
    for (let isDone = false; !isDone;) {
      const part = await whenFree(clock, () => store.cancelQueued(cancelledAtOnce, ids));
      for (const job of part.cancelled) {
        context.breakOff(job.id);
        tell(job);
      }
      ({ isDone } = part);
      await new Promise<void>((resolve) => void clock.after(0, resolve));
    }
  }

  /** Puts a queued job before another; to the end without one. */
  function reorder(id: string, beforeId?: string): void {
    store.reorder(id, beforeId);
    const job = store.get(id);
    if (job) emit(job);
  }

  return {
    add,
    cancel,
    stop,
    resume,
    redirect,
    retry,
    replace,
    recover,
    adopt,
    cancelQueue,
    reorder,
  };
}

function newSpec(job: NewJob, id: string, at: number): JobSpec {
  return {
    id,
    prompt: job.prompt,
    model: job.model,
    size: job.size,
    quality: job.quality,
    ...optionalChoicesOf(job),
    references: job.references,
    createdAt: at,
    ...(job.parentId !== undefined && { parentId: job.parentId }),
    variation: job.variation ?? 1,
    idempotencyKey: `image-studio-${id}`,
    destination: job.destination,
    ...(job.workspaceUri !== undefined && { workspaceUri: job.workspaceUri }),
  };
}
