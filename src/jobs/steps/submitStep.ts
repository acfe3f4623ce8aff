import { AccountChangedError } from '../../evolink/authorizedCall.ts';
import type { Client } from '../../evolink/client.ts';
import { AppError, toAppError } from '../../appError.ts';
import { isAboutModel, isOutcomeUnknown } from '../../evolink/errors.ts';
import type { Task } from '../../evolink/schema.ts';
import type {
  Job,
  JobError,
  PrepareReferences,
  QueuedJob,
  SubmittingJob,
  UploadingJob,
} from '../job.ts';
import type { JobEvent } from '../transition.ts';
import { optionalChoicesOf } from '../job.ts';
import { TransitionError } from '../transition.ts';
import { toJobError } from '../jobError.ts';
import type { QueuePause } from '../queuePause.ts';
import type { Reachability } from '../reachability.ts';
import { HeldBackError, isStoreError } from '../store/storeErrors.ts';
import type { Timing } from '../async/timing.ts';
import type { Clock } from '../platform.ts';

export interface SubmitContext {
  client: Client;
  prepareReferences: PrepareReferences;
  /** `asked`: the job whose task was accepted, should it have been removed meanwhile. */
  move: (id: string, event: JobEvent, asked?: SubmittingJob) => Job;
  /** Whether the provider can be reached: while it cannot, nothing is sent. */
  reach: Pick<Reachability, 'answered' | 'failure' | 'note'>;
  /** Puts a job back into the queue, and keeps all jobs of its model there. */
  holdModelOf: (job: SubmittingJob, error: JobError) => void;
  /** Whether no window may start the job now: the queue holds it, or it is to be cancelled. */
  isHeldBack: (job: SubmittingJob) => boolean;
  timing: Timing;
  log?: (line: string) => void;
  clock: Pick<Clock, 'now' | 'monotonicMs'>;
}

/** The job went back to the queue, and the queue has to pause. */
export class PostponedError extends Error {
  readonly pause: QueuePause;
  constructor(pause: QueuePause) {
    super('The queue is paused');
    this.name = 'PostponedError';
    this.pause = pause;
  }
}

/** Between tries when nothing was sent, so that trying is free. */
const connectPausesMs = [1_000, 3_000];
/** The same when an earlier attempt may have been accepted: its answer is worth waiting for. */
const replayPausesMs = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];
const pauseBeforeReplayMs = 1_000;
/** Between questions whether the provider can be reached again. */
const unreachedPauseMs = 1_000;
const maxUnreachedPauseMs = 30_000;
const rateLimitPauseMs = 20_000;
const minRateLimitPauseMs = 1_000;
const maxReplayAgeMs = 24 * 3600_000;
/** Between tries to write down what was answered. */
const writePauseMs = 1_000;

