import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { codeOf } from '../../jobs/steps/fileErrors.ts';

/** What is asked of the file system. Both fail as Node's do. */
export interface LinkReader {
  realpath: (path: string) => Promise<string>;
  readlink: (path: string) => Promise<string>;
}

/**
 * Where a folder of a workspace really lies when that is outside the workspace, because a link of
 * the file system leads there. What is not made yet lies where its nearest ancestor does, or where
 * the link leads that stands in its place.
 * @param roots paths of the workspace's folders
 * @returns undefined when it lies inside, or when it is not even named as a part of the workspace
 */
export async function whereItLeads(
  folder: string,
  roots: readonly string[],
  links: LinkReader,
): Promise<string | undefined> {
  const own = roots.filter((root) => isWithin(folder, root));
  if (own.length === 0) return undefined;
  const real = await realOrFuturePath(folder, links);
  for (const root of own) if (isWithin(real, await links.realpath(root))) return undefined;
  return real;
}

async function realOrFuturePath(path: string, links: LinkReader): Promise<string> {
  try {
    return await links.realpath(path);
  } catch (thrown) {
    const parent = dirname(path);
    if (codeOf(thrown) !== 'ENOENT' || parent === path) throw thrown;
    const realParent = await realOrFuturePath(parent, links);
    // A link to what is not made yet. One that leads to itself has failed otherwise.
    const target = await links.readlink(path).catch(() => undefined);
    return target === undefined
      ? join(realParent, path.slice(parent.length))
      : await realOrFuturePath(resolve(realParent, target), links);
  }
}

function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
