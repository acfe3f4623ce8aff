import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SuiteResult } from './suiteResult.ts';
import type { Part } from './suites.ts';

const processPath = join(import.meta.dirname, 'partProcess.ts');

/**
 * Runs parts in processes of their own, so many at once and each as soon as there is room. What
 * they print comes through as it is printed, each line behind its part's name.
 */
export async function runSideBySide(
  parts: readonly Part[],
  atOnce: number,
): Promise<SuiteResult[]> {
  const width = Math.max(...parts.map(({ name }) => name.length));
  const results = new Map<Part, SuiteResult[]>();
  const waiting = [...parts];
  const worker = async (): Promise<void> => {
    for (let part = waiting.shift(); part; part = waiting.shift())
      results.set(part, await runInProcess(part, part.name.padEnd(width)));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return parts.flatMap((part) => results.get(part) ?? []);
}

async function runInProcess(part: Part, label: string): Promise<SuiteResult[]> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [processPath, JSON.stringify(part)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) },
  });
  for (const output of [child.stdout, child.stderr])
    if (output) createInterface(output).on('line', (line) => console.log(`${label} │ ${line}`));
  // A process that breaks says nothing here, and has failed.
  let results: SuiteResult[] | undefined;
  child.on('message', (message) => (results = message as SuiteResult[]));
  await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const durationMs = performance.now() - startedMs;
  return results ?? [{ name: part.name, passed: 0, failed: 1, durationMs }];
}
