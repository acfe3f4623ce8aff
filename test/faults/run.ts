import { globSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import type { SuiteResult } from '../suiteResult.ts';
import { faultRounds, faultSeed } from './seed.ts';
import { printCounters } from './counters.ts';

/** The proof that paid images are never lost and never paid twice. */
export async function runFaultSuites(only?: string): Promise<SuiteResult[]> {
  const startedMs = performance.now();
  console.log(`FAULT_SEED=${String(faultSeed)} FAULT_ROUNDS=${String(faultRounds)}`);
  const runner = new Mocha({ timeout: 180_000, reporter: process.env['CI'] ? 'dot' : 'spec' });
  for (const file of globSync('*.test.ts', { cwd: import.meta.dirname }))
    if (only === undefined || file.includes(only)) runner.addFile(join(import.meta.dirname, file));
  await runner.loadFilesAsync();
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const run = runner.run(() => {
      if (run.stats) resolve(run.stats);
    });
  });
  printCounters();
  const { passes: passed, failures: failed } = stats;
  return [{ name: 'faults', passed, failed, durationMs: performance.now() - startedMs }];
}
