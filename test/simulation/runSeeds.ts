import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerReport, WorkerTask } from './worker.ts';

export interface SeedRange {
  from: number;
  count: number;
  /** Real time after which no seed is begun. */
  limitMs: number;
  /** Kinds of trouble that every plan has. */
  focus?: readonly string[];
  /** No seed is begun after one that failed. */
  stopsAtFailure?: boolean;
}

/** Runs the plans of many seeds, on all cores. */
export async function runSeeds(range: SeedRange): Promise<WorkerReport[]> {
  const { from, count, limitMs, focus = [] } = range;
  const threads = Math.min(availableParallelism(), 8);
  const stop = new AbortController();
  const deadlineMs = Date.now() + limitMs;
  const reports: WorkerReport[] = [];
  await Promise.all(
    Array.from({ length: threads }, async (_, index) => {
      const own = Math.ceil((count - index) / threads);
      if (own <= 0) return;
      const task: WorkerTask = { from: from + index, step: threads, count: own, deadlineMs, focus };
      await runWorker(task, stop.signal, (report) => {
        reports.push(report);
        if (range.stopsAtFailure && report.check !== undefined) stop.abort();
      });
    }),
  );
  return reports.sort((a, b) => a.seed - b.seed);
}

function runWorker(
  task: WorkerTask,
  signal: AbortSignal,
  onReport: (report: WorkerReport) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(import.meta.dirname, 'worker.ts'), { workerData: task });
    worker.on('message', onReport);
    signal.addEventListener('abort', () => void worker.terminate(), { once: true });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code === 0 || signal.aborted) resolve();
      else reject(new Error(`A worker of the simulation ended with ${String(code)}`));
    });
  });
}
