import * as vscode from 'vscode';
import { LocalizedError } from '../editor/errors/localizedError.ts';
import { reportFailures, runForUser } from '../editor/errors/errorActions.ts';
import { canChange } from '../editor/files/documentFile.ts';
import { movedInsertion, type TextChange } from '../editor/files/placeInText.ts';
import { fileToUse } from '../editor/files/fileToUse.ts';
import { selectionEnd } from '../editor/files/selectionEnd.ts';
import type { FoundPlace, TextPlace, TextPlaces } from '../editor/files/textPlaces.ts';
import { displayPath, exists } from '../editor/files/workspaceFiles.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { inform, warn } from '../editor/say/notifications.ts';
import { tickStep } from '../editor/walkthroughSteps.ts';
import { hasExtension, imageExtensions } from '../images/imageExtensions.ts';
import type { Job } from '../jobs/job.ts';
import { chooseImage } from './chooseImage.ts';
import { jobOf } from './imageWords.ts';
import { formsFor, insertionIn } from './insertionIn.ts';
import { languages } from './languages.ts';
import type { Insertion } from './linkPlace.ts';
import { linksToImages } from './linksToImages.ts';
import { languageOfText } from './textLanguage.ts';

export interface InsertDeps {
  /** The newest first. */
  recentJobs: () => readonly Job[];
  places: TextPlaces;
}

/**
 * The command: links images at the cursor of the text in front. Where none is, the place counts that
 * the first of them was ordered from.
 */
export async function insertImage(deps: InsertDeps, ...given: unknown[]): Promise<void> {
  const uris = urisIn(given);
  if (!uris)
    throw new LocalizedError(
      'badRequest',
      vscode.l10n.t('Only images by their Uri can be inserted.'),
    );
  const [first] = uris;
  if (!first) return await reportFailures(() => insertChosen(deps), undefined);
  const job = jobOf(first.toString(), deps.recentJobs());
  const { of: placeOf, find } = deps.places;
  const ids = editorInFront() || !job ? [] : [job.id, ...(job.parentId ? [job.parentId] : [])];
  const [place] = ids.flatMap((id) => placeOf(id) ?? []);
  const found = place && (await find(place));
  if (found) await insertAt(deps, uris, found, place.stood);
  else await insertAtCursor(deps, uris);
}

/** Links the files of one image at the cursor: all of them in a page, else the last. */
export async function insertFilesOfImage(
  deps: InsertDeps,
  files: readonly vscode.Uri[],
): Promise<void> {
  await insertAtCursor(deps, files, true);
}

/** The explorer gives the file that was clicked, and all that are selected with it. */
function urisIn(given: readonly unknown[]): vscode.Uri[] | undefined {
  const [clicked, selected, ...more] = given;
  const isOfExplorer =
    clicked instanceof vscode.Uri && Array.isArray(selected) && more.length === 0;
  const all: readonly unknown[] = isOfExplorer ? [...new Set(selected)] : given;
  const uris = all.filter((uri) => uri instanceof vscode.Uri);
  if (uris.length < all.length) return undefined;
  if (!isOfExplorer) return uris;
  const images = uris.filter(({ path }) => hasExtension(path, imageExtensions));
  return images.length > 0 ? images : [clicked];
}

async function insertChosen(deps: InsertDeps): Promise<void> {
  const image = await chooseImage(vscode.l10n.t('Insert Image at Cursor'));
  if (image) await insertAtCursor(deps, [image]);
}

/** Links images where they were ordered from. Where that cannot be told, the user says where. */
export async function insertWhereOrdered(
  deps: InsertDeps,
  images: readonly vscode.Uri[],
  place: TextPlace | undefined,
): Promise<void> {
  if (!place) {
    await insertAtCursor(deps, images);
    return;
  }
  const name = displayPath(place.uri);
  const found = await deps.places.find(place);
  if (!found) {
    const message = fillIn(
      vscode.l10n.t(
        'The place for the image in {0} cannot be found. Put the cursor where the image belongs.',
      ),
      name,
    );
    offerCursor(deps, images, message);
    return;
  }
  try {
    await insertAt(deps, images, found, place.stood);
  } catch (thrown) {
    if (!(thrown instanceof LocalizedError) || thrown.code !== 'writeFailed') throw thrown;
    const message = fillIn(
      vscode.l10n.t(
        '{0} cannot be changed. The image is saved; put the cursor where its link may be.',
      ),
      name,
    );
    offerCursor(deps, images, message);
  }
}

