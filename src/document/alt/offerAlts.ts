import * as vscode from 'vscode';
import { runForUser } from '../../editor/errors/errorActions.ts';
import { displayPath } from '../../editor/files/workspaceFiles.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { inform } from '../../editor/say/notifications.ts';
import type { Replacement } from '../linksTo.ts';
import { outdatedAltsIn } from '../relinkDocument.ts';
import { upToDate } from '../upToDate.ts';

/**
 * Offers to let links that lead to another image now say what that shows. Nothing is changed unless a
 * user says so, and then what the texts are by that time. Does not wait for an answer.
 * @param words what the image shows
 */
export async function offerAlts(
  texts: readonly vscode.TextDocument[],
  image: vscode.Uri,
  words: string,
): Promise<void> {
  const [first] = texts;
  if (words === '' || !first) return;
  const { token } = new vscode.CancellationTokenSource();
  const find = () => upToDate(texts, (text) => outdatedAltsIn(text, image, words, token));
  const count = [...(await find()).values()].flat().length;
  if (count === 0) return;
  const name = displayPath(first.uri);
  const sentence =
    count === 1
      ? fillIn(vscode.l10n.t('An alt text in {0} may describe the earlier image.'), name)
      : fillIn(vscode.l10n.t('{0} alt texts in {1} may describe the earlier image.'), count, name);
  const update = vscode.l10n.t('Update Alt Text');
  void inform(sentence, update).then((chosen) => {
    if (chosen === update) runForUser(async () => await write(await find()));
  });
}

async function write(
  found: ReadonlyMap<vscode.TextDocument, readonly Replacement[]>,
): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  for (const [document, replacements] of found)
    for (const { begin, end, text } of replacements) {
      const range = new vscode.Range(document.positionAt(begin), document.positionAt(end));
      edit.replace(document.uri, range, text);
    }
  await vscode.workspace.applyEdit(edit);
}
