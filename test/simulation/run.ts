import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Failure, SuiteResult } from '../suiteResult.ts';
import { runSeeds, type SeedRange } from './runSeeds.ts';
import { firstTreeSeed, shareOfSeeds } from './treeSeeds.ts';
import type { WorkerReport } from './worker.ts';

const defaultCount = 2_000;
/** Of so many broken promises one seed each is shown in full. */
const shownFailures = 3;

/** One of so many processes of `npm test`, which together run the seeds of this tree. */
export async function runTreeSeeds(
  name: string,
  part: number,
  parts: number,
): Promise<SuiteResult[]> {
  const { offset, count } = shareOfSeeds(part, parts);
  return await runSimulationSuite({ from: firstTreeSeed() + offset, count, threads: 1, name });
}

/** By default seeds that nobody has chosen: each run looks where none has looked before. */
export async function runSimulationSuite(
  options: Partial<SeedRange> & { isBrief?: boolean; name?: string } = {},
): Promise<SuiteResult[]> {
  const startedMs = performance.now();
  const { from = Math.floor(Math.random() * 1e9), count = defaultCount, focus = [] } = options;
  console.log(`Simulating seeds ${String(from)} to ${String(from + count - 1)}`);
  const reports = await runSeeds({ ...options, from, count });
  const durationMs = performance.now() - startedMs;
  const failures = reports.filter(({ check }) => check !== undefined);
  printSummary(reports, durationMs);
  await showFailures(failures, focus, options.isBrief ? 0 : shownFailures);
  const { name = 'simulation' } = options;
  return [
    {
      name,
      passed: reports.length - failures.length,
      failed: failures.length,
      durationMs,
      failures: failures.map((report) => toFailure(report, focus)),
    },
  ];
}

function toFailure({ seed, check, message = '' }: WorkerReport, focus: readonly string[]): Failure {
  const title = `seed ${String(seed)} breaks "${String(check)}"`;
  return { title, reason: `${message}\n${commandFor(seed, focus)}` };
}

/** What repeats a seed. */
function commandFor(seed: number, focus: readonly string[]): string {
  return `npm run test:simulation -- ${argsFor(seed, focus).join(' ')}`;
}

function argsFor(seed: number, focus: readonly string[]): string[] {
  return ['--seed', String(seed), ...(focus.length > 0 ? ['--focus', focus.join(',')] : [])];
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
    const { seed } = all[0]!;
    console.log(`\n${commandFor(seed, focus)}`);
    // In a process of its own, where the real doors are shut from the start.
    const child = fork(join(import.meta.dirname, 'main.ts'), argsFor(seed, focus));
    await once(child, 'exit');
  }
}
