import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { globSync } from 'node:fs';
import Mocha from 'mocha';
import type { SuiteResult } from './suiteResult.ts';

/**
 * `npm test`: all suites, or those named on the command line. Ends with one line over all of them,
 * and fails when a test failed or a suite did not run.
 */
const root = join(import.meta.dirname, '..');
const suites: Record<string, () => Promise<SuiteResult[]>> = {
  lint: () =>
    program('lint', [
      ['tsc', '--noEmit'],
      ['tsc', '--noEmit', '--project', 'src/webview'],
      ['eslint', '.'],
      ['prettier', '--check', '.'],
    ]),
  unit: () => mocha('unit', 60_000),
  host: async () => await (await import('./host/run.ts')).runHostSuites(process.argv[3]),
  // Only when asked for: the desktop build has to be downloaded.
  desktop: async () => await (await import('./host/run.ts')).runDesktopSuites(),
  faults: async () => await (await import('./faults/run.ts')).runFaultSuites(process.argv[3]),
  // A journey is long; its own steps have their own limits.
  e2e: () => mocha('e2e', 300_000),
};
const onlyWhenNamed = new Set(['desktop']);
const needsBuild = new Set(['host', 'unit', 'desktop']);

async function main(): Promise<void> {
  const named = process.argv[2];
  const chosen =
    named === undefined ? Object.keys(suites).filter((name) => !onlyWhenNamed.has(name)) : [named];
  if (chosen.some((name) => needsBuild.has(name)))
    await runProgram(process.execPath, ['esbuild.js']);
  const results: SuiteResult[] = [];
  for (const name of chosen) {
    const suite = suites[name];
    if (!suite)
      throw new Error(`There is no suite ${name}; there are ${Object.keys(suites).join(', ')}`);
    results.push(...(await guarded(name, suite)));
  }
  report(results);
}

/** A suite that breaks, or finds no test, counts as one failure: nothing passes by being absent. */
async function guarded(name: string, suite: () => Promise<SuiteResult[]>): Promise<SuiteResult[]> {
  const startedMs = performance.now();
  const broken = { name, passed: 0, failed: 1, durationMs: 0 };
  try {
    const results = await suite();
    if (results.length === 0) return [broken];
    return results.map((result) =>
      result.passed + result.failed === 0 ? { ...result, failed: 1 } : result,
    );
  } catch (thrown) {
    console.error(thrown);
    return [{ ...broken, durationMs: performance.now() - startedMs }];
  }
}

function report(results: SuiteResult[]): void {
  const sum = (of: 'passed' | 'failed') => results.reduce((total, result) => total + result[of], 0);
  console.log('');
  for (const { name, passed, failed, durationMs } of results) {
    const seconds = Math.round(durationMs / 1000);
    console.log(
      `${name.padEnd(28)} ${String(passed)} passed, ${String(failed)} failed in ${String(seconds)} s`,
    );
  }
  console.log(`\n${String(sum('passed'))} passed, ${String(sum('failed'))} failed`);
  process.exit(sum('failed') === 0 ? 0 : 1);
}

async function mocha(folder: string, timeout: number): Promise<SuiteResult[]> {
  const startedMs = performance.now();
  const runner = new Mocha({ timeout, reporter: process.env['CI'] ? 'dot' : 'spec' });
  for (const file of globSync(`test/${folder}/**/*.test.ts`, { cwd: root }))
    runner.addFile(join(root, file));
  await runner.loadFilesAsync();
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const run = runner.run(() => {
      if (run.stats) resolve(run.stats);
    });
  });
  return [
    {
      name: folder,
      passed: stats.passes,
      failed: stats.failures,
      durationMs: performance.now() - startedMs,
    },
  ];
}

/** Programs that each count as one test. */
async function program(name: string, commands: string[][]): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  for (const [command = '', ...args] of commands) {
    const startedMs = performance.now();
    const bin = join(root, 'node_modules', '.bin', command);
    const failed = await runProgram(process.execPath, [bin, ...args]).then(
      () => 0,
      () => 1,
    );
    results.push({
      name: `${name} ${command}`,
      passed: 1 - failed,
      failed,
      durationMs: performance.now() - startedMs,
    });
  }
  return results;
}

function runProgram(command: string, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.join(' ')} ended with ${String(code)}`));
    });
  });
}

await main();
