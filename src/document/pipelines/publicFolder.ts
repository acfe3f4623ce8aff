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
/** Hugo's settings, and a folder that only Hugo has. */
export const marksOfHugo = ['hugo.toml', 'hugo.yaml', 'hugo.yml', 'hugo.json', 'archetypes'];
export const folderOfHugo = 'static';

/**
 * The folder whose files a project's site gives out from the root. Others of such names may be written by
 * its build, which empties them.
 * @param json the text of its package.json
 */
export function publicFolderOf(json: string): string | undefined {
  const names = packagesIn(json);
  return byPackage.find(([name]) => names.has(name))?.[1];
}
