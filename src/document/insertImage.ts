import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { fileOf } from '../editor/files/documentFile.ts';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { absoluteLink, relativeLink } from '../editor/files/relativeLink.ts';
import { displayPath, relativePath } from '../editor/files/workspaceFiles.ts';
import { imageGlob } from '../images/imageGlob.ts';
import type { Job } from '../jobs/job.ts';
import { imageMarkup } from './imageMarkup.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { inform } from '../editor/say/notifications.ts';
import { chooseOne } from '../editor/say/quickInput.ts';

const maxOffered = 200;

/** Inserts images at the cursor of the active text, in the markup of its language. */
export async function insertImage(
  listRecent: (limit: number) => Job[],
  ...given: unknown[]
): Promise<void> {
  const uris = given.filter((uri) => uri instanceof vscode.Uri);
  if (uris.length < given.length)
    throw new LocalizedError(
      'badRequest',
      vscode.l10n.t('Only images by their Uri can be inserted.'),
    );
  if (uris.length > 0) await insertAtCursor(listRecent, uris);
  else await reportFailures(async () => insertAtCursor(listRecent, await pickImage()), undefined);
}

async function insertAtCursor(
  listRecent: (limit: number) => Job[],
  chosen: readonly vscode.Uri[],
): Promise<void> {
  if (chosen.length === 0) return;
  const editor = await textEditor();
  if (!editor) {
    const message = vscode.l10n.t('Open a text document first; the image is put at its cursor.');
    void inform(message);
    return;
  }
  const made = new Map(
    listRecent(maxOffered).flatMap((job) => (job.state === 'saved' ? [[job.uri, job.prompt]] : [])),
  );
  const text = chosen
    .map((uri) => markupFor(editor.document, uri, made.get(uri.toString()) ?? ''))
    .join('\n');
  if (!(await editor.edit((edit) => insertAfter(edit, editor.selection, text)))) {
    const name = displayPath(editor.document.uri);
    throw new LocalizedError('writeFailed', fillIn(vscode.l10n.t('{0} cannot be changed.'), name));
  }
  await vscode.window.showTextDocument(editor.document, editor.viewColumn);
}

/** At the cursor; after a selection, which may be the prompt and must stay. */
function insertAfter(edit: vscode.TextEditorEdit, selection: vscode.Selection, text: string): void {
  edit.insert(selection.end, selection.isEmpty ? text : `\n${text}`);
}

function markupFor(document: vscode.TextDocument, image: vscode.Uri, alt: string): string {
  const from = fileOf(document);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(image) !== undefined;
  const whole = isInWorkspace && !from ? relativePath(image) : absoluteLink(image);
  const path = (from && relativeLink(from, image)) ?? whole;
  return imageMarkup(document.languageId, { path, alt });
}

/** The active text editor; when an image was just opened, the text editor seen last. */
async function textEditor(): Promise<vscode.TextEditor | undefined> {
  const { activeTextEditor, visibleTextEditors, tabGroups } = vscode.window;
  const seen = [activeTextEditor, ...visibleTextEditors].find(
    (editor) => editor && canChange(editor.document.uri),
  );
  if (seen) return seen;
  const tabs = tabGroups.all.flatMap((group) => group.tabs);
  const texts = tabs.flatMap(({ input }) =>
    input instanceof vscode.TabInputText ? [input.uri] : [],
  );
  const uri = texts.findLast(canChange);
  return uri && (await vscode.window.showTextDocument(uri));
}

/** Excludes logs and old versions of files, which are text editors too and would be edited unseen. */
function canChange({ scheme }: vscode.Uri): boolean {
  const isOnNoDisk = scheme === 'untitled' || scheme === 'vscode-notebook-cell';
  return isOnNoDisk || vscode.workspace.fs.isWritableFileSystem(scheme) === true;
}

async function pickImage(): Promise<vscode.Uri[]> {
  const found = await vscode.workspace.findFiles(imageGlob, '**/node_modules/**', maxOffered);
  const items = found.map((uri) => ({ label: displayPath(uri), uri }));
  const chosen = await chooseOne(items, {
    title: vscode.l10n.t('Insert Image at Cursor'),
    placeHolder: vscode.l10n.t('An image of this workspace'),
  });
  return chosen ? [chosen.uri] : [];
}
