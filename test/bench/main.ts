import { stat, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { packagedExtension } from '../e2e/packagedExtension.ts';
import { projectFolder } from '../harness/cacheFolder.ts';
import { runProgram } from '../harness/runProgram.ts';
import { measureActivation } from './activation.ts';
import { measureConversion } from './conversion.ts';
import { type Figure, toTable } from './figure.ts';
import { measureQuickFixes } from './quickFixes.ts';
import { measureReferences } from './references.ts';
import { measureResuming } from './resuming.ts';
import { measureStore } from './store.ts';
import { measureStudio } from './studio.ts';
import { measureWatching } from './watching.ts';

/**
 * `npm run bench`: prints every figure, and keeps the table in test/bench/README.md. `-- WORD` prints
 * those of the parts that are called so, and keeps nothing.
 */
async function main(): Promise<void> {
  const vsix = await packagedExtension();
  await runProgram(process.execPath, ['esbuild.js'], { cwd: projectFolder });
  // As it is shipped: minified. The suites are of the build before.
  await runProgram(process.execPath, ['esbuild.js', '--production'], { cwd: projectFolder });
  const parts: readonly [what: string, measure: () => Promise<Figure[]>][] = [
    ['activation', measureActivation],
    ['resuming', measureResuming],
    ['the store, about a minute', measureStore],
    ['the Studio, some minutes', measureStudio],
    ['quick fixes', measureQuickFixes],
    ['conversion', measureConversion],
    ['references of 50 MB', measureReferences],
    ['watching 60 s tasks, about 80 s', measureWatching],
  ];
  const words = process.argv.slice(2);
  const figures = [await packageSize(vsix)];
  for (const [what, measure] of parts)
    if (words.length === 0 || words.some((word) => what.includes(word)))
      figures.push(...(await measured(what, measure)));
  const table = toTable(figures);
  console.log(`\n${table}\n`);
  if (words.length > 0) process.exit(0);
  await writeDocument(join(projectFolder, 'test', 'bench', 'README.md'), document(table));
  process.exit(0);
}

/** As lint wants it, so that measuring leaves nothing to be mended. */
async function writeDocument(path: string, text: string): Promise<void> {
  await writeFile(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

async function measured(what: string, measure: () => Promise<Figure[]>): Promise<Figure[]> {
  console.log(`Measuring ${what}…`);
  const figures = await measure();
  // Printed at once: what a later part does to the run takes none of them.
  console.log(`\n${toTable(figures)}\n`);
  return figures;
}

async function packageSize(vsix: string): Promise<Figure> {
  const { size } = await stat(vsix);
  const limitBytes = 1_500_000;
  return {
    name: 'size of the .vsix',
    value: `${String(Math.round(size / 1000))} kB`,
    limit: '< 1.5 MB',
    isMet: size < limitBytes,
  };
}

function document(table: string): string {
  return `# Benchmarks

Written by \`npm run bench\`; the last run on this page was made on ${String(cpus().length)} cores with Node ${process.versions.node}.
Machines are noisy: where a limit is a ratio, both sides were measured in the same run.

${table}

How they are measured: \`activation.ts\` (24 copies of the extension and of an empty one, each
activated for the first time, in turn, in one extension host; medians), \`resuming.ts\`,
\`store.ts\` (a store with a long queue; ten windows of one process that have nothing to do; a store
that another process locks, with the delays of the event loop),
\`conversion.ts\` (a picture of 1536×1024 by the thread as it is shipped and by sharp, in turn),
\`references.ts\` (16 photos of 50 MB, by the engine in a process of its own and by the command in the
extension host; up and down against curl in turn),
\`studio.ts\` (in the real workbench and browser: panels opened in turn by a key and medians taken, a
gallery of 10,000 beside one of 8, and an end-to-end scroll by a whole sight each frame),
\`watching.ts\` (real tasks of 60 s ± 30 % in real time: ten engines with one task each, and one
engine with sixteen).
`;
}

await main();
