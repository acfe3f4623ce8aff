import { AppError, cancelled } from '../../appError.ts';
import type { Task } from '../../evolink/schema.ts';
import { isRequestKnown, type Job, type RunningJob } from '../job.ts';
import type { JobEvent } from '../transition.ts';
import { toJobError } from '../jobError.ts';
import type { Store } from '../store/store.ts';
import type { Timing } from '../async/timing.ts';
import type { Clock } from '../platform.ts';
import type { Poller } from './poller.ts';
import { onAbort } from '../../onAbort.ts';

export interface PollContext {
  poller: Poller;
  timing: Timing;
  store: Pick<Store, 'durations' | 'addDuration' | 'get'>;
  move: (id: string, event: JobEvent) => Job;
  clock: Clock;
}

/**
 * The provider keeps a task for 24 hours. One that is not known until then will not be, and one that
 * is completed without a result will have none.
 */
const taskLifeMs = 24 * 3600_000;
/** A clock that jumps ahead ends nothing: so long a task or its result is looked for here, too. */
const minMissingMs = 30 * 60_000;

/** From an accepted task to the address of its result. */
export function createPollStep(context: PollContext) {
  const { now, monotonicMs } = context.clock;

  return function pollStep(first: RunningJob, signal: AbortSignal): Promise<Job> {
    return new Promise<Job>((resolve, reject) => {
      let job: Job = first;
      let emptySinceMs: number | undefined;
      let missingSinceMs = monotonicMs();
      const earlierMs = context.store.durations(first.model, first.quality);
      const elapsedMs = Math.max(0, now() - first.acceptedAt);
      // A job just accepted is not asked about at once; one taken up again is.
      const isResumed = elapsedMs > 1_000 || first.progress !== undefined;
      const startedMs = monotonicMs();

      /** Ends the polling when the job has moved on, and with an error when it cannot. */
      function attempt(next: () => Job | undefined): boolean {
        try {
          const moved = next();
          if (moved) job = moved;
          if (job.state === 'running') return true;
          resolve(job);
        } catch (thrown) {
          reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
        }
        stop();
        return false;
      }

      function onTask(task: Task): Job | undefined {
        if (task.status === 'failed' && task.error)
          return fail(first, task.error, task.isEndUncertain === true);
        if (task.status !== 'completed') return progress(task);
        const [resultUrl] = task.resultUrls;
        if (resultUrl !== undefined) {
          if (!isResumed && isRequestKnown(first)) learnDuration(first, monotonicMs() - startedMs);
          return complete(first, task, resultUrl);
        }
        emptySinceMs ??= monotonicMs();
        return isHopeless(first, emptySinceMs) ? fail(first, noResult(), true) : undefined;
      }

      function progress({ progress, estimatedMs, credits }: Task): Job | undefined {
        const shown = job as RunningJob;
        if ((progress ?? 0) <= (shown.progress ?? 0) && shown.progress !== undefined)
          return undefined;
        return context.move(first.id, {
          type: 'progressed',
          at: now(),
          ...(progress !== undefined && { progress }),
          ...(estimatedMs !== undefined && { estimatedMs }),
          ...(credits !== undefined && { credits }),
        });
      }

      const stopPolling = context.poller.add({
        taskId: first.taskId,
        elapsedMs,
        isResumed,
        scheduleFacts: () => ({ ...scheduleFactsOf(job), earlierMs }),
        onTask: (task) => attempt(() => onTask(task)),
        onMissing: (missedQueries) =>
          attempt(() => {
            if (missedQueries === 1) missingSinceMs = monotonicMs();
            return isHopeless(first, missingSinceMs) ? fail(first, unknown(), true) : undefined;
          }),
      });
      const stop = onAbort(signal, () => {
        stopPolling();
        reject(cancelled());
      });
    });
  };

  /** Whether what was missed all along will not come any more. */
  function isHopeless({ acceptedAt }: RunningJob, missedSinceMs: number): boolean {
    return (
      now() - acceptedAt > taskLifeMs &&
      monotonicMs() - missedSinceMs > context.timing.scaled(minMissingMs)
    );
  }

  /** Measured by a clock that does not jump, and only of tasks that were watched all along. */
  function learnDuration({ model, quality }: RunningJob, tookMs: number): void {
    context.store.addDuration(model, quality, now(), tookMs);
  }

  function complete(first: RunningJob, task: Task, resultUrl: string): Job {
    const { credits } = task;
    return context.move(first.id, {
      type: 'completed',
      resultUrl,
      at: now(),
      ...(credits !== undefined && { credits }),
    });
  }

  function fail(first: RunningJob, error: AppError, isRecoverable: boolean): Job {
    const at = now();
    return context.move(first.id, { type: 'failed', error: toJobError(error), at, isRecoverable });
  }
}

function scheduleFactsOf(job: Job): { progress?: number; estimatedMs?: number } {
  const { progress, estimatedMs } = job as RunningJob;
  return {
    ...(progress !== undefined && { progress }),
    ...(estimatedMs !== undefined && { estimatedMs }),
  };
}

function noResult(): AppError {
  return new AppError('server', 'The task is completed, but the provider has no image for it');
}

function unknown(): AppError {
  return new AppError('notFound', 'The provider does not know this task, or no longer does');
}
