import type { Client } from '../../evolink/client.ts';
import { mayConcernOneTask } from '../../evolink/errors.ts';
import { AppError, isPassing, toAppError } from '../../appError.ts';
import type { Task } from '../../evolink/schema.ts';
import { minIntervalMs, nextDelayMs, type ScheduleFacts } from './pollSchedule.ts';
import type { Timing } from '../async/timing.ts';
import type { CancelTimer, Clock } from '../platform.ts';

export interface PolledTask {
  taskId: string;
  /** Time since the provider accepted the task, when the polling begins. */
  elapsedMs: number;
  /** Ask at once: it was left alone for an unknown time. */
  isResumed: boolean;
  /** What else decides when to ask; read before every question. */
  scheduleFacts: () => Pick<ScheduleFacts, 'progress' | 'estimatedMs' | 'earlierMs'>;
  /** Called with every answer. Return false to end the polling. */
  onTask: (task: Task) => boolean;
  /** The provider has not known the task for `missedAsks` questions in a row. */
  onMissing: (missedQueries: number) => boolean;
}

interface Entry extends PolledTask {
  startedMs: number;
  dueMs: number;
  /** When a question about it last came to anything, or the polling began. */
  answeredMs: number;
  missedQueries: number;
  /** In a row, that it is completed, without a result. */
  emptyAnswers: number;
}

export interface PollerOptions {
  client: Pick<Client, 'getTask' | 'getTasks' | 'asksOneByOne'>;
  clock: Clock;
  timing: Timing;
  log?: (line: string) => void;
  /** Told when watching is in trouble, and with undefined when it goes well again. */
  onTrouble?: (error: AppError | undefined) => void;
  /** Called with what an answer has ended: the provider is reached, or takes the key, again. */
  onOver?: (error: AppError) => void;
}

export interface Poller {
  /** Watches until `onTask` or `onMissing` says otherwise or the returned function is called. */
  add(task: PolledTask): () => void;
  /** Asks about everything now, e.g. after the key was changed. */
  pollNow(): void;
  /** How many questions were asked. */
  queryCount(): number;
  dispose(): void;
}

const maxBackoffMs = 60_000;
/** A task that is not known, or has no result, is asked for ever more seldom. */
const maxMissedBackoffMs = 5 * 60_000;
/** A provider may learn of a task or a result a moment later; after so many questions it is trouble. */
const missesToTell = 3;
/** What a question about one task came to when there is nothing to be learned from it. */
const noAnswer = Symbol('no news');