/** From the queue to an accepted task, paying at most once. */
export function createSubmitStep(context: SubmitContext) {
  const { client, move, reach } = context;
  const { now, monotonicMs } = context.clock;
  const { sleep, scaled } = context.timing;
  /** Until when a job's create is to wait. The store may have refused to note what comes of that. */
  const notBeforeMs = new Map<string, number>();

  return async function submitStep(
    job: QueuedJob | UploadingJob | SubmittingJob,
    signal: AbortSignal,
  ): Promise<Job> {
    // Found in this state, the answer to the attempt before was lost with its window.
    if (job.state === 'submitting') return await submitAgain(job, lostWithWindow(), signal);
    let imageUrls: readonly string[];
    let account: string;
    try {
      // Before all else: without a key nothing need be uploaded.
      account = await client.account();
      const unreached = await reach.failure(signal);
      if (unreached) throw unreached;
      imageUrls = await prepare(job, signal);
    } catch (thrown) {
      throw signal.aborted ? thrown : postponedBy(job, thrown);
    }
    const at = now();
    return await submitFirst(begin(job, { type: 'submitting', imageUrls, account, at }), signal);
  };

  /** A user may have paused the queue while the job waited for the network or for its uploads. */
  function begin(job: QueuedJob | UploadingJob, event: JobEvent): SubmittingJob {
    try {
      return move(job.id, event) as SubmittingJob;
    } catch (thrown) {
      if (thrown instanceof HeldBackError) postpone(job);
      throw thrown;
    }
  }

  /** The same of the time between two tries, of which nothing was sent. */
  function requireNotHeldBack(job: SubmittingJob): void {
    if (!context.isHeldBack(job)) return;
    postpone(job);
    throw new HeldBackError();
  }

  /** What stops every job sends this one back to the queue, which pauses; else it is the failure. */
  function postponedBy(job: QueuedJob | UploadingJob, thrown: unknown): unknown {
    if (!(thrown instanceof AppError)) return thrown;
    const pause = pauseFor(thrown);
    if (!pause) return thrown;
    postpone(job);
    return new PostponedError(pause);
  }

  /** A job that has not left the queue need not go back to it. */
  function postpone(job: QueuedJob | UploadingJob | SubmittingJob): void {
    if (job.state === 'queued' && job.references.length === 0) return;
    try {
      move(job.id, { type: 'postponed' });
    } catch (thrown) {
      if (!(thrown instanceof TransitionError)) throw thrown;
    }
  }

  async function prepare(job: QueuedJob | UploadingJob, signal: AbortSignal) {
    if (job.references.length === 0) return [];
    if (job.state === 'queued') move(job.id, { type: 'uploading' });
    return await context.prepareReferences(job, signal, (sentBytes, totalBytes) => {
      move(job.id, { type: 'sent', sentBytes, totalBytes });
    });
  }

  async function submitFirst(job: SubmittingJob, signal: AbortSignal): Promise<Job> {
    for (let tries = 0; ; tries += 1) {
      const answer = await create(job, signal);
      if (!(answer instanceof AppError)) return await accept(job, answer, signal);
      if (isOutcomeUnknown(answer)) return await submitAgain(job, answer, signal);
      const pauseMs = connectPausesMs[tries];
      const isFree = answer.details.sent === 'no' && isAboutNetwork(answer);
      if (!isFree || pauseMs === undefined)
        return await written(job, 'the refusal', () => refuse(job, answer), signal);
      await sleep(pauseMs, undefined, signal);
      await written(job, 'the pause', () => requireNotHeldBack(job), signal);
    }
  }

  /** Once more with the same key: a provider that accepted the first answers with that task. */
  async function submitAgain(
    job: SubmittingJob,
    first: AppError,
    signal: AbortSignal,
  ): Promise<Job> {
    if (job.attempt === 2 || isTooOld(job)) return unconfirmed(job, first);
    context.log?.(`Job ${job.id}: asking again with the same key (${first.message})`);
    const askedMs = Math.max(0, (notBeforeMs.get(job.id) ?? 0) - monotonicMs());
    await sleep(pauseBeforeReplayMs, askedMs, signal);
    await whenReached(job, signal);
    if (isTooOld(job)) return unconfirmed(job, first);
    const { imageUrls } = job;
    const again = move(job.id, { type: 'submitting', imageUrls }) as SubmittingJob;
    for (let tries = 0; ; tries += 1) {
      // Each wait may last an hour, and any while the machine sleeps.
      if (isTooOld(again)) return unconfirmed(again, first);
      const answer = await create(again, signal);
      if (!(answer instanceof AppError)) return await accept(again, answer, signal);
      const pauseMs = replayPausesMs[tries];
      const mayHelp = answer.details.sent === 'no' || answer.code === 'rateLimited';
      const isHopeless = answer.code === 'noKey' || answer instanceof AccountChangedError;
      if (!mayHelp || isHopeless || pauseMs === undefined)
        return wasNeverAccepted(answer)
          ? await written(again, 'the refusal', () => fail(again, answer), signal)
          : unconfirmed(again, first);
      await sleep(pauseMs, answer.details.retryAfterMs, signal);
      await whenReached(again, signal);
    }
  }

  /**
   * Of a job that may be paid already, the last try is kept until it can be answered. Ends all the
   * same when the provider may have forgotten its key.
   */
  async function whenReached(job: SubmittingJob, signal: AbortSignal): Promise<void> {
    for (let tries = 0; !isTooOld(job) && (await reach.failure(signal)); tries += 1) {
      const pauseMs = Math.min(unreachedPauseMs * 2 ** Math.min(tries, 10), maxUnreachedPauseMs);
      await sleep(pauseMs, undefined, signal);
    }
  }

  /** @throws only when the window is closing: then nothing is decided. */
  async function create(job: SubmittingJob, signal: AbortSignal): Promise<Task | AppError> {
    const { prompt, model, size, quality, imageUrls, idempotencyKey, account } = job;
    const { resolution, resolutionSentAs, ...others } = optionalChoicesOf(job);
    const task = {
      ...{ prompt, model, size, quality, imageUrls, ...others },
      // Its other field has it already.
      ...(resolution !== undefined && resolutionSentAs === undefined && { resolution }),
    };
    try {
      return await client.createTask(task, idempotencyKey, signal, account);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (signal.aborted) throw error;
      reach.note(error);
      const { retryAfterMs } = error.details;
      if (retryAfterMs !== undefined) notBeforeMs.set(job.id, monotonicMs() + retryAfterMs);
      return error;
    }
  }

  /** The task is paid from here on: a disk that is full must not make us forget its id. */
  async function accept(job: SubmittingJob, task: Task, signal: AbortSignal): Promise<Job> {
    notBeforeMs.delete(job.id);
    reach.answered();
    const accepted: JobEvent = {
      type: 'accepted',
      taskId: task.id,
      at: now(),
      ...(task.credits !== undefined && { credits: task.credits }),
      ...(task.estimatedMs !== undefined && { estimatedMs: task.estimatedMs }),
      ...(task.model !== undefined && { actualModel: task.model }),
    };
    const note = () => {
      try {
        return move(job.id, accepted, job);
      } catch (thrown) {
        if (thrown instanceof TransitionError)
          context.log?.(`Job ${job.id} became ${task.id}, which it can no longer take`);
        throw thrown;
      }
    };
    return await written(job, `its task ${task.id}`, note, signal);
  }

  /**
   * Until the store takes it: a refusal that is forgotten leaves a job that may have been paid, and was
   * not. @throws what else `work` throws, and when the window is closing
   */
  async function written<T>(
    job: SubmittingJob,
    what: string,
    work: () => T,
    signal: AbortSignal,
  ): Promise<T> {
    for (;;) {
      try {
        return work();
      } catch (thrown) {
        if (!isStoreError(thrown)) throw thrown;
        context.log?.(`Job ${job.id}: ${what} cannot be written: ${thrown.message}`);
        await sleep(writePauseMs, undefined, signal);
      }
    }
  }

  /** A refusal that concerns every job of the queue, or of the model, holds them; another fails this job alone. */
  function refuse(job: SubmittingJob, error: AppError): Job {
    if (isAboutModel(error)) {
      context.holdModelOf(job, toJobError(error));
      throw new HeldBackError();
    }
    const pause = pauseFor(error);
    if (!pause) return fail(job, error);
    move(job.id, { type: 'postponed' });
    throw new PostponedError(pause);
  }

  function pauseFor(error: AppError): QueuePause | undefined {
    const jobError = toJobError(error);
    // The next attempt asks for the key as it is then.
    if (error instanceof AccountChangedError) return { reason: 'network', error: jobError };
    switch (error.code) {
      case 'credits':
        return { reason: 'credits', error: jobError };
      case 'noKey':
      case 'auth':
        return { reason: 'key', error: jobError };
      case 'rateLimited': {
        const askedMs = error.details.retryAfterMs ?? scaled(rateLimitPauseMs);
        // "Wait 0 seconds" has been refused just now.
        const waitMs = Math.max(askedMs, scaled(minRateLimitPauseMs));
        return { reason: 'rateLimited', untilMs: now() + waitMs, waitMs, error: jobError };
      }
      case 'network':
      case 'timeout':
        // What broke off in the middle of a file may be this job's own trouble.
        return error.details.sent === 'no' ? { reason: 'network', error: jobError } : undefined;
      default:
        return undefined;
    }
  }

  /** The provider forgets idempotency keys some day; a job found after so long may be paid anew. */
  function isTooOld({ submittedAt, createdAt }: SubmittingJob): boolean {
    return now() - (submittedAt ?? createdAt) > maxReplayAgeMs;
  }

  function fail(job: SubmittingJob, error: AppError): Job {
    return move(job.id, { type: 'failed', error: toJobError(error), at: now() });
  }

  function unconfirmed(job: SubmittingJob, cause: AppError): Job {
    const error = { ...toJobError(cause), code: 'unconfirmed' as const };
    return move(job.id, { type: 'unconfirmed', error });
  }
}

function lostWithWindow(): AppError {
  return new AppError('unconfirmed', 'The window closed before the answer arrived');
}

function isAboutNetwork(error: AppError): boolean {
  return error.code === 'network' || error.code === 'timeout';
}

/** The provider would have refused the same request the first time too. */
function wasNeverAccepted(error: AppError): boolean {
  const isAboutRequest = ['badRequest', 'moderated', 'tooLarge'].includes(error.code);
  return isAboutRequest && error.details.isSureRefusal === true;
}
