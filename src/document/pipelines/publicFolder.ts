import { packagesIn } from './pipeline.ts';

/** What sites are built by, and the folder whose files they give out from the root. */
const byPackage: readonly [name: string, folder: string][] = [
  ['gatsby', 'static'],
  ['@docusaurus/core', 'static'],
  ['@sveltejs/kit', 'static'],
  ['gridsome', 'static'],
  ['next', 'public'],
  ['astro', 'public'],
  ['react-scripts', 'public'],
  ['@vue/cli-service', 'public'],
  ['@remix-run/dev', 'public'],
  ['@react-router/dev', 'public'],
];
/** Settings and folders that only one kind of site has, and what it serves from there on. */
const byMark: readonly [mark: string, folder: string][] = [
  ['hugo.toml', 'static'],
  ['hugo.yaml', 'static'],
  ['hugo.yml', 'static'],
  ['hugo.json', 'static'],
  ['archetypes', 'static'],
  ['.vuepress', '.vuepress/public'],
  ['.vitepress', 'public'],
  // To Sphinx a slash is the folder of its settings.
  ['conf.py', '.'],
];
export const marksOfSites = byMark.map(([mark]) => mark);

/** @param areThere whether each of the marks is in a folder */
export function publicFolderByMarks(areThere: readonly boolean[]): string | undefined {
  return byMark.find((_, index) => areThere[index])?.[1];
}

/**
 * The folder whose files a project's site gives out from the root. Others of such names may be written by
 * its build, which empties them.
 * @param json the text of its package.json
 */
export function publicFolderOf(json: string): string | undefined {
  const names = packagesIn(json);
  return byPackage.find(([name]) => names.has(name))?.[1];
}