/** Watches all running tasks with as few questions as possible. It never gives up by itself. */
export function createPoller(options: PollerOptions): Poller {
  const { scaled } = options.timing;
  const { monotonicMs, after } = options.clock;
  const entries = new Map<string, Entry>();
  const ending = new AbortController();
  let cancelTimer: CancelTimer | undefined;
  let isPolling = false;
  /** Counts changes of the key or the way: a question from before one fails for nothing that is so. */
  let changes = 0;
  let queries = 0;
  let failures = 0;
  let trouble: AppError | undefined;
  /** No question before this moment, of a clock that does not jump. */
  let notBeforeMs = 0;

  function add(task: PolledTask): () => void {
    const nowMs = monotonicMs();
    const entry: Entry = {
      ...task,
      startedMs: nowMs,
      dueMs: nowMs,
      answeredMs: nowMs,
      missedQueries: 0,
      emptyAnswers: 0,
    };
    if (!task.isResumed) entry.dueMs = nowMs + delayOf(entry);
    entries.set(task.taskId, entry);
    schedule();
    return () => {
      if (entries.get(task.taskId) === entry) entries.delete(task.taskId);
      // Nobody asks any more, so nothing else would end it.
      if (entries.size === 0 && !ending.signal.aborted) setTrouble(undefined);
      schedule();
    };
  }

  function delayOf(entry: Entry): number {
    const watchedMs = monotonicMs() - entry.startedMs;
    const elapsedMs = entry.elapsedMs + watchedMs;
    return scaled(nextDelayMs({ ...entry.scheduleFacts(), elapsedMs, watchedMs }));
  }

  function schedule(): void {
    cancelTimer?.();
    if (isPolling || entries.size === 0 || ending.signal.aborted) return;
    const dueMs = Math.min(...[...entries.values()].map((entry) => entry.dueMs));
    const waitMs = Math.max(dueMs, notBeforeMs) - monotonicMs();
    cancelTimer = after(Math.max(0, waitMs), () => void poll());
  }

  async function poll(): Promise<void> {
    isPolling = true;
    const asked = changes;
    const polled = entriesToPoll();
    notBeforeMs = monotonicMs() + scaled(minIntervalMs);
    try {
      queries += 1;
      const ids = polled.map((entry) => entry.taskId);
      const { tasks, failure } = await options.client.getTasks(ids, ending.signal);
      // What was told counts, also when the rest is refused.
      for (const entry of polled) {
        const task = tasks.get(entry.taskId);
        if (task) onAnswer(entry, task);
      }
      if (failure) throw failure;
      for (const entry of polled)
        if (!tasks.has(entry.taskId))
          onAnswer(entry, polled.length > 1 ? await queryAlone(entry.taskId) : undefined);
      failures = 0;
      const [before, next] = [trouble, troubleOfTasks()];
      setTrouble(next);
      if (before && !next) options.onOver?.(before);
    } catch (thrown) {
      if (asked !== changes) notBeforeMs = 0;
      else backOff(toAppError(thrown));
    } finally {
      isPolling = false;
      schedule();
    }
  }

  function setTrouble(next: AppError | undefined): void {
    if (next?.code === trouble?.code && next?.message === trouble?.message) return;
    trouble = next;
    options.onTrouble?.(next);
  }

  function troubleOfTasks(): AppError | undefined {
    const all = [...entries.values()];
    if (all.some(({ missedQueries }) => missedQueries >= missesToTell)) return missingTask();
    return all.some(({ emptyAnswers }) => emptyAnswers >= missesToTell)
      ? missingResult()
      : undefined;
  }

  /**
   * An answer about many leaves out what is unknown, but also what could not be told.
   * @throws AppError that concerns all tasks: the rest waits for the next round.
   */
  async function queryAlone(taskId: string): Promise<Task | undefined | typeof noAnswer> {
    try {
      return await options.client.getTask(taskId, ending.signal);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.code === 'notFound') return undefined;
      if (!mayConcernOneTask(error)) throw error;
      return noAnswer;
    }
  }

  /**
   * One call carries all; where the provider has no such call, only those that are due. Those
   * that wait for longest come first: the provider may refuse to answer before the last.
   */
  function entriesToPoll(): Entry[] {
    const all = [...entries.values()].toSorted((a, b) => a.answeredMs - b.answeredMs);
    if (!options.client.asksOneByOne()) return all;
    const nowMs = monotonicMs();
    return all.filter((entry) => entry.dueMs <= nowMs + scaled(minIntervalMs) / 2);
  }

  function onAnswer(entry: Entry, answer: Task | undefined | typeof noAnswer): void {
    if (entries.get(entry.taskId) !== entry) return;
    entry.answeredMs = monotonicMs();
    if (answer !== noAnswer && !deliver(entry, answer)) entries.delete(entry.taskId);
    const misses = Math.max(entry.missedQueries, entry.emptyAnswers);
    const missedMs = misses === 0 ? 0 : minIntervalMs * 2 ** misses;
    const backoffMs = scaled(Math.min(missedMs, maxMissedBackoffMs));
    entry.dueMs = monotonicMs() + Math.max(delayOf(entry), backoffMs);
  }

  function deliver(entry: Entry, task: Task | undefined): boolean {
    entry.missedQueries = task ? 0 : entry.missedQueries + 1;
    const isEmpty = task?.status === 'completed' && task.resultUrls.length === 0;
    entry.emptyAnswers = isEmpty ? entry.emptyAnswers + 1 : 0;
    return task ? entry.onTask(task) : entry.onMissing(entry.missedQueries);
  }

  function backOff(error: AppError): void {
    if (ending.signal.aborted) return;
    failures += 1;
    const steps = Math.min(failures - 1, 10);
    const ownMs = isPassing(error) ? minIntervalMs * 2 ** steps : maxBackoffMs;
    const pauseMs = Math.max(
      scaled(Math.min(ownMs, maxBackoffMs)),
      error.details.retryAfterMs ?? 0,
    );
    notBeforeMs = monotonicMs() + pauseMs;
    options.log?.(`Asking for tasks failed (${error.message}); again in ${String(pauseMs)} ms`);
    // Of tasks that are watched no more nobody asks again, so that nothing would end it.
    if (entries.size > 0) setTrouble(error);
  }

  return {
    add,
    pollNow() {
      failures = 0;
      notBeforeMs = 0;
      changes += 1;
      for (const entry of entries.values()) entry.dueMs = monotonicMs();
      schedule();
    },
    queryCount: () => queries,
    dispose() {
      ending.abort();
      cancelTimer?.();
      entries.clear();
    },
  };
}

function missingTask(): AppError {
  return new AppError('notFound', 'The provider does not know a task that it accepted');
}

function missingResult(): AppError {
  return new AppError('notFound', 'A task is completed, and the provider has no image for it yet');
}
