import { posix } from 'node:path';
import { FileType, workspace, type Uri } from 'vscode';
import { isThere } from '../isThere.ts';
import { foldersAbove } from '../linkTargets.ts';
import { remembering } from '../remembering.ts';
import {
  graphicsFolders,
  latexFilesOf,
  mainPathsOf,
  readLatexFile,
  type LatexFile,
} from './latexProject.ts';
import { readShortText } from './readShortText.ts';

/** The file that a part names as its main document, where it is one of the workspace. */
export async function findNamedMain(part: Uri, main: string): Promise<string | undefined> {
  for (const path of mainPathsOf(part.path, main)) {
    const file = part.with({ path });
    if (workspace.getWorkspaceFolder(file) && (await isThere(file))) return path;
  }
  return undefined;
}

/** The nearest folder with a main document of LaTeX, from the one of a part of it upwards. */
export async function findMainFolder(part: Uri): Promise<string | undefined> {
  const root = workspace.getWorkspaceFolder(part)?.uri;
  if (!root) return undefined;
  for (const folder of foldersAbove(part.path, root.path)) {
    const files = await latexFilesIn(part.with({ path: folder }));
    if (files.some(({ isMain }) => isMain)) return folder;
  }
  return undefined;
}

/**
 * Folders that the project of a part names for images.
 * @param main the main document, where it is known
 */
export async function findGraphicsFolders(
  folder: Uri,
  part: string,
  main: string | undefined,
): Promise<string[]> {
  if (!workspace.getWorkspaceFolder(folder)) return [];
  return graphicsFolders(await latexFilesIn(folder), part, main);
}

const latexFilesIn = remembering(readFolder, () => performance.now());

async function readFolder(folder: Uri): Promise<LatexFile[]> {
  try {
    const entries = await workspace.fs.readDirectory(folder);
    const files = entries.filter(([, type]) => type & FileType.File);
    const read = latexFilesOf(files.map(([name]) => name)).map(async (name) => {
      const path = posix.join(folder.path, name);
      const text = await readShortText(folder.with({ path }));
      return text === undefined ? undefined : readLatexFile(path, text);
    });
    return (await Promise.all(read)).filter((file) => file !== undefined);
  } catch {
    return [];
  }
}
