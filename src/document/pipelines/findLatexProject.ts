import { posix } from 'node:path';
import { FileType, workspace, type Uri } from 'vscode';
import { foldersAbove } from '../linkTargets.ts';
import { graphicsFolders, isLatexFile, rootOfLatex } from './latexProject.ts';
import { readShortText } from './readShortText.ts';

/** More than this is no folder of one document. */
const maxFiles = 60;

/** The nearest folder with a document of LaTeX that has a class, from the one of a part of it upwards. */
export async function findMainFolder(part: Uri): Promise<string | undefined> {
  const root = workspace.getWorkspaceFolder(part)?.uri;
  if (!root) return undefined;
  for (const folder of foldersAbove(part.path, root.path)) {
    const texts = await textsIn(part.with({ path: folder }));
    if (texts.some((text) => rootOfLatex(text).isMain)) return folder;
  }
  return undefined;
}

/** Folders that the main document, or a preamble beside it, names for images. */
export async function findGraphicsFolders(folder: Uri): Promise<string[]> {
  return workspace.getWorkspaceFolder(folder) ? graphicsFolders(await textsIn(folder)) : [];
}

async function textsIn(folder: Uri): Promise<string[]> {
  try {
    const entries = await workspace.fs.readDirectory(folder);
    const files = entries.filter(([name, type]) => type & FileType.File && isLatexFile(name));
    const texts = files
      .slice(0, maxFiles)
      .map(([name]) => readShortText(folder.with({ path: posix.join(folder.path, name) })));
    return (await Promise.all(texts)).filter((text) => text !== undefined);
  } catch {
    return [];
  }
}
