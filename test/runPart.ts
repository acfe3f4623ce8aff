import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { printCounters } from './faults/counters.ts';
import { faultRounds, faultSeed } from './faults/seed.ts';
import { runMocha } from './runMocha.ts';
import type { SuiteResult } from './suiteResult.ts';
import type { Part } from './suites.ts';

const root = join(import.meta.dirname, '..');

/** Runs a part in this process. One that breaks, or finds no test, counts as one failure. */
export async function runPart(part: Part): Promise<SuiteResult[]> {
  const startedMs = performance.now();
  const broken = { name: part.name, passed: 0, failed: 1 };
  try {
    const results = await run(part);
    if (results.length === 0) return [{ ...broken, durationMs: performance.now() - startedMs }];
    return results.map((result) =>
      result.passed + result.failed === 0 ? { ...result, failed: 1 } : result,
    );
  } catch (thrown) {
    console.error(thrown);
    return [{ ...broken, durationMs: performance.now() - startedMs }];
  }
}

async function run({ suite, name, args }: Part): Promise<SuiteResult[]> {
  switch (suite) {
    case 'lint':
    case 'types':
      return [await runProgramAsTest(name, args)];
    case 'unit':
      return [await runMocha(name, args, 60_000)];
    case 'faults': {
      console.log(`FAULT_SEED=${String(faultSeed)} FAULT_ROUNDS=${String(faultRounds)}`);
      const result = await runMocha(name, args, 180_000);
      printCounters();
      return [result];
    }
    case 'simulation':
      return await runSimulation(name, args.map(Number));
    case 'host':
      return await (await import('./host/run.ts')).runHostLane(args[0] ?? '');
    case 'desktop':
      return await (await import('./host/run.ts')).runDesktopSuites();
    case 'e2e':
      // A journey is long; its own steps have their own limits.
      return [await runMocha(name, args, 300_000)];
  }
}

async function runSimulation(name: string, [part = 1, parts = 1]: number[]) {
  const { runTreeSeeds } = await import('./simulation/run.ts');
  return await runTreeSeeds(name, part, parts);
}

/** Runs a program of node_modules, which counts as one test. */
async function runProgramAsTest(name: string, command: readonly string[]): Promise<SuiteResult> {
  const startedMs = performance.now();
  const [program = '', ...args] = command;
  const failed = (await succeeds(join(root, 'node_modules', '.bin', program), args)) ? 0 : 1;
  return { name, passed: 1 - failed, failed, durationMs: performance.now() - startedMs };
}

function succeeds(script: string, args: string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}
