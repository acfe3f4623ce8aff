import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { codeOf } from '../../jobs/steps/fileErrors.ts';

/**
 * Where a folder of a workspace really lies when that is outside the workspace, because a link of
 * the file system leads there. What is not made yet lies where its nearest ancestor does.
 * @param roots paths of the workspace's folders
 * @param realpath fails as Node's does
 * @returns undefined when it lies inside, or when it is not even named as a part of the workspace
 */
export async function whereItLeads(
  folder: string,
  roots: readonly string[],
  realpath: (path: string) => Promise<string>,
): Promise<string | undefined> {
  const own = roots.filter((root) => isWithin(folder, root));
  if (own.length === 0) return undefined;
  const real = await realOrFuturePath(folder, realpath);
  for (const root of own) if (isWithin(real, await realpath(root))) return undefined;
  return real;
}

async function realOrFuturePath(
  path: string,
  realpath: (path: string) => Promise<string>,
): Promise<string> {
  try {
    return await realpath(path);
  } catch (thrown) {
    const parent = dirname(path);
    if (codeOf(thrown) !== 'ENOENT' || parent === path) throw thrown;
    return join(await realOrFuturePath(parent, realpath), path.slice(parent.length));
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
