import { parentPort, workerData } from 'node:worker_threads';
import type { Violation } from './checks/ledger.ts';
import type { Plan } from './plan.ts';
import type { SimulationResult } from './simulate.ts';
import { forbidRealDoors } from './world/guards.ts';

/** Seeds `from`, `from + step`, … until the deadline. */
export interface WorkerTask {
  from: number;
  step: number;
  count: number;
  /** By the clock on the wall. */
  deadlineMs: number;
  focus: readonly string[];
}

/** Of one seed. */
export interface WorkerReport {
  seed: number;
  check?: string;
  message?: string;
  virtualMs: number;
  events: number;
  tasks: number;
}

// Before anything is loaded that would keep the real ones.
forbidRealDoors();
const { drawPlan } = await import('./drawPlan.ts');
const { simulate } = await import('./simulate.ts');

/** One seed of so many is run twice. */
const repeatedEvery = 50;

/** The same seed must be the same run: else something reached past the doors. */
async function repeat(plan: Plan, first: SimulationResult): Promise<Violation | undefined> {
  const second = await simulate(plan);
  if (second.events === first.events && second.virtualMs === first.virtualMs) return undefined;
  const message = `${String(first.events)} events became ${String(second.events)}`;
  return { check: 'notRepeatable', message, atMs: second.virtualMs };
}

const { from, step, count, deadlineMs, focus } = workerData as WorkerTask;
for (let n = 0; n < count && Date.now() < deadlineMs; n += 1) {
  const seed = from + n * step;
  const plan = drawPlan(seed, focus);
  const result = await simulate(plan);
  const { virtualMs, events, tasks } = result;
  const violation =
    result.violation ?? (n % repeatedEvery === 0 ? await repeat(plan, result) : undefined);
  const report: WorkerReport = {
    seed,
    virtualMs,
    events,
    tasks,
    ...(violation && { check: violation.check, message: violation.message }),
  };
  parentPort?.postMessage(report);
}
