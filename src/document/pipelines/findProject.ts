import { posix } from 'node:path';
import * as vscode from 'vscode';
import { fileOf } from '../../editor/files/documentFile.ts';
import { pipelineOf, type Project } from './pipeline.ts';

/** A longer one is no package.json that somebody wrote. */
const maxBytes = 500_000;
const maxLevels = 20;

/** The project of a document by the nearest package.json in its workspace folder; nothing of it is run. */
export async function findProject(document: vscode.TextDocument): Promise<Project | undefined> {
  const file = fileOf(document);
  const root = file && vscode.workspace.getWorkspaceFolder(file)?.uri;
  if (!file || !root) return undefined;
  let folder = posix.dirname(file.path);
  for (let level = 0; level < maxLevels && isWithin(folder, root.path); level += 1) {
    const json = await readText(file.with({ path: posix.join(folder, 'package.json') }));
    if (json !== undefined) {
      const pipeline = pipelineOf(json);
      return pipeline && { folder, pipeline };
    }
    folder = posix.dirname(folder);
  }
  return undefined;
}

function isWithin(folder: string, root: string): boolean {
  const whole = root.replace(/\/$/, '');
  return folder === whole || folder.startsWith(`${whole}/`);
}

async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { size, type } = await vscode.workspace.fs.stat(uri);
    if ((type & vscode.FileType.File) === 0 || size > maxBytes) return undefined;
    return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
  } catch {
    return undefined;
  }
}
