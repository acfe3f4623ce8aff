import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { fileOf } from '../editor/files/documentFile.ts';
import { reportFailures } from '../editor/errors/errorActions.ts';
import { absoluteLink, relativeLink } from '../editor/files/relativeLink.ts';
import { displayPath, relativePath } from '../editor/files/workspaceFiles.ts';
import type { Job } from '../jobs/job.ts';
import { chooseImage } from './chooseImage.ts';
import type { Around } from './cursorPlace.ts';
import { imageMarkup, type ImageLink } from './imageMarkup.ts';
import type { LanguageName } from './languageIds.ts';
import { languages } from './languages.ts';
import { languageOfText } from './textLanguage.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { inform } from '../editor/say/notifications.ts';
import { tickStep } from '../editor/walkthroughSteps.ts';

/** The prompts of so many jobs are looked up for alt texts. */
const maxRecent = 200;
/** So much of a document is read before and after the cursor, to know what stands there. */
const maxReadChars = 100_000;

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
    listRecent(maxRecent).flatMap((job) => (job.state === 'saved' ? [[job.uri, job.prompt]] : [])),
  );
  const { document } = editor;
  const language = languageOfText(document);
  const selection = placeFor(language, editor);
  const links = chosen.map((uri) => linkTo(document, uri, made.get(uri.toString()) ?? ''));
  const text = imageMarkup(language, links, textAround(document, selection));
  if (!(await editor.edit((edit) => insertAfter(edit, selection, text)))) {
    const name = displayPath(editor.document.uri);
    throw new LocalizedError('writeFailed', fillIn(vscode.l10n.t('{0} cannot be changed.'), name));
  }
  tickStep('hasInsertedImage');
  await vscode.window.showTextDocument(editor.document, editor.viewColumn);
}

/** The selection; the end of its line, where an image cannot stand in one. */
function placeFor(
  language: LanguageName | undefined,
  { document, selection }: vscode.TextEditor,
): vscode.Selection {
  if (language === undefined || !languages[language].goesToLineEnd) return selection;
  const { range, isEmptyOrWhitespace } = document.lineAt(selection.end);
  return isEmptyOrWhitespace ? selection : new vscode.Selection(range.end, range.end);
}

/** At the cursor; after a selection, which may be the prompt and must stay. */
function insertAfter(edit: vscode.TextEditorEdit, selection: vscode.Selection, text: string): void {
  edit.insert(selection.end, selection.isEmpty ? text : `\n${text}`);
}

function linkTo(document: vscode.TextDocument, image: vscode.Uri, alt: string): ImageLink {
  const from = fileOf(document);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(image) !== undefined;
  const whole = isInWorkspace && !from ? relativePath(image) : absoluteLink(image);
  return { path: (from && relativeLink(from, image)) ?? whole, alt };
}

function textAround(document: vscode.TextDocument, { end, isEmpty }: vscode.Selection): Around {
  const offset = document.offsetAt(end);
  const text = (from: number, to: number) =>
    document.getText(new vscode.Range(document.positionAt(from), document.positionAt(to)));
  return {
    // What is inserted after a selection begins a line.
    before: text(offset - maxReadChars, offset) + (isEmpty ? '' : '\n'),
    after: text(offset, offset + maxReadChars),
    documentPath: fileOf(document)?.path,
  };
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
  const chosen = await chooseImage(vscode.l10n.t('Insert Image at Cursor'));
  return chosen ? [chosen] : [];
}
