import { posix } from 'node:path';
import { nameVariables, shortenedBase, unknownVariables } from '../images/fileName.ts';
import { hasExtension, resultExtensions } from '../images/imageExtensions.ts';
import { withSmallDrive } from './drive.ts';
import { RequestError } from './requestError.ts';

/** Rules about where results go. Paths are those of URIs: absolute, with forward slashes. */

/** The folder and document that a setting may speak of. */
export interface DirectoryFacts {
  /** The workspace folder. */
  folderPath: string;
  /** A document in that folder. */
  documentPath?: string | undefined;
}

/**
 * Fills in the setting `output.directory`: the variables of `markdown.copyFiles.destination`, as far
 * as they name folders. Without a document they mean the workspace folder.
 * @returns a path from the workspace folder, or an absolute one.
 * @throws RequestError for a variable that does not exist.
 */
export function expandDirectory(
  directory: string,
  { folderPath, documentPath = folderPath }: DirectoryFacts,
): string {
  const documentFolder = documentPath === folderPath ? folderPath : posix.dirname(documentPath);
  const fromFolder = posix.relative(folderPath, documentFolder) || '.';
  const name = posix.basename(documentPath);
  const values = new Map(
    Object.entries({
      documentDirName: fromFolder,
      documentRelativeDirName: fromFolder,
      documentFileName: name,
      documentBaseName: withoutExtension(name),
      documentExtName: posix.extname(name).slice(1),
      documentWorkspaceFolder: '.',
      workspaceFolder: '.',
    }),
  );
  const names = [...directory.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
  const variable = names.find((name) => !values.has(name));
  if (variable !== undefined) {
    const known = [...values.keys()];
    throw new RequestError({
      kind: 'unknownVariable',
      setting: 'output.directory',
      variable,
      known,
    });
  }
  const filled = directory.replace(/\$\{(\w+)\}/g, (_, name: string) => values.get(name) ?? '');
  return filled.replace(/^\/(?=\.)/, '');
}

/** @throws RequestError for a variable that a template of file names does not know. */
export function checkNameTemplate(
  setting: 'output.fileName' | 'edit.fileName',
  template: string,
): void {
  const known = setting === 'edit.fileName' ? ['name', ...nameVariables] : nameVariables;
  const variable = unknownVariables(template).find((name) => !known.includes(name));
  if (variable !== undefined)
    throw new RequestError({ kind: 'unknownVariable', setting, variable, known });
}

/** The template for the result of an edit, with the name of its source filled in. */
export function editNameTemplate(template: string, sourcePath: string): string {
  checkNameTemplate('edit.fileName', template);
  // A file's own name is no template, whatever it contains.
  const name = shortenedBase(withoutExtension(posix.basename(sourcePath))).replaceAll('${', '{');
  return template.replaceAll('${name}', () => name);
}

/** The name of the file that an output path asks for; undefined when it can only be a folder. */
export function fileNameOfOutput(path: string): string | undefined {
  return hasExtension(path, resultExtensions) ? withoutExtension(posix.basename(path)) : undefined;
}

/** Whether a path lies in a folder, or is it. */
export function isPathInside(path: string, folderPath: string): boolean {
  const relative = posix.relative(withSmallDrive(folderPath), withSmallDrive(path));
  return relative !== '..' && !relative.startsWith('../');
}

function withoutExtension(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
