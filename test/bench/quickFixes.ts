import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../harness/cacheFolder.ts';
import { runInExtensionHost } from '../harness/runInExtensionHost.ts';
import { type Figure, median } from './figure.ts';
import type { QuickFixTimes } from './quickFixesSuite.ts';

const limitMs = 20;
const limitRatio = 2;
const blockLimitMs = 50;

/** Quick fixes in 10,000 lines of Markdown, against a provider that has none, in the same window. */
export async function measureQuickFixes(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'image-studio-quick-fixes-'));
  try {
    const results = join(folder, 'results.json');
    const workspace = join(folder, 'workspace');
    await mkdir(workspace);
    await runInExtensionHost({
      version: 'newest',
      workspace,
      extensionPath: projectFolder,
      testsPath: join(projectFolder, 'dist', 'test', 'bench', 'quickFixesSuite.cjs'),
      env: { IMAGE_STUDIO_BENCH_RESULTS: results },
      timeoutMs: 180_000,
    });
    return toFigures(JSON.parse(await readFile(results, 'utf8')) as QuickFixTimes);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function toFigures(times: QuickFixTimes): Figure[] {
  return [
    requestFigure(
      'quick fixes in 10,000 lines of Markdown, never read before',
      median(times.first),
    ),
    ratioFigure(times.first, times.emptyFirst),
    requestFigure('the same, read', median(times.ours)),
    ratioFigure(times.ours, times.empty),
    requestFigure('the same, after each letter typed', median(times.oursTyping)),
    ratioFigure(times.oursTyping, times.emptyTyping),
    {
      name: 'the longest block of the extension host meanwhile',
      value: `${times.longestBlockMs.toFixed(0)} ms`,
      limit: `≤ ${String(blockLimitMs)} ms`,
      isMet: times.longestBlockMs <= blockLimitMs,
    },
  ];
}

function requestFigure(name: string, ms: number): Figure {
  return {
    name,
    value: `${ms.toFixed(1)} ms`,
    limit: `≤ ${String(limitMs)} ms`,
    isMet: ms <= limitMs,
  };
}

function ratioFigure(ours: readonly number[], empty: readonly number[]): Figure {
  const ratio = median(ours) / median(empty);
  return {
    name: 'the same / an empty provider',
    value: `${ratio.toFixed(2)} × (${median(empty).toFixed(1)} ms)`,
    limit: `≤ ${String(limitRatio)} ×`,
    isMet: ratio <= limitRatio,
  };
}
