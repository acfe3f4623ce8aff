import {
  CancellationTokenSource,
  Diagnostic,
  DiagnosticSeverity,
  Disposable,
  l10n,
  languages,
  Range,
  window,
  workspace,
  type TextDocument,
} from 'vscode';
import { settingsPrefix } from '../editor/contributions.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { imageGlob } from '../images/imageGlob.ts';
import { areMarksWanted } from './areMarksWanted.ts';
import { isMissingFile, missingIn, nameOf, type MissingImage } from './missing.ts';

/** Whoever types is not followed letter by letter. */
const pauseMs = 500;

/** Marks missing images from when the setting first says so. */
export function registerHintsWhenAsked(): Disposable {
  let hints: Disposable | undefined;
  const look = () => {
    if (areMarksWanted()) hints ??= registerMissingHints();
  };
  look();
  const listening = workspace.onDidChangeConfiguration(look);
  return new Disposable(() => {
    listening.dispose();
    hints?.dispose();
  });
}

/**
 * Marks the images that are missing in the documents that can be seen, where the setting says so and
 * the editor itself says nothing.
 */
function registerMissingHints(): Disposable {
  const hints = languages.createDiagnosticCollection('Image Studio');
  const timers = new Map<TextDocument, NodeJS.Timeout>();
  /** One at a time for each document: the next one makes the answer of the last useless. */
  const searches = new Map<TextDocument, CancellationTokenSource>();

  function lookSoon(document: TextDocument): void {
    clearTimeout(timers.get(document));
    timers.set(
      document,
      setTimeout(() => {
        timers.delete(document);
        void look(document).catch(() => undefined);
      }, pauseMs),
    );
  }

  function lookAtAll(): void {
    for (const { document } of window.visibleTextEditors) lookSoon(document);
  }

  async function look(document: TextDocument): Promise<void> {
    const { uri, version } = document;
    const setting = workspace.getConfiguration(settingsPrefix, document);
    if (setting.get('document.missingImages') !== 'hint') {
      hints.delete(uri);
      return;
    }
    const search = new CancellationTokenSource();
    searches.get(document)?.cancel();
    searches.set(document, search);
    const { missing } = await missingIn([document], search.token);
    if (searches.get(document) === search) searches.delete(document);
    // What was typed meanwhile is looked at after it.
    if (document.version !== version || search.token.isCancellationRequested) return;
    const told = languages.getDiagnostics(uri).filter(isMissingFile);
    const own = missing
      .map((image) => hintFor(image, document))
      .filter(({ range }) => !told.some((each) => each.range.intersection(range)));
    hints.set(uri, own);
  }

  const watcher = workspace.createFileSystemWatcher(imageGlob, false, true, false);
  const listening = [
    watcher,
    watcher.onDidCreate(lookAtAll),
    watcher.onDidDelete(lookAtAll),
    window.onDidChangeVisibleTextEditors(lookAtAll),
    workspace.onDidChangeConfiguration(lookAtAll),
    workspace.onDidCloseTextDocument(({ uri }) => hints.delete(uri)),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (window.visibleTextEditors.some((editor) => editor.document === document))
        lookSoon(document);
    }),
  ];
  lookAtAll();
  return new Disposable(() => {
    for (const search of searches.values()) search.cancel();
    for (const timer of timers.values()) clearTimeout(timer);
    Disposable.from(...listening, hints).dispose();
  });
}

function hintFor(image: MissingImage, document: TextDocument): Diagnostic {
  const range = new Range(
    document.positionAt(image.offset),
    document.positionAt(image.offset + image.length),
  );
  const message = fillIn(l10n.t('{0} is not there, and can be generated.'), nameOf(image));
  const hint = new Diagnostic(range, message, DiagnosticSeverity.Information);
  hint.source = 'Image Studio';
  hint.code = 'missing-image';
  return hint;
}
