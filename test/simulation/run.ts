import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { SuiteResult } from '../suiteResult.ts';
import { runSeeds, type SeedRange } from './runSeeds.ts';
import type { WorkerReport } from './worker.ts';

const defaultCount = 2_000;
const defaultLimitMs = 115_000;
/** Of so many broken promises one seed each is shown in full. */
const shownFailures = 3;

/** New seeds every time: each run of the suite looks where none has looked before. */
export async function runSimulationSuite(
  options: Partial<SeedRange> & { isBrief?: boolean } = {},
): Promise<SuiteResult[]> {
  const startedMs = performance.now();
  const {
    from = Math.floor(Math.random() * 1e9),
    count = defaultCount,
    limitMs = options.count === undefined ? defaultLimitMs : Infinity,
  } = options;
  console.log(`Simulating up to ${String(count)} seeds from ${String(from)}`);
  const reports = await runSeeds({ ...options, from, count, limitMs });
  const durationMs = performance.now() - startedMs;
  const failures = reports.filter(({ check }) => check !== undefined);
  printSummary(reports, durationMs);
  const shown = options.isBrief ? 0 : shownFailures;
  await showFailures(failures, options.focus ?? [], shown);
  const failed = failures.length;
  return [{ name: 'simulation', passed: reports.length - failed, failed, durationMs }];
}

function printSummary(reports: readonly WorkerReport[], durationMs: number): void {
  const sum = (of: 'virtualMs' | 'events' | 'tasks') =>
    reports.reduce((total, report) => total + report[of], 0);
  const perMinute = Math.round((reports.length * 60_000) / durationMs);
  console.log(
    `${String(reports.length)} schedules in ${String(Math.round(durationMs / 1000))} s ` +
      `(${String(perMinute)} a minute): ${String(Math.round(sum('virtualMs') / 3_600_000))} hours, ` +
      `${String(sum('events'))} events, ${String(sum('tasks'))} paid tasks`,
  );
}

async function showFailures(
  failures: readonly WorkerReport[],
  focus: readonly string[],
  shown: number,
): Promise<void> {
  const byCheck = Map.groupBy(failures, ({ check }) => check);
  for (const [check, all] of byCheck) {
    const seeds = all.slice(0, 10).map(({ seed }) => String(seed));
    console.log(`${String(check)}: ${String(all.length)} seeds, e.g. ${seeds.join(' ')}`);
    console.log(`  ${all[0]?.message ?? ''}`);
  }
  for (const all of [...byCheck.values()].slice(0, shown)) {
    const args = ['--seed', String(all[0]!.seed)];
    if (focus.length > 0) args.push('--focus', focus.join(','));
    console.log(`\nnpm run test:simulation -- ${args.join(' ')}`);
    // In a process of its own, where the real doors are shut from the start.
    const child = fork(join(import.meta.dirname, 'main.ts'), args);
    await once(child, 'exit');
  }
}
