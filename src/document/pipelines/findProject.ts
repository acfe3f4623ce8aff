import { posix } from 'node:path';
import * as vscode from 'vscode';
import { fileOf } from '../../editor/files/documentFile.ts';
import { pipelineOf, type Project } from './pipeline.ts';
import { readShortText } from './readShortText.ts';

const maxLevels = 20;

/** The project of a document by the nearest package.json in its workspace folder; nothing of it is run. */
export async function findProject(document: vscode.TextDocument): Promise<Project | undefined> {
  const file = fileOf(document);
  const root = file && vscode.workspace.getWorkspaceFolder(file)?.uri;
  if (!file || !root) return undefined;
  let folder = posix.dirname(file.path);
  for (let level = 0; level < maxLevels && isWithin(folder, root.path); level += 1) {
    const json = await readShortText(file.with({ path: posix.join(folder, 'package.json') }));
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
