import { posix } from 'node:path';
import { nameVariables, shortenedBase } from '../images/fileName.ts';
import { hasExtension, resultExtensions } from '../images/imageExtensions.ts';
import { withSmallDrive } from './drive.ts';
import { RequestError } from './requestError.ts';
import { parseVariables } from './settingVariables.ts';

/** Rules about where results go. Paths are those of URIs: absolute, with forward slashes. */

/** @throws RequestError for a variable that a template of file names does not know. */
export function checkNameTemplate(
  setting: 'output.fileName' | 'edit.fileName',
  template: string,
): void {
  const known = setting === 'edit.fileName' ? ['name', ...nameVariables] : nameVariables;
  const unknown = parseVariables(template).find(
    (piece) => typeof piece !== 'string' && !known.includes(piece.text),
  );
  if (typeof unknown === 'object')
    throw new RequestError({ kind: 'unknownVariable', setting, variable: unknown.text, known });
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
