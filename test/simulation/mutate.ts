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
const seedsToKill = Number(process.env['MUTATION_SEEDS'] ?? 600);

type Outcome = 'killed' | 'survived' | 'does not apply';

async function main(): Promise<void> {
  const words = process.argv.slice(2).map((word) => word.toLowerCase());
  const all = [...onceSurvivors, ...knownFaults, ...furtherMutations];
  const chosen = all.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const tree = await copyTree();
  try {
    const broken = await findBroken(tree, chosen);
    const outcomes: Outcome[] = [];
    for (const mutation of chosen) {
      const startedMs = performance.now();
      const { outcome, by } = await mutate(tree, mutation, broken);
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

/**
 * What fails without any fault tells none: a unit test must not, and checks that the simulator finds
 * broken do not count. @returns those checks, by what the plans focus on.
 */
async function findBroken(
  tree: string,
  chosen: readonly Mutation[],
): Promise<Map<string, readonly string[]>> {
  const tests = [...new Set(chosen.flatMap(({ killedBy }) => killedBy ?? []))];
  for (const test of tests)
    if (!(await run(tree, unitTest(test))).isPassed)
      throw new Error(`${test} fails without any mutation`);
  const broken = new Map<string, readonly string[]>();
  const focuses = new Set(chosen.filter(({ killedBy }) => !killedBy).map(focusOf));
  for (const focus of focuses) {
    const all = simulation(focus, seedsToKill, []);
    const { output } = await run(tree, {
      ...all,
      args: all.args.filter((arg) => arg !== '--first'),
    });
    const checks = [...output.matchAll(/^(.+): \d+ seeds, e\.g\./gm)].map(
      (match) => match[1] ?? '',
    );
    broken.set(focus, checks);
    if (checks.length > 0)
      console.log(`Without any mutation, ${focus} breaks ${checks.join(' and ')}: not counted`);
  }
  return broken;
}

async function mutate(
  tree: string,
  mutation: Mutation,
  broken: ReadonlyMap<string, readonly string[]>,
): Promise<{ outcome: Outcome; by: string }> {
  const { file, find, replace, killedBy } = mutation;
  const path = join(tree, file);
  const original = await readFile(path, 'utf8');
  if (original.split(find).length !== 2) return { outcome: 'does not apply', by: file };
  await writeFile(
    path,
    original.replace(find, () => replace),
  );
  try {
    const killers = killedBy?.map(unitTest) ?? [
      simulation(focusOf(mutation), seedsToKill, broken.get(focusOf(mutation)) ?? []),
    ];
    for (const killer of killers) {
      const { isPassed, output } = await run(tree, killer);
      if (isPassed) continue;
      // A fault that does not even load is none.
      const hasFound = killer.finds.test(output);
      return { outcome: hasFound ? 'killed' : 'does not apply', by: killer.name };
    }
    return { outcome: 'survived', by: killers.map(({ name }) => name).join(', ') };
  } finally {
    await writeFile(path, original);
  }
}

interface Killer {
  name: string;
  args: readonly string[];
  /** What it prints when it has found something. */
  finds: RegExp;
  /** Checks of the simulator that do not count. */
  ignored?: readonly string[];
}

function unitTest(test: string): Killer {
  const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
  return {
    name: test,
    args: [mocha, '--timeout', '60000', join('test', 'unit', test)],
    finds: /\d+ failing/,
  };
}

function focusOf({ focus = ['nothing'] }: Mutation): string {
  return focus.join(',');
}

function simulation(focus: string, seeds: number, ignored: readonly string[]): Killer {
  const args = [
    '--seeds',
    String(Math.ceil(seeds)),
    '--from',
    '1',
    '--focus',
    focus,
    '--brief',
    '--first',
  ];
  return {
    name: `simulation of ${focus}`,
    args: ['test/simulation/main.ts', ...args],
    finds: /seeds, e\.g\./,
    ignored,
  };
}

function run(
  tree: string,
  { args, ignored = [] }: Killer,
): Promise<{ isPassed: boolean; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: tree,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, SIMULATION_IGNORE: ignored.join(';') },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ isPassed: code === 0, output }));
  });
}

await main();
