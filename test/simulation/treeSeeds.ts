import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** So many seeds each run of `npm test` tries. */
export const treeSeedCount = 2_000;

const root = join(import.meta.dirname, '../..');
/** What decides how a seed runs. */
const sources = ['src/appError.ts', 'src/{jobs,evolink,images,requests}/**', 'test/simulation/**'];

/**
 * The first seed of `npm test`, which the sources decide: every change of them brings seeds that no
 * run has tried, and the same tree always runs the same ones. Random seeds would fail a change by
 * luck, and not again.
 */
export function firstTreeSeed(): number {
  const paths = globSync(sources, { cwd: root }).filter((path) => path.endsWith('.ts'));
  return firstSeedOf(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')] as const));
}

/** A multiple of the count, so that two trees share no seed or all of them. */
export function firstSeedOf(files: readonly (readonly [path: string, text: string])[]): number {
  const hash = createHash('sha256');
  const normalised = files.map(([path, text]) => ({
    path: path.replaceAll('\\', '/'),
    text: text.replaceAll('\r\n', '\n'),
  }));
  normalised.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, text } of normalised) hash.update(`${path}\0${text}\0`);
  return hash.digest().readUInt32BE(0) * treeSeedCount;
}

/** The seeds of one of so many processes. */
export function shareOfSeeds(part: number, parts: number): { offset: number; count: number } {
  const offset = Math.floor((treeSeedCount * (part - 1)) / parts);
  return { offset, count: Math.floor((treeSeedCount * part) / parts) - offset };
}
