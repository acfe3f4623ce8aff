import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hostLaneNames } from './host/lanes.ts';

const root = join(import.meta.dirname, '..');

export type SuiteName =
  'lint' | 'types' | 'unit' | 'faults' | 'simulation' | 'host' | 'e2e' | 'desktop';

/** What one process runs: several parts can run side by side. */
export interface Part {
  suite: SuiteName;
  /** How the part is called in what is printed, unique among all parts. */
  name: string;
  /** Test files, lanes of the host suites, or a program with its arguments. */
  args: string[];
}

/** What a contributor runs before a change is proposed: `npm run check`. */
const checkSuites: readonly SuiteName[] = ['lint', 'types', 'unit'];

/** Suites of `npm test`. */
const defaultSuites: readonly SuiteName[] = [...checkSuites, 'faults', 'simulation', 'host', 'e2e'];

/** The desktop build has to be downloaded: its tests run only when they are named. */
const suiteNames: readonly SuiteName[] = [...defaultSuites, 'desktop'];

/** Processes that share the seeds of a tree. */
const simulationParts = 2;

/** The programs that read the sources. The pages have types of their own: the browser's. */
const programs = {
  lint: [
    ['eslint', '.'],
    ['prettier', '--check', '.'],
  ],
  types: [['tsc'], ['tsc', '--project', 'src/webview']],
};

/** The suites of a name on the command line; all of `npm test` without one. */
export function suitesNamed(name: string | undefined): readonly SuiteName[] {
  if (name === undefined) return defaultSuites;
  if (name === 'check') return checkSuites;
  const suite = suiteNames.find((each) => each === name);
  if (!suite)
    throw new Error(`There is no suite ${name}; there are check, ${suiteNames.join(', ')}`);
  return [suite];
}

/** The parts of a suite, or those whose file or lane has `only` in its name. */
export function partsOf(suite: SuiteName, only = ''): Part[] {
  switch (suite) {
    case 'lint':
    case 'types':
      return programs[suite]
        .map((args) => ({ suite, name: args.join(' '), args }))
        .filter(({ name }) => name.includes(only));
    case 'simulation':
      return Array.from({ length: simulationParts }, (_, index) => {
        const args = [String(index + 1), String(simulationParts)];
        return { suite, name: `simulation ${args.join(' of ')}`, args };
      }).filter(({ name }) => name.includes(only));
    case 'desktop':
      return [{ suite, name: suite, args: [] }];
    case 'unit':
      return unitParts(testFiles('unit/**', only));
    case 'faults':
      // One process, which adds up what was injected and what came of it.
      return together(suite, testFiles('faults', only));
    case 'host':
      return hostLaneNames
        .filter((name) => name.includes(only))
        .map((name) => ({ suite, name, args: [name] }));
    case 'e2e':
      return testFiles('e2e', only).map((file) => ({
        suite,
        name: `e2e ${basename(file, '.test.ts')}`,
        args: [file],
      }));
  }
}

/** Every expression of the sources is tried for a while: beside all others, not before or after. */
function unitParts(files: string[]): Part[] {
  const isSlow = (file: string) => file.includes(join('unit', 'expressions'));
  return [
    ...together(
      'unit',
      files.filter((file) => !isSlow(file)),
    ),
    ...together('unit', files.filter(isSlow)).map((part) => ({
      ...part,
      name: 'unit expressions',
    })),
  ];
}

function together(suite: SuiteName, files: string[]): Part[] {
  return files.length === 0 ? [] : [{ suite, name: suite, args: files }];
}

function testFiles(folder: string, only: string): string[] {
  return globSync(`test/${folder}/*.test.ts`, { cwd: root })
    .filter((file) => file.includes(only))
    .toSorted()
    .map((file) => join(root, file));
}
