import Mocha from 'mocha';
import { collectFailures } from './collectFailures.ts';
import type { Failure, SuiteResult, Timing } from './suiteResult.ts';
import { timeParts } from './timeParts.ts';

/** Runs test files in this process, one after another, and times each test and each hook. */
export async function runMocha(
  name: string,
  files: readonly string[],
  timeoutMs: number,
): Promise<SuiteResult> {
  const startedMs = performance.now();
  const mocha = new Mocha({ timeout: timeoutMs, reporter: process.env['CI'] ? 'dot' : 'spec' });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const timings: Timing[] = [];
  const failures: Failure[] = [];
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => {
      if (runner.stats) resolve(runner.stats);
    });
    timeParts(runner, timings);
    collectFailures(runner, failures);
  });
  const { passes: passed, failures: failed } = stats;
  return { name, passed, failed, durationMs: performance.now() - startedMs, timings, failures };
}
