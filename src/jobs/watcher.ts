import type { Client } from '../evolink/client.ts';
import { type EvolinkError, isPassing, toEvolinkError } from '../evolink/errors.ts';
import type { Task } from '../evolink/schema.ts';
import { minIntervalMs, nextDelayMs, type PaceFacts } from './watchPace.ts';

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
  client: Pick<Client, 'getTasks' | 'asksOneByOne'>;
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

/** Watches all running tasks with as few questions as possible. It never gives up by itself. */
export function createWatcher(options: WatcherOptions): Watcher {
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
    return nextDelayMs({ ...entry.pace(), elapsedMs: entry.elapsedMs + watchedMs, watchedMs });
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
    notBeforeMs = performance.now() + minIntervalMs;
    try {
      asks += 1;
      const ids = asked.map((entry) => entry.taskId);
      const tasks = await options.client.getTasks(ids, ending.signal);
      if (failures > 0) options.onTrouble?.(undefined);
      failures = 0;
      for (const entry of asked) hear(entry, tasks.get(entry.taskId));
    } catch (thrown) {
      backOff(toEvolinkError(thrown));
    } finally {
      isAsking = false;
      schedule();
    }
  }

  /** One call carries all; where the provider has no such call, only those that are due. */
  function entriesToAsk(): Entry[] {
    const all = [...entries.values()];
    if (!options.client.asksOneByOne()) return all;
    const nowMs = performance.now();
    return all.filter((entry) => entry.dueMs <= nowMs + minIntervalMs / 2);
  }

  function hear(entry: Entry, task: Task | undefined): void {
    if (entries.get(entry.taskId) !== entry) return;
    entry.missedAsks = task ? 0 : entry.missedAsks + 1;
    const goesOn = task ? entry.onTask(task) : entry.onMissing(entry.missedAsks);
    if (!goesOn) entries.delete(entry.taskId);
    entry.dueMs = performance.now() + delayOf(entry);
  }

  function backOff(error: EvolinkError): void {
    if (ending.signal.aborted) return;
    failures += 1;
    const steps = Math.min(failures - 1, 10);
    const ownMs = isPassing(error) ? minIntervalMs * 2 ** steps : maxBackoffMs;
    const pauseMs = Math.max(Math.min(ownMs, maxBackoffMs), error.details.retryAfterMs ?? 0);
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
