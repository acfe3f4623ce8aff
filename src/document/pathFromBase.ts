import { posix } from 'node:path';
import { foldersAbove, pathOfLink, servedFolders, type LinkPlace } from './linkTargets.ts';

/** Folders of sources that a build gives out from the root. */
const sourceFolders = ['src', 'app'];

/**
 * A path from a page's folder, as it is written where the `<base>` of the page names another.
 * @param base the folder that it names, as it is written, or the address of one
 * @param path with forward slashes; whole where none leads there from the page's folder
 * @returns undefined where no link of the page leads there
 */
export function pathFromBase(base: string, path: string, place: LinkPlace): string | undefined {
  const { documentPath } = place;
  const folder = pathOfLink(base);
  if (folder === undefined) return undefined;
  if (documentPath === undefined || /^(?:[a-z]:)?\//i.test(path)) return path;
  const beside = posix.dirname(documentPath);
  const file = posix.join(beside, path);
  if (!folder.startsWith('/')) return posix.relative(posix.join(beside, folder), file);
  const root = rootFor(file, place);
  if (root === undefined) return undefined;
  return posix.relative(folder, `/${posix.relative(root, file)}`);
}

/** The folder that a site gives a file out from: what it serves, what the page is built in, or all of it. */
function rootFor(file: string, { documentPath, folderPath, served = [] }: LinkPlace) {
  if (documentPath === undefined || folderPath === undefined) return undefined;
  const names = [...served, ...servedFolders];
  const levels = foldersAbove(documentPath, folderPath);
  const ofServer = levels.flatMap((level) => names.map((name) => posix.join(level, name)));
  const ofPage = levels.filter((level) =>
    [...names, ...sourceFolders].some((name) => level.endsWith(`/${name}`)),
  );
  return [...ofServer, ...ofPage, folderPath].find((root) => isWithin(file, root));
}

function isWithin(file: string, folder: string): boolean {
  return file.startsWith(`${folder.replace(/\/$/, '')}/`);
}
