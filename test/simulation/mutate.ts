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
const seedsToKill = Number(process.env['MUTATION_SEEDS'] ?? 1_500);

type Outcome = 'killed' | 'survived' | 'does not apply';

async function main(): Promise<void> {
  const words = process.argv.slice(2).map((word) => word.toLowerCase());
  const all = [...onceSurvivors, ...knownFaults, ...furtherMutations];
  const chosen = all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const tree = await copyTree();
  try {
    await requireClean(tree, chosen);
    const outcomes: Outcome[] = [];
    for (const mutation of chosen) {
      const startedMs = performance.now();
      const { outcome, by } = await mutate(tree, mutation);
      outcomes.push(outcome);
      const seconds = String(Math.round((performance.now() - startedMs) / 1000));
      console.log(`${outcome.padEnd(14)} ${mutation.name} (${by}, ${seconds} s)`);
    }
    const killed = outcomes.filter((outcome) => outcome === 'killed').length;
    console.log(`\n${String(killed)} of ${String(outcomes.length)} killed`);
    process.exitCode = killed === outcomes.length ? 0 : 1;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function copyTree(): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'image-studio-mutations-'));
  for (const name of copied) await cp(join(root, name), join(tree, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
  return tree;
}

/** What fails without any fault could not tell one. */
async function requireClean(tree: string, chosen: readonly Mutation[]): Promise<void> {
  const tests = [...new Set(chosen.flatMap(({ killedBy }) => killedBy ?? []))];
  for (const test of tests)
    if (!(await passes(tree, unitTest(test))))
      throw new Error(`${test} fails without any mutation`);
  const focuses = new Set(chosen.filter(({ killedBy }) => !killedBy).map(focusOf));
  for (const focus of focuses)
    if (!(await passes(tree, simulation(focus, seedsToKill / 5))))
      throw new Error(`The simulation of ${focus} fails without any mutation`);
}

async function mutate(tree: string, mutation: Mutation): Promise<{ outcome: Outcome; by: string }> {
  const { file, find, replace, killedBy } = mutation;
  const path = join(tree, file);
  const original = await readFile(path, 'utf8');
  if (original.split(find).length !== 2) return { outcome: 'does not apply', by: file };
  await writeFile(
    path,
    original.replace(find, () => replace),
  );
  try {
    const killers = killedBy?.map(unitTest) ?? [simulation(focusOf(mutation), seedsToKill)];
    for (const killer of killers)
      if (!(await passes(tree, killer))) return { outcome: 'killed', by: killer.name };
    return { outcome: 'survived', by: killers.map(({ name }) => name).join(', ') };
  } finally {
    await writeFile(path, original);
  }
}

interface Killer {
  name: string;
  args: readonly string[];
}

function unitTest(test: string): Killer {
  const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
  return { name: test, args: [mocha, '--timeout', '60000', join('test', 'unit', test)] };
}

function focusOf({ focus = ['nothing'] }: Mutation): string {
  return focus.join(',');
}

function simulation(focus: string, seeds: number): Killer {
  const args = ['--seeds', String(Math.ceil(seeds)), '--from', '1', '--focus', focus, '--first'];
  return { name: `simulation of ${focus}`, args: ['test/simulation/main.ts', ...args] };
}

function passes(tree: string, { args }: Killer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: tree, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code === 0));
  });
}

await main();
