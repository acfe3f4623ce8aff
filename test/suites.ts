import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hostLaneNames } from './host/lanes.ts';

const root = join(import.meta.dirname, '..');

export type SuiteName = 'lint' | 'unit' | 'faults' | 'host' | 'e2e' | 'desktop';

/** What one process runs: several parts can run side by side. */
export interface Part {
  suite: SuiteName;
  /** How the part is called in what is printed, unique among all parts. */
  name: string;
  /** Test files, or lanes of the host suites. */
  args: string[];
}

/** Suites of `npm test`. The desktop build runs only when it is named: it has to be downloaded. */
export const defaultSuites: readonly SuiteName[] = ['lint', 'unit', 'faults', 'host', 'e2e'];

export const suiteNames: readonly SuiteName[] = [...defaultSuites, 'desktop'];

/** The parts of a suite, or those whose file or lane has `only` in its name. */
export function partsOf(suite: SuiteName, only = ''): Part[] {
  switch (suite) {
    case 'lint':
    case 'desktop':
      return [{ suite, name: suite, args: [] }];
    case 'unit':
      return together(suite, testFiles('unit/**', only));
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

function together(suite: SuiteName, files: string[]): Part[] {
  return files.length === 0 ? [] : [{ suite, name: suite, args: files }];
}

function testFiles(folder: string, only: string): string[] {
  return globSync(`test/${folder}/*.test.ts`, { cwd: root })
    .filter((file) => file.includes(only))
    .toSorted()
    .map((file) => join(root, file));
}
