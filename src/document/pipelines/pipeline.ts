/** What a project makes of its images by itself, for which they have to be written in its own way. */
export type Pipeline = 'astro' | 'next' | 'enhancedImg' | 'imagetools';

/** A project, as its package.json tells. */
export interface Project {
  /** Absolute, with forward slashes. */
  folder: string;
  pipeline: Pipeline;
}

/** The first that a project depends on counts: those that build on another come before it. */
const packages: readonly [name: string, Pipeline][] = [
  ['astro', 'astro'],
  ['next', 'next'],
  ['@sveltejs/enhanced-img', 'enhancedImg'],
  ['vite-imagetools', 'imagetools'],
];
const groups = ['dependencies', 'devDependencies', 'peerDependencies'];

export function pipelineOf(json: string): Pipeline | undefined {
  const names = packagesIn(json);
  return packages.find(([name]) => names.has(name))?.[1];
}

/**
 * The packages that a project depends on.
 * @param json the text of a package.json, which may be anybody's
 */
export function packagesIn(json: string): ReadonlySet<string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return new Set();
  }
  return new Set(groups.flatMap((group) => namesIn(fieldOf(parsed, group))));
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function namesIn(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
