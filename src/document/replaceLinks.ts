import { posix } from 'node:path';
import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { canChange, fileOf } from '../editor/files/documentFile.ts';
import { displayPath } from '../editor/files/workspaceFiles.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { inform, runWithProgress } from '../editor/say/notifications.ts';
import { hasExtension, imageExtensions } from '../images/imageExtensions.ts';
import { isNamedIn, namesOf, replacementAt, type Replacement } from './linksTo.ts';
import { languageOfText } from './textLanguage.ts';
import { maxAttempts, upToDate } from './upToDate.ts';

/** Larger files are data, not texts that somebody writes. */
const maxFileBytes = 2_000_000;
const maxFiles = 20_000;
/** More links to one image than any text has that a user wrote. */
const maxLinks = 500;

/** The first of the texts that the user has open and that link to an image. */
export async function openTextWith(
  image: vscode.Uri,
  first: vscode.Uri | undefined,
): Promise<vscode.TextDocument | undefined> {
  const { activeTextEditor, visibleTextEditors, tabGroups } = vscode.window;
  const inTabs = tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  const seen = [activeTextEditor, ...visibleTextEditors].flatMap((editor) =>
    editor ? [editor.document.uri] : [],
  );
  const { textDocuments } = vscode.workspace;
  const token = new vscode.CancellationTokenSource().token;
  for (const uri of new Map(
    [...(first ? [first] : []), ...seen, ...inTabs].map((each) => [each.toString(), each]),
  ).values()) {
    const document = textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (!document || !canChange(uri)) continue;
    if ((await replacementsIn(document, image, image, token)).length > 0) return document;
  }
  return undefined;
}

/** Lets all links of a text to one image lead to another, in one step to undo. */
export async function replaceIn(
  document: vscode.TextDocument,
  image: vscode.Uri,
  other: vscode.Uri,
): Promise<void> {
  const { token } = new vscode.CancellationTokenSource();
  const current = await vscode.workspace.openTextDocument(document.uri);
  const name = displayPath(current.uri);
  const findIn = (text: vscode.TextDocument) => replacementsIn(text, image, other, token);
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const found = (await upToDate([current], findIn)).get(current);
    if (!found) break;
    if (found.length === 0) {
      void inform(
        fillIn(
          vscode.l10n.t('{0} has no link to {1} that could be replaced.'),
          name,
          displayPath(image),
        ),
      );
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    for (const each of found) edit.replace(current.uri, rangeOf(current, each), each.text);
    const { version } = current;
    if (await vscode.workspace.applyEdit(edit)) {
      const isSeen = vscode.window.visibleTextEditors.some((each) => each.document === current);
      if (!isSeen) await vscode.window.showTextDocument(current);
      return;
    }
    // Typed meanwhile: what was found is elsewhere now.
    if (current.version === version) break;
  }
  throw new LocalizedError('writeFailed', fillIn(vscode.l10n.t('{0} cannot be changed.'), name));
}

/** The same in all texts of the workspace, in the editor's own preview of a refactoring. */
export async function replaceEverywhere(image: vscode.Uri, other: vscode.Uri): Promise<void> {
  const title = fillIn(vscode.l10n.t('Looking for links to {0}'), displayPath(image));
  const edit = await runWithProgress(title, (_, token) => editOfAll(image, other, token));
  if (!edit) return;
  if (edit.size > 0) await vscode.workspace.applyEdit(edit, { isRefactoring: true });
  else {
    void inform(
      fillIn(vscode.l10n.t('No file of the workspace links to {0}.'), displayPath(image)),
    );
  }
}

/** Each replacement waits in the preview to be confirmed. @returns undefined when it was cancelled */
export async function editOfAll(
  image: vscode.Uri,
  other: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<vscode.WorkspaceEdit | undefined> {
  const edit = new vscode.WorkspaceEdit();
  const label = fillIn(vscode.l10n.t('Replace {0}'), displayPath(image));
  const exclude = '**/{node_modules,.git}/**';
  const files = await vscode.workspace.findFiles('**/*', exclude, maxFiles, token);
  const documents: vscode.TextDocument[] = [];
  for (const uri of files.filter(({ path }) => !hasExtension(path, imageExtensions))) {
    if (token.isCancellationRequested) return undefined;
    const document = await textNaming(uri, image);
    if (document) documents.push(document);
  }
  // The editor takes the edit for one of the texts as they are when it gets it.
  const found = await upToDate(documents, async (document) =>
    token.isCancellationRequested ? [] : await replacementsIn(document, image, other, token),
  );
  if (token.isCancellationRequested) return undefined;
  for (const [document, replacements] of found)
    for (const each of replacements)
      edit.replace(document.uri, rangeOf(document, each), each.text, {
        label,
        needsConfirmation: true,
      });
  return edit;
}

/** A file that has the name in it; the editor opens no others, which may be of any kind. */
async function textNaming(
  uri: vscode.Uri,
  image: vscode.Uri,
): Promise<vscode.TextDocument | undefined> {
  try {
    const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === String(uri));
    if (open) return open;
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > maxFileBytes) return undefined;
    const text = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
    if (text.includes('\0') || !isNamedIn(text, image.path)) return undefined;
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    return undefined;
  }
}

/** What is written in a text so that its links to one image lead to another. */
async function replacementsIn(
  document: vscode.TextDocument,
  image: vscode.Uri,
  other: vscode.Uri,
  token: vscode.CancellationToken,
): Promise<Replacement[]> {
  const language = languageOfText(document);
  if (language === undefined || image.scheme !== other.scheme) return [];
  const from = fileOf(document);
  const folder = from ? posix.dirname(from.path) : vscode.workspace.workspaceFolders?.[0]?.uri.path;
  const file = { oldPath: image.path, newPath: other.path, folder };
  const links = await import('./imageLinks.ts');
  const text = document.getText();
  const reach = links.charsToRead(language) / 2;
  const found = new Map<number, Replacement>();
  for (const at of namesOf(text, language, image.path)) {
    if (found.size >= maxLinks) break;
    const linked = await links.linkedImageAt(document, document.positionAt(at), token);
    if (linked?.toString() !== image.toString()) continue;
    const begin = Math.max(0, at - reach);
    const near = text.slice(begin, at + reach);
    const each = replacementAt(near, language, at - begin, file, links);
    if (!each) continue;
    const whole = { begin: begin + each.begin, end: begin + each.end, text: each.text };
    found.set(whole.begin, whole);
  }
  return [...found.values()];
}

function rangeOf(document: vscode.TextDocument, { begin, end }: Replacement): vscode.Range {
  return new vscode.Range(document.positionAt(begin), document.positionAt(end));
}
