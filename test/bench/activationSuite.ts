import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

/** What one run in the extension host measured, in milliseconds. */
export interface ActivationTimes {
  ours: number[];
  empty: number[];
}

const settleMs = 6_000;

/** Activates copies of our extension and of an empty one in turn, each for the first time. */
export async function run(): Promise<void> {
  const times: ActivationTimes = { ours: [], empty: [] };
  // The window has much to do when it opens, and that is not what is measured.
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const copies = Number(process.env['IMAGE_STUDIO_BENCH_COPIES']);
  for (let index = 0; index < copies; index += 1) {
    // Whoever goes first pays for what both share, so they take turns at it.
    const order = index % 2 === 0 ? (['ours', 'empty'] as const) : (['empty', 'ours'] as const);
    for (const kind of order)
      times[kind].push(await activationMs(`bench.${kind}-${String(index)}`));
  }
  writeFileSync(process.env['IMAGE_STUDIO_BENCH_RESULTS'] ?? '', JSON.stringify(times));
}

async function activationMs(id: string): Promise<number> {
  const extension = vscode.extensions.getExtension(id);
  if (!extension || extension.isActive) throw new Error(`${id} cannot be measured`);
  const startedMs = performance.now();
  await extension.activate();
  return performance.now() - startedMs;
}
