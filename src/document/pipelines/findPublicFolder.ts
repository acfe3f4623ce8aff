import { posix } from 'node:path';
import { workspace, type Uri } from 'vscode';
import { isThere } from '../isThere.ts';
import { foldersAbove } from '../linkTargets.ts';
import { marksOfSites, publicFolderByMarks, publicFolderOf } from './publicFolder.ts';
import { readShortText } from './readShortText.ts';

/**
 * The folder whose files the site of a document gives out from the root, by the nearest project that tells
 * what builds it; whether it is there yet or not. Nothing of the project is run.
 */
export async function findPublicFolder(document: Uri): Promise<string | undefined> {
  const root = workspace.getWorkspaceFolder(document)?.uri;
  if (!root) return undefined;
  const folders = foldersAbove(document.path, root.path);
  const found = await Promise.all(folders.map((folder) => folderIn(folder, document)));
  return found.find((folder) => folder !== undefined);
}

async function folderIn(project: string, document: Uri): Promise<string | undefined> {
  const at = (name: string) => document.with({ path: posix.join(project, name) });
  const [json, ...marks] = await Promise.all([
    readShortText(at('package.json')),
    ...marksOfSites.map((name) => isThere(at(name))),
  ]);
  const ofPackage = json === undefined ? undefined : publicFolderOf(json);
  const folder = ofPackage ?? publicFolderByMarks(marks);
  return folder === undefined ? undefined : posix.join(project, folder);
}
