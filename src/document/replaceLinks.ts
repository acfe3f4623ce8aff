import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { canChange, openText } from '../editor/files/documentFile.ts';
import { displayPath } from '../editor/files/workspaceFiles.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { inform, runWithProgress, warn } from '../editor/say/notifications.ts';
import type { Relinked, Replacement } from './linksTo.ts';
import { offerAlts } from './alt/offerAlts.ts';
import { hasLinkTo, relinkDocument } from './relinkDocument.ts';
import { cellsWith, maxFiles, textsNaming } from './textFiles.ts';
import { maxAttempts, upToDate } from './upToDate.ts';

/** The first of the texts that the user has open and that link to an image: a cell for its notebook. */
export async function openTextWith(
  image: vscode.Uri,
  first: vscode.Uri | undefined,
): Promise<vscode.TextDocument | undefined> {
  const { activeTextEditor, visibleTextEditors, visibleNotebookEditors, tabGroups } = vscode.window;
  const inTabs = tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  const seen = [activeTextEditor, ...visibleTextEditors].flatMap((editor) =>
    editor ? [editor.document.uri] : [],
  );
  const cells = visibleNotebookEditors.flatMap(({ notebook }) =>
    notebook.getCells().map(({ document }) => document.uri),
  );
  const { textDocuments } = vscode.workspace;
  for (const uri of new Map(
    [...(first ? [first] : []), ...seen, ...cells, ...inTabs].map((each) => [String(each), each]),
  ).values()) {
    const document = textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (!document || !canChange(uri)) continue;
    if (await hasLinkTo(document, image)) return document;
  }
  return undefined;
}

/**
 * Lets all links of a text, or of the notebook of a cell, lead to another image, in one step to undo.
 * Alt texts stay; their change is offered.
 * @param words what the other image shows
 */
export async function replaceIn(
  document: vscode.TextDocument,
  image: vscode.Uri,
  other: vscode.Uri,
  words: string,
): Promise<void> {
  const { token } = new vscode.CancellationTokenSource();
  const name = displayPath(document.uri);
  const text = await openText(document.uri);
  if (!text) {
    void inform(fillIn(vscode.l10n.t('{0} was closed before it was saved.'), name));
    return;
  }
  const texts = cellsWith(text);
  const findIn = (each: vscode.TextDocument) => relinkDocument(each, image, other, token);
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const found = await upToDate(texts, findIn);
    if (found.size < texts.length) break;
    const edit = editOf(found);
    if (edit.size === 0 && !hasTrouble(found)) {
      void inform(
        fillIn(
          vscode.l10n.t('{0} has no link to {1} that could be replaced.'),
          name,
          displayPath(image),
        ),
      );
      return;
    }
    const versions = texts.map(({ version }) => version);
    if (edit.size === 0 || (await vscode.workspace.applyEdit(edit))) {
      const isSeen = vscode.window.visibleTextEditors.some((each) => each.document === text);
      const isCell = text.uri.scheme === 'vscode-notebook-cell';
      if (!isSeen && !isCell) await vscode.window.showTextDocument(text);
      tellOf({ found, unread: [], isCut: false }, other);
      await offerAlts(texts, other, words);
      return;
    }
    // Typed meanwhile: what was found is elsewhere now.
    if (texts.every(({ version }, index) => version === versions[index])) break;
  }
  throw new LocalizedError('writeFailed', fillIn(vscode.l10n.t('{0} cannot be changed.'), name));
}

/** The same in all texts of the workspace, in the editor's own preview of a refactoring. */
export async function replaceEverywhere(image: vscode.Uri, other: vscode.Uri): Promise<void> {
  const title = fillIn(vscode.l10n.t('Looking for links to {0}'), displayPath(image));
  const all = await runWithProgress(title, (_, token) => relinkAll(image, other, token));
  if (!all) return;
  const label = fillIn(vscode.l10n.t('Replace {0}'), displayPath(image));
  const edit = editOf(all.found, label);
  if (edit.size === 0 && !hasTrouble(all.found) && all.unread.length === 0 && !all.isCut) {
    void inform(
      fillIn(vscode.l10n.t('No file of the workspace links to {0}.'), displayPath(image)),
    );
    return;
  }
  tellOf(all, other);
  if (edit.size === 0) return;
  withPreview(edit, other, label);
  await vscode.workspace.applyEdit(edit, { isRefactoring: true });
}

