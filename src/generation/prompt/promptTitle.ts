import { posix } from 'node:path';
import * as vscode from 'vscode';
import { nameOf } from '../references/referenceFiles.ts';
import { oneLine } from '../../editor/say/plainLine.ts';
import { fillIn } from '../../editor/say/fillIn.ts';

/** A title is one line; what is more is counted. */
const maxNamed = 4;

/** Prompts speak of "image 1", so the title says which that is. */
export function titleForEdit(images: readonly string[]): string {
  const names = distinctNames(images).map((name) => oneLine(name));
  if (names.length === 1) return fillIn(vscode.l10n.t('Edit {0}'), names.join(''));
  const count = names.length;
  const numbered = names.map((name, index) => `${String(index + 1)} ${name}`);
  const named = numbered.slice(0, maxNamed).join(', ');
  return count > maxNamed
    ? fillIn(vscode.l10n.t('Edit {0} Images: {1} and {2} more'), count, named, count - maxNamed)
    : fillIn(vscode.l10n.t('Edit {0} Images: {1}'), count, named);
}

/** Names, with the folder of those that are called alike. */
function distinctNames(images: readonly string[]): string[] {
  const uris = images.map((image) => vscode.Uri.parse(image));
  const names = uris.map(nameOf);
  return uris.map((uri, index) => {
    const name = names[index] ?? '';
    const isShared = names.filter((other) => other === name).length > 1;
    const folder = posix.basename(posix.dirname(uri.path));
    return isShared && folder ? `${folder}/${name}` : name;
  });
}
