import type { Client } from '../../evolink/client.ts';
import { type EvolinkError, isPassing, toEvolinkError } from '../../evolink/errors.ts';
import type { Task } from '../../evolink/schema.ts';
import { minIntervalMs, nextDelayMs, type PaceFacts } from './pollSchedule.ts';
import type { Waits } from '../async/timing.ts';

export interface WatchedTask {
  taskId: string;
  /** Time since the provider accepted the task, when the watch begins. */
  elapsedMs: number;
  /** Ask at once: it was left alone for an unknown time. */
  isResumed: boolean;
  /** What else decides when to ask; read before every question. */
  pace: () => Pick<PaceFacts, 'progress' | 'estimatedMs' | 'earlierMs'>;
  /** Called with every answer. Return false to end the watch. */
  onTask: (task: Task) => boolean;
  /** The provider has not known the task for `missedAsks` questions in a row. Likewise. */
  onMissing: (missedAsks: number) => boolean;
}

interface Entry extends WatchedTask {
  startedMs: number;
  dueMs: number;
  missedAsks: number;
}

export interface WatcherOptions {
  client: Pick<Client, 'getTask' | 'getTasks' | 'asksOneByOne'>;
  waits: Waits;
  log?: (line: string) => void;
  /** Told when watching is in trouble, and with undefined when it goes well again. */
  onTrouble?: (error: EvolinkError | undefined) => void;
}

export interface Watcher {
  /** Watches until `onTask` or `onMissing` says otherwise or the returned function is called. */
  watch(task: WatchedTask): () => void;
  /** Asks about everything now, e.g. after the key was changed. */
  hurry(): void;
  /** How many questions were asked. */
  askCount(): number;
  dispose(): void;
}

const maxBackoffMs = 60_000;
/** What a question about one task came to when there is nothing to be learned from it. */
const noNews = Symbol('no news');

/** Watches all running tasks with as few questions as possible. It never gives up by itself. */
export function createWatcher(options: WatcherOptions): Watcher {
  const { scaled } = options.waits;
  const entries = new Map<string, Entry>();
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;
  let asks = 0;
  let failures = 0;
  /** No question before this moment, of a clock that does not jump. */
  let notBeforeMs = 0;

  function watch(task: WatchedTask): () => void {
    const nowMs = performance.now();
    const entry: Entry = { ...task, startedMs: nowMs, dueMs: nowMs, missedAsks: 0 };
    if (!task.isResumed) entry.dueMs = nowMs + delayOf(entry);
    entries.set(task.taskId, entry);
    schedule();
    return () => {
      if (entries.get(task.taskId) === entry) entries.delete(task.taskId);
      schedule();
    };
  }

  function delayOf(entry: Entry): number {
    const watchedMs = performance.now() - entry.startedMs;
    const elapsedMs = entry.elapsedMs + watchedMs;
    return scaled(nextDelayMs({ ...entry.pace(), elapsedMs, watchedMs }));
  }

  function schedule(): void {
    clearTimeout(timer);
    if (isAsking || entries.size === 0 || ending.signal.aborted) return;
    const dueMs = Math.min(...[...entries.values()].map((entry) => entry.dueMs));
    const waitMs = Math.max(dueMs, notBeforeMs) - performance.now();
    timer = setTimeout(() => void ask(), Math.max(0, waitMs));
    timer.unref();
  }

  async function ask(): Promise<void> {
    isAsking = true;
    const asked = entriesToAsk();
    notBeforeMs = performance.now() + scaled(minIntervalMs);
    try {
      asks += 1;
      const ids = asked.map((entry) => entry.taskId);
      const tasks = await options.client.getTasks(ids, ending.signal);
      if (failures > 0) options.onTrouble?.(undefined);
      failures = 0;
      for (const entry of asked) {
        const task = tasks.get(entry.taskId);
        hear(entry, task ?? (asked.length > 1 ? await askAlone(entry.taskId) : undefined));
      }
    } catch (thrown) {
      backOff(toEvolinkError(thrown));
    } finally {
      isAsking = false;
      schedule();
    }
  }

  /** An answer about many leaves out what is unknown, but also what could not be told. */
  async function askAlone(taskId: string): Promise<Task | undefined | typeof noNews> {
    try {
      return await options.client.getTask(taskId, ending.signal);
    } catch (thrown) {
      return toEvolinkError(thrown).code === 'notFound' ? undefined : noNews;
    }
  }

  /** One call carries all; where the provider has no such call, only those that are due. */
  function entriesToAsk(): Entry[] {
    const all = [...entries.values()];
    if (!options.client.asksOneByOne()) return all;
    const nowMs = performance.now();
    return all.filter((entry) => entry.dueMs <= nowMs + scaled(minIntervalMs) / 2);
  }

  function hear(entry: Entry, answer: Task | undefined | typeof noNews): void {
    if (entries.get(entry.taskId) !== entry) return;
    if (answer !== noNews && !tell(entry, answer)) entries.delete(entry.taskId);
    entry.dueMs = performance.now() + delayOf(entry);
  }

  function tell(entry: Entry, task: Task | undefined): boolean {
    entry.missedAsks = task ? 0 : entry.missedAsks + 1;
    return task ? entry.onTask(task) : entry.onMissing(entry.missedAsks);
  }

  function backOff(error: EvolinkError): void {
    if (ending.signal.aborted) return;
    failures += 1;
    const steps = Math.min(failures - 1, 10);
    const ownMs = isPassing(error) ? minIntervalMs * 2 ** steps : maxBackoffMs;
    const pauseMs = Math.max(
      scaled(Math.min(ownMs, maxBackoffMs)),
      error.details.retryAfterMs ?? 0,
    );
    notBeforeMs = performance.now() + pauseMs;
    options.log?.(`Asking for tasks failed (${error.message}); again in ${String(pauseMs)} ms`);
    options.onTrouble?.(error);
  }

  return {
    watch,
    hurry() {
      failures = 0;
      notBeforeMs = 0;
      for (const entry of entries.values()) entry.dueMs = performance.now();
      schedule();
    },
    askCount: () => asks,
    dispose() {
      ending.abort();
      clearTimeout(timer);
      entries.clear();
    },
  };
}
