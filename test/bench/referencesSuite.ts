import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

/** What is edited in the extension host, and where to say what it took. */
export interface ReferencesSuitePlan {
  paths: string[];
  results: string;
}

/** The extension host's own memory. */
export interface ReferencesSuiteResult {
  /** Above what it had before. */
  peakBytes: number;
}

const settleMs = 6_000;

/** Edits one photo, so that all is loaded, and then all of them; looks how much memory that takes. */
export async function run(): Promise<void> {
  const plan = JSON.parse(process.env['IMAGE_STUDIO_BENCH_PLAN'] ?? '') as ReferencesSuitePlan;
  await vscode.workspace
    .getConfiguration('imageStudio')
    .update('uploadReferences', 'always', vscode.ConfigurationTarget.Global);
  await edit(plan.paths.slice(0, 1));
  // The window has much to do when it opens, and that is not what is measured.
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const baseBytes = process.memoryUsage.rss();
  let highestBytes = baseBytes;
  const look = () => (highestBytes = Math.max(highestBytes, process.memoryUsage.rss()));
  const looking = setInterval(look, 5);
  await edit(plan.paths);
  clearInterval(looking);
  look();
  const result: ReferencesSuiteResult = { peakBytes: highestBytes - baseBytes };
  writeFileSync(plan.results, JSON.stringify(result));
}

async function edit(paths: readonly string[]): Promise<void> {
  const uris = paths.map((path) => vscode.Uri.file(path));
  const options = { prompt: 'from photos', open: false };
  const { failures } = await vscode.commands.executeCommand<{ failures: unknown[] }>(
    'imageStudio.edit',
    uris[0],
    uris,
    options,
  );
  if (failures.length > 0) throw new Error(`The edit failed: ${JSON.stringify(failures)}`);
}