/** What was found in the texts of the workspace. */
export interface RelinkedTexts {
  found: Map<vscode.TextDocument, Relinked>;
  /** Files that name the image and cannot be read. */
  unread: readonly vscode.Uri[];
  /** Whether there are more files than were looked at. */
  isCut: boolean;
}

/** @param most how many files are searched. @returns undefined when it was cancelled */
export async function relinkAll(
  image: vscode.Uri,
  other: vscode.Uri,
  token: vscode.CancellationToken,
  most = maxFiles,
): Promise<RelinkedTexts | undefined> {
  const { documents, unread, isCut } = await textsNaming(image, most, token);
  // The editor takes an edit for one of the texts as they are when it gets it.
  const found = await upToDate(documents, async (document) =>
    token.isCancellationRequested
      ? { replacements: [], left: [] }
      : await relinkDocument(document, image, other, token),
  );
  return token.isCancellationRequested ? undefined : { found, unread, isCut };
}

/** @param label under which the editor lists the changes */
function editOf(
  found: ReadonlyMap<vscode.TextDocument, Relinked>,
  label?: string,
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  const metadata = label === undefined ? undefined : { label, needsConfirmation: false };
  for (const [document, { replacements }] of found)
    for (const each of replacements)
      edit.replace(document.uri, rangeOf(document, each), each.text, metadata);
  return edit;
}

/**
 * Lets the editor show its preview before it makes an edit. It does so when a change is to be confirmed,
 * and leaves that unticked: so this is one that does nothing, as the file is there, and is not listed.
 */
function withPreview(edit: vscode.WorkspaceEdit, there: vscode.Uri, label: string): void {
  edit.createFile(there, { ignoreIfExists: true }, { label, needsConfirmation: true });
}

function hasTrouble(found: ReadonlyMap<vscode.TextDocument, Relinked>): boolean {
  return [...found.values()].some(({ left, isUnread }) => left.length > 0 || isUnread === true);
}

/** What was not replaced, and why. */
function tellOf({ found, unread, isCut }: RelinkedTexts, other: vscode.Uri): void {
  const all = [...found];
  const left = all.flatMap(([document, each]) =>
    each.left.map((at) => {
      const line = document.positionAt(at).line + 1;
      return `${displayPath(document.uri)}:${String(line)}`;
    }),
  );
  const tooLong = all.flatMap(([{ uri }, { isUnread }]) => (isUnread === true ? [uri] : []));
  const unreadNames = [...unread, ...tooLong].map(displayPath);
  const sentences = [
    left.length > 0 &&
      fillIn(
        vscode.l10n.t('No link from there would lead to {0}, so these stay as they are: {1}.'),
        displayPath(other),
        listed(left),
      ),
    unreadNames.length > 0 &&
      fillIn(vscode.l10n.t('These files could not be searched: {0}.'), listed(unreadNames)),
    isCut &&
      fillIn(vscode.l10n.t('Only {0} files of the workspace were searched.'), String(maxFiles)),
  ].filter((sentence) => sentence !== false);
  if (sentences.length > 0) void warn(sentences.join(' '));
}

const maxListed = 5;

function listed(names: readonly string[]): string {
  const more = names.length > maxListed ? ['…'] : [];
  return [...names.slice(0, maxListed), ...more].join(', ');
}

function rangeOf(document: vscode.TextDocument, { begin, end }: Replacement): vscode.Range {
  return new vscode.Range(document.positionAt(begin), document.positionAt(end));
}