/** The link waits for the user, who finds the place for it; the images move on meanwhile. */
function offerCursor(deps: InsertDeps, images: readonly vscode.Uri[], message: string): void {
  const insert = vscode.l10n.t('Insert at Cursor');
  const made = images.map((uri) => madeFileAt(uri, deps.recentJobs()));
  void warn(message, insert).then((chosen) => {
    if (chosen !== insert) return;
    runForUser(async () => {
      const jobs = deps.recentJobs();
      const uris = await Promise.all(
        images.map(async (uri, index) => (await placeOf(made[index], jobs)) ?? uri),
      );
      const areThere = await Promise.all(uris.map(exists));
      const there = uris.filter((_, index) => areThere[index]);
      const [gone] = uris;
      if (there.length === 0 && gone)
        void warn(fillIn(vscode.l10n.t('The file {0} is missing.'), displayPath(gone)));
      else if (editorInFront()) await insertAtCursor(deps, there);
      else offerCursor(deps, there, message);
    });
  });
}

/** Which file of which job an image is. */
interface MadeFile {
  jobId: string;
  isOriginal: boolean;
}

function madeFileAt(uri: vscode.Uri, jobs: readonly Job[]): MadeFile | undefined {
  const job = jobOf(uri.toString(), jobs);
  return job && { jobId: job.id, isOriginal: job.uri === uri.toString() };
}

/** Where that file is by now. */
async function placeOf(
  made: MadeFile | undefined,
  jobs: readonly Job[],
): Promise<vscode.Uri | undefined> {
  const job = jobs.find((each) => each.id === made?.jobId);
  if (!made || job?.state !== 'saved') return undefined;
  return made.isOriginal ? vscode.Uri.parse(job.uri, true) : await fileToUse(job);
}

async function insertAtCursor(
  deps: InsertDeps,
  images: readonly vscode.Uri[],
  areOneImage = false,
): Promise<void> {
  const editor = await textEditor(deps.places);
  if (!editor) {
    const message = vscode.l10n.t('Open a text document first; the image is put at its cursor.');
    void inform(message);
    return;
  }
  const { document, selection } = editor;
  const offset = () => document.offsetAt(selectionEnd(editor.selection, document));
  const found = { document, offset };
  // Of two editors of one text, the one that the user is in shows the cursor behind the link.
  if (editor !== editorInFront() && editor !== editorOf(document))
    await vscode.window.showTextDocument(document, editor.viewColumn);
  const language = languageOfText(document);
  const takesAll = !areOneImage || (language && languages[language].srcset !== undefined);
  const written = takesAll ? images : images.slice(-1);
  await insertAt(deps, written, found, selection.isEmpty ? 'inWords' : 'behindSelection');
}

