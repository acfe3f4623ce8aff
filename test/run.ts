import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { packagedExtension } from './e2e/packagedExtension.ts';
import { runProgram } from './harness/runProgram.ts';
import { runPart } from './runPart.ts';
import { runSideBySide } from './runSideBySide.ts';
import type { SuiteResult, Timing } from './suiteResult.ts';
import { type Part, partsOf, type SuiteName, suitesNamed } from './suites.ts';

/**
 * `npm test`: all suites; with a suite's name that one, and with a word after it those of its files
 * or lanes that have it in their names. Ends with one line over all of them, and fails when a test
 * failed or a suite did not run.
 */
const root = join(import.meta.dirname, '..');
/** Most of the time a test waits, so that two do not stand in each other's way on two processors. */
const atOnce = Math.min(availableParallelism(), 4);
const slowestShown = 10;
/** What is quicker is not worth a line. */
const slowMs = 1_000;
/** What is shown of an error: its message, and where it was thrown. */
const reasonLines = 20;
const reasonLineLength = 300;
const needsBuild: readonly SuiteName[] = ['unit', 'host', 'desktop'];

async function main(): Promise<void> {
  const startedMs = performance.now();
  const [named, only] = process.argv.slice(2);
  const parts = suitesNamed(named).flatMap((suite) => partsOf(suite, only));
  if (parts.length === 0) throw new Error(`No part of ${named ?? 'all'} is called ${only ?? ''}`);
  await prepare(parts);
  const [first, ...others] = parts;
  const results =
    first && others.length === 0 ? await runPart(first) : await runSideBySide(parts, atOnce);
  report(results, performance.now() - startedMs);
}

/** Makes what several parts share. The package comes first: both are built in one folder. */
async function prepare(parts: readonly Part[]): Promise<void> {
  const isWanted = (names: readonly SuiteName[]) =>
    parts.some(({ suite }) => names.includes(suite));
  if (isWanted(['e2e'])) process.env['IMAGE_STUDIO_TEST_VSIX'] = await packagedExtension();
  if (isWanted(needsBuild)) await runProgram(process.execPath, ['esbuild.js'], { cwd: root });
}

function report(results: SuiteResult[], tookMs: number): void {
  const sum = (of: 'passed' | 'failed') => results.reduce((total, result) => total + result[of], 0);
  console.log('');
  for (const { name, passed, failed, durationMs } of results)
    console.log(
      `${name.padEnd(28)} ${String(passed)} passed, ${String(failed)} failed in ${inSeconds(durationMs)} s`,
    );
  const timings = slowest(results);
  if (timings.length > 0) console.log('\nThe slowest:');
  for (const { title, durationMs } of timings)
    console.log(`${inSeconds(durationMs).padStart(6)} s  ${title}`);
  reportFailures(results);
  console.log(`\nAll of it in ${inSeconds(tookMs)} s`);
  console.log(`\n${String(sum('passed'))} passed, ${String(sum('failed'))} failed`);
  process.exit(sum('failed') === 0 ? 0 : 1);
}

/** What is printed while many suites run may be cut where it is read; its end is seen. */
function reportFailures(results: SuiteResult[]): void {
  const failing = results.filter(({ failed }) => failed > 0);
  if (failing.length > 0) console.log('\nWhat failed:');
  for (const { name, failures = [] } of failing) {
    if (failures.length === 0) console.log(`${name}: see what it printed`);
    for (const { title, reason } of failures)
      console.log(`${name}: ${title}\n${shortened(reason)}`);
  }
}

const shortened = (reason: string): string =>
  reason
    .split('\n')
    .slice(0, reasonLines)
    .map((line) => `    ${line.slice(0, reasonLineLength)}`)
    .join('\n');

function slowest(results: SuiteResult[]): Timing[] {
  const timings = results.flatMap(({ name, timings = [] }) =>
    timings.map(({ title, durationMs }) => ({ title: `${name}: ${title}`, durationMs })),
  );
  const slow = timings.filter(({ durationMs }) => durationMs >= slowMs);
  return slow.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, slowestShown);
}

const inSeconds = (ms: number): string => String(Math.round(ms / 1000));

await main();
