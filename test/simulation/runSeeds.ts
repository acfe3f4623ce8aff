import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WorkerReport, WorkerTask } from './worker.ts';

export interface SeedRange {
  from: number;
  count: number;
  /** As many as there are processors, when absent. */
  threads?: number;
  /** Real time after which no seed is begun; none by default. */
  limitMs?: number;
  /** Kinds of trouble that every plan has. */
  focus?: readonly string[];
  /** No seed is begun after one that failed. */
  stopsAtFailure?: boolean;
}

/** A seed takes a tenth of a second; one that takes so long does not end. */
const longestSeedMs = 5 * 60_000;

/**
 * Runs the plans of many seeds side by side.
 * @throws when a seed does not come to its end, and so the others do not either
 */
export async function runSeeds(range: SeedRange): Promise<WorkerReport[]> {
  const { from, count, focus = [], limitMs = Infinity } = range;
  const { threads = Math.min(availableParallelism(), 8) } = range;
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
  const isWhole = reports.length === count || stop.signal.aborted || limitMs < Infinity;
  if (!isWhole) throw new Error(`Only ${String(reports.length)} of ${String(count)} seeds ran`);
  return reports.sort((a, b) => a.seed - b.seed);
}

function runWorker(
  task: WorkerTask,
  signal: AbortSignal,
  onReport: (report: WorkerReport) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(import.meta.dirname, 'worker.ts'), { workerData: task });
    let next = task.from;
    const onStandstill = () => {
      reject(new Error(`Seed ${String(next)} does not come to its end`));
      void worker.terminate();
    };
    let timer = setTimeout(onStandstill, longestSeedMs);
    worker.on('message', (report: WorkerReport) => {
      next = report.seed + task.step;
      clearTimeout(timer);
      timer = setTimeout(onStandstill, longestSeedMs);
      onReport(report);
    });
    signal.addEventListener('abort', () => void worker.terminate(), { once: true });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearTimeout(timer);
      if (code === 0 || signal.aborted) resolve();
      else reject(new Error(`A worker of the simulation ended with ${String(code)}`));
    });
  });
}