async function insertAt(
  { recentJobs }: InsertDeps,
  images: readonly vscode.Uri[],
  { document, offset }: FoundPlace,
  stood: TextPlace['stood'],
): Promise<void> {
  const links = await linksToImages(document, images, recentJobs());
  const forms = await formsFor(document);
  const inFront = vscode.window.activeTextEditor;
  const shown = editorOf(document);
  const editor = shown ?? (await vscode.window.showTextDocument(document));
  // A text beside the one in front keeps its cursor; the link is only brought into sight.
  const isBeside = shown !== undefined && inFront !== undefined && inFront !== shown;
  const { selections } = editor;
  const { version } = document;
  // What Undo and Redo bring back: with words selected, the key after them would replace these.
  if (!isBeside && selections.some(({ isEmpty }) => !isEmpty))
    editor.selections = selections.map((each) => {
      const end = selectionEnd(each, document);
      return new vscode.Selection(end, end);
    });
  const { written, isTypedIn } = await insertText(editor, () => {
    return insertionIn(document, { offset: offset(), stood }, links, forms);
  }).catch((thrown: unknown) => {
    if (document.version === version) editor.selections = selections;
    throw thrown;
  });
  tickStep('hasInsertedImage');
  if (!isBeside) {
    // Whoever types on keeps the cursor. Nothing is selected: the next key would replace it.
    if (!isTypedIn) editor.selection = new vscode.Selection(written.end, written.end);
    await vscode.window.showTextDocument(document, editor.viewColumn);
  }
  editor.revealRange(written, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function withEolOf(document: vscode.TextDocument, insertion: Insertion): Insertion {
  const { offset, imports, ...parts } = insertion;
  const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const written = (text: string) => text.replace(/\r?\n/g, eol);
  const begin = written(parts.text.slice(0, parts.begin)).length;
  const end = begin + written(parts.text.slice(parts.begin, parts.end)).length;
  const own = { offset, text: written(parts.text), begin, end };
  return imports ? { ...own, imports: { ...imports, text: written(imports.text) } } : own;
}

/** Whoever types faster than that is no user. */
const maxAttempts = 20;

/**
 * Inserts in one step to undo. The selections of all editors of the text stay what they were, unless
 * somebody typed since: those of before would be put back over the newer ones.
 * @param plan what to insert, by the text as it is
 * @returns where the link is, and whether the text changed since it was inserted
 */
async function insertText(
  editor: vscode.TextEditor,
  plan: () => Insertion,
): Promise<{ written: vscode.Range; isTypedIn: boolean }> {
  const { document } = editor;
  for (let attempt = 1; ; attempt += 1) {
    const { version } = document;
    const { offset, text, begin, end, imports } = withEolOf(document, plan());
    const kept = vscode.window.visibleTextEditors
      .filter((each) => each.document === document)
      .map((each) => ({ each, at: each.selections.map((one) => offsetsOf(document, one)) }));
    const at = document.positionAt(offset);
    const importsAt = imports && document.positionAt(imports.offset);
    const shift = imports?.text.length ?? 0;
    const events: (readonly TextChange[])[] = [];
    const listening = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document && event.contentChanges.length > 0)
        events.push(event.contentChanges);
    });
    let isInserted: boolean;
    try {
      isInserted = await editor.edit((edit) => {
        if (imports && importsAt) edit.insert(importsAt, imports.text);
        edit.insert(at, text);
      });
    } finally {
      listening.dispose();
    }
    if (isInserted) {
      // The first event is the insertion, which the editor makes in no other version than this.
      const [, ...later] = events;
      const isTypedIn = later.length > 0;
      const moved = (one: number) => {
        const byImports = imports && one > imports.offset ? shift : 0;
        return document.positionAt(one + byImports + (one > offset ? text.length : 0));
      };
      for (const { each, at: offsets } of isTypedIn ? [] : kept)
        each.selections = offsets.map(
          ({ anchor, active }) => new vscode.Selection(moved(anchor), moved(active)),
        );
      const link = movedInsertion(
        { begin: offset + shift + begin, end: offset + shift + end },
        later,
      );
      const written = new vscode.Range(
        document.positionAt(link.begin),
        document.positionAt(link.end),
      );
      return { written, isTypedIn };
    }
    // Typed meanwhile: the place has moved.
    if (document.version !== version && attempt < maxAttempts) continue;
    const name = displayPath(document.uri);
    throw new LocalizedError('writeFailed', fillIn(vscode.l10n.t('{0} cannot be changed.'), name));
  }
}

function offsetsOf(document: vscode.TextDocument, { anchor, active }: vscode.Selection) {
  return { anchor: document.offsetAt(anchor), active: document.offsetAt(active) };
}

function editorInFront(): vscode.TextEditor | undefined {
  const { activeTextEditor } = vscode.window;
  return activeTextEditor && canChange(activeTextEditor.document.uri)
    ? activeTextEditor
    : undefined;
}

/** The editor of a text that can be seen; the one in front of several. */
function editorOf(document: vscode.TextDocument): vscode.TextEditor | undefined {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  if (activeTextEditor?.document === document) return activeTextEditor;
  return visibleTextEditors.find((editor) => editor.document === document);
}

/**
 * The text editor that the user looks at: the one in front, else the only one that can be seen, else
 * the one that was in front last, as before an image was opened.
 */
async function textEditor({ lastEditor }: TextPlaces): Promise<vscode.TextEditor | undefined> {
  const { visibleTextEditors, tabGroups } = vscode.window;
  const inFront = editorInFront();
  if (inFront) return inFront;
  const seen = visibleTextEditors.filter(({ document }) => canChange(document.uri));
  const last = lastEditor();
  const isLast = (uri: vscode.Uri) => uri.toString() === last?.uri.toString();
  const [only, another] = seen;
  if (only && !another) return only;
  const lastSeen = seen.filter(({ document }) => isLast(document.uri));
  const [seenLast] = lastSeen.filter(
    ({ viewColumn }) => lastSeen.length === 1 || viewColumn === last?.viewColumn,
  );
  if (seenLast || !last) return seenLast;
  const tabs = tabGroups.all.flatMap((group) => group.tabs);
  const isOpen = tabs.some(
    ({ input }) => input instanceof vscode.TabInputText && isLast(input.uri),
  );
  return isOpen && seen.length === 0 ? await vscode.window.showTextDocument(last.uri) : undefined;
}
