import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { furtherMutations } from './mutations/further.ts';
import { knownFaults } from './mutations/knownFaults.ts';
import type { Mutation } from './mutations/mutation.ts';
import { onceSurvivors } from './mutations/onceSurvivors.ts';

/**
 * `npm run test:mutations`, or `-- WORDS` for those whose names contain all of them. Each fault is put
 * into a copy of the tree, alone; the working tree is never touched.
 */
const root = join(import.meta.dirname, '../..');
const copied = ['src', 'test', 'package.json', 'tsconfig.json', 'esbuild.js', 'l10n'];
const seedsToKill = Number(process.env['MUTATION_SEEDS'] ?? 1200);

type Outcome = 'killed' | 'survived' | 'does not apply';

interface Verdict {
  outcome: Outcome;
  by: string;
}

interface Trees {
  /** As the working tree is. */
  whole: string;
  /** With one fault at a time. */
  mutated: string;
}

async function main(): Promise<void> {
  const words = process.argv.slice(2).map((word) => word.toLowerCase());
  const all = [...onceSurvivors, ...knownFaults, ...furtherMutations];
  const chosen = all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const trees: Trees = { whole: await copyTree(), mutated: await copyTree() };
  try {
    await requirePassing(trees.whole, chosen);
    const outcomes: Outcome[] = [];
    for (const mutation of chosen) {
      const startedMs = performance.now();
      const { outcome, by } = await mutate(trees, mutation);
      outcomes.push(outcome);
      const seconds = String(Math.round((performance.now() - startedMs) / 1000));
      console.log(`${outcome.padEnd(14)} ${mutation.name} (${by}, ${seconds} s)`);
    }
    const killed = outcomes.filter((outcome) => outcome === 'killed').length;
    console.log(`\n${String(killed)} of ${String(outcomes.length)} killed`);
    process.exitCode = killed === outcomes.length ? 0 : 1;
  } finally {
    for (const tree of Object.values(trees) as string[])
      await rm(tree, { recursive: true, force: true });
  }
}

async function copyTree(): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'image-studio-mutations-'));
  for (const name of copied) await cp(join(root, name), join(tree, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
  return tree;
}

/** A unit test that fails without any fault would find every one. */
async function requirePassing(tree: string, chosen: readonly Mutation[]): Promise<void> {
  for (const test of new Set(chosen.flatMap(({ killedBy }) => killedBy ?? [])))
    if (!(await run(tree, unitTest(test))).isPassed)
      throw new Error(`${test} fails without any mutation`);
}

async function mutate(trees: Trees, mutation: Mutation): Promise<Verdict> {
  const { file, find, replace, killedBy } = mutation;
  const path = join(trees.mutated, file);
  const original = await readFile(path, 'utf8');
  if (original.split(find).length !== 2) return { outcome: 'does not apply', by: file };
  await writeFile(
    path,
    original.replace(find, () => replace),
  );
  try {
    return killedBy
      ? await tryUnitTests(trees.mutated, killedBy.map(unitTest))
      : await trySeeds(trees, (mutation.focus ?? ['nothing']).join(','));
  } finally {
    await writeFile(path, original);
  }
}

async function tryUnitTests(tree: string, killers: readonly Killer[]): Promise<Verdict> {
  for (const { finds, ...killer } of killers) {
    const { isPassed, output } = await run(tree, killer);
    // A fault that does not even load is none.
    if (!isPassed)
      return { outcome: finds.test(output) ? 'killed' : 'does not apply', by: killer.name };
  }
  return { outcome: 'survived', by: killers.map(({ name }) => name).join(', ') };
}

/** A seed that finds something without the fault, too, tells nothing of it. */
async function trySeeds(trees: Trees, focus: string): Promise<Verdict> {
  for (let from = 1; from <= seedsToKill;) {
    const { isPassed, output } = await run(
      trees.mutated,
      simulation(focus, from, seedsToKill - from + 1),
    );
    if (isPassed) break;
    const [, check, found] = /^(.+): \d+ seeds, e\.g\. (\d+)/m.exec(output) ?? [];
    if (found === undefined) return { outcome: 'does not apply', by: `simulation of ${focus}` };
    const seed = Number(found);
    if ((await run(trees.whole, simulation(focus, seed, 1))).isPassed)
      return { outcome: 'killed', by: `"${check ?? ''}" in seed ${found} of ${focus}` };
    console.log(`Without any mutation, seed ${found} of ${focus} breaks a promise: not counted`);
    from = seed + 1;
  }
  return { outcome: 'survived', by: `simulation of ${focus}` };
}

interface Program {
  name: string;
  args: readonly string[];
}

interface Killer extends Program {
  /** What it prints when it has found something. */
  finds: RegExp;
}

function unitTest(test: string): Killer {
  const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
  return {
    name: test,
    args: [mocha, '--timeout', '60000', join('test', 'unit', test)],
    finds: /\d+ failing/,
  };
}

function simulation(focus: string, from: number, count: number): Program {
  const range = ['--seeds', String(count), '--from', String(from)];
  const args = ['test/simulation/main.ts', ...range, '--focus', focus, '--brief', '--first'];
  return { name: `simulation of ${focus}`, args };
}

function run(tree: string, { args }: Program): Promise<{ isPassed: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: tree, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ isPassed: code === 0, output }));
  });
}

await main();
