import { type Client, pause as sleep } from '../evolink/client.ts';
import { EvolinkError, isOutcomeUnknown, toEvolinkError } from '../evolink/errors.ts';
import type { Task } from '../evolink/schema.ts';
import type { Job, JobEvent, QueuedJob, SubmittingJob, UploadingJob } from './job.ts';
import { toJobError } from './jobError.ts';
import type { QueuePause } from './queuePause.ts';

/** Addresses for the provider, in the order of the job's references. */
export type PrepareReferences = (job: Job, signal: AbortSignal) => Promise<readonly string[]>;

export interface SubmitContext {
  client: Client;
  prepareReferences: PrepareReferences;
  move: (id: string, event: JobEvent) => Job;
  log?: (line: string) => void;
  now: () => number;
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
const rateLimitPauseMs = 20_000;

/** From the queue to an accepted task, paying at most once. */
export function createSubmitStep(context: SubmitContext) {
  const { client, move, now } = context;

  return async function submitStep(
    job: QueuedJob | UploadingJob | SubmittingJob,
    signal: AbortSignal,
  ): Promise<Job> {
    // Found in this state, the answer to the attempt before was lost with its window.
    if (job.state === 'submitting') return await submitAgain(job, lostWithWindow(), signal);
    const imageUrls = await prepare(job, signal);
    const submitting = move(job.id, { type: 'submitting' }) as SubmittingJob;
    return await submitFirst(submitting, imageUrls, signal);
  };

  async function prepare(job: QueuedJob | UploadingJob, signal: AbortSignal) {
    if (job.references.length === 0) return [];
    if (job.state === 'queued') move(job.id, { type: 'uploading' });
    return await context.prepareReferences(job, signal);
  }

  async function submitFirst(
    job: SubmittingJob,
    imageUrls: readonly string[],
    signal: AbortSignal,
  ): Promise<Job> {
    for (let tries = 0; ; tries += 1) {
      try {
        return accept(job, await create(job, imageUrls, signal));
      } catch (thrown) {
        const error = toSubmitError(thrown, signal);
        if (isOutcomeUnknown(error)) return await submitAgain(job, error, signal, imageUrls);
        const pauseMs = connectPausesMs[tries];
        if (error.details.sent === 'no' && isAboutNetwork(error) && pauseMs !== undefined) {
          await sleep(pauseMs, signal);
          continue;
        }
        return refuse(job, error);
      }
    }
  }

  /** Once more with the same key: a provider that accepted the first answers with that task. */
  async function submitAgain(
    job: SubmittingJob,
    first: EvolinkError,
    signal: AbortSignal,
    prepared?: readonly string[],
  ): Promise<Job> {
    if (job.attempt === 2) return unconfirmed(job, first);
    context.log?.(`Job ${job.id}: asking again with the same key (${first.message})`);
    await sleep(Math.max(pauseBeforeReplayMs, first.details.retryAfterMs ?? 0), signal);
    const imageUrls = prepared ?? (await referencesAgain(job, signal));
    const again = move(job.id, { type: 'submitting' }) as SubmittingJob;
    for (let tries = 0; ; tries += 1) {
      try {
        return accept(again, await create(again, imageUrls, signal));
      } catch (thrown) {
        const error = toSubmitError(thrown, signal);
        const pauseMs = replayPausesMs[tries];
        const mayHelp = error.details.sent === 'no' || error.code === 'rateLimited';
        if (mayHelp && error.code !== 'noKey' && pauseMs !== undefined) {
          await sleep(Math.max(pauseMs, error.details.retryAfterMs ?? 0), signal);
          continue;
        }
        return isSureRefusal(error) ? fail(again, error) : unconfirmed(again, first);
      }
    }
  }

  async function referencesAgain(job: SubmittingJob, signal: AbortSignal) {
    return job.references.length === 0 ? [] : await context.prepareReferences(job, signal);
  }

  async function create(
    job: SubmittingJob,
    imageUrls: readonly string[],
    signal: AbortSignal,
  ): Promise<Task> {
    const { prompt, model, size, quality, idempotencyKey } = job;
    const task = { prompt, model, size, quality, imageUrls };
    return await client.createTask(task, idempotencyKey, signal);
  }

  function accept(job: SubmittingJob, task: Task): Job {
    return move(job.id, {
      type: 'accepted',
      taskId: task.id,
      at: now(),
      ...(task.credits !== undefined && { credits: task.credits }),
      ...(task.estimatedMs !== undefined && { estimatedMs: task.estimatedMs }),
      ...(task.model !== undefined && { actualModel: task.model }),
    });
  }

  /** A refusal that concerns every job of the queue pauses it; another fails this job alone. */
  function refuse(job: SubmittingJob, error: EvolinkError): Job {
    if (error.code !== 'rateLimited' && error.code !== 'credits') return fail(job, error);
    move(job.id, { type: 'postponed' });
    const told = toJobError(error);
    if (error.code === 'credits') throw new PostponedError({ reason: 'credits', error: told });
    const untilMs = now() + (error.details.retryAfterMs ?? rateLimitPauseMs);
    throw new PostponedError({ reason: 'rateLimited', untilMs, error: told });
  }

  function fail(job: SubmittingJob, error: EvolinkError): Job {
    return move(job.id, { type: 'failed', error: toJobError(error), at: now() });
  }

  function unconfirmed(job: SubmittingJob, cause: EvolinkError): Job {
    const error = { ...toJobError(cause), code: 'unconfirmed' as const };
    return move(job.id, { type: 'unconfirmed', error });
  }
}

/** @throws the error itself when the window is closing: then nothing is decided. */
function toSubmitError(thrown: unknown, signal: AbortSignal): EvolinkError {
  const error = toEvolinkError(thrown);
  if (signal.aborted) throw error;
  return error;
}

function lostWithWindow(): EvolinkError {
  return new EvolinkError('unconfirmed', 'The window closed before the answer arrived');
}

function isAboutNetwork(error: EvolinkError): boolean {
  return error.code === 'network' || error.code === 'timeout';
}

/** The same request would have been refused the first time too. */
function isSureRefusal(error: EvolinkError): boolean {
  return error.code === 'badRequest' || error.code === 'moderated' || error.code === 'tooLarge';
}
