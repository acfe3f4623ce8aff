import * as vscode from 'vscode';
import { canChange, openText } from './documentFile.ts';
import { createKeptPlaces } from './keptPlaces.ts';
import { findAgain, movedOffset, placeInText, type PlaceInText } from './placeInText.ts';
import { selectionEnd } from './selectionEnd.ts';

/** Where in a text the user was who ordered images. It moves with the text. */
export interface TextPlace {
  uri: vscode.Uri;
  /** What the user had there: a selection, an empty line, or the cursor in words. */
  stood: 'behindSelection' | 'onEmptyLine' | 'inWords';
  place: PlaceInText;
  /** Whether the offset is right: not while the text is closed, nor when it was replaced as a whole. */
  isFollowed: boolean;
}

export interface FoundPlace {
  document: vscode.TextDocument;
  /** Where the place is by now. */
  offset: () => number;
}

/** Follows the places in texts that images were ordered from. A reload of the window loses them. */
export interface TextPlaces {
  /** Where the user is in a text now. It is followed until it is released. */
  here: () => TextPlace | undefined;
  /** A place in a text, as where a link stands that waits for its image. It is followed until it is released. */
  at: (document: vscode.TextDocument, offset: number) => TextPlace;
  /** Follows a place no longer, but for the jobs that it is kept for. */
  release: (place: TextPlace) => void;
  keep: (jobIds: readonly string[], place: TextPlace) => void;
  of: (jobId: string) => TextPlace | undefined;
  /** Jobs have a place from now on; that is after they were added. */
  onDidKeep: vscode.Event<readonly string[]>;
  /** @returns undefined when the text is gone, or the place in it cannot be told */
  find: (place: TextPlace) => Promise<FoundPlace | undefined>;
  /** The text editor that was in front last. */
  lastEditor: () => { uri: vscode.Uri; viewColumn: vscode.ViewColumn | undefined } | undefined;
  dispose: () => void;
}

/** More images than that are under way or in notices of no window. */
const maxPlaces = 500;

export function createTextPlaces(): TextPlaces {
  const kept = createKeptPlaces<TextPlace>(maxPlaces);
  const { window, workspace } = vscode;
  const keepEmitter = new vscode.EventEmitter<readonly string[]>();
  let last: ReturnType<TextPlaces['lastEditor']>;

  function noteEditor(editor: vscode.TextEditor | undefined): void {
    if (editor && canChange(editor.document.uri))
      last = { uri: editor.document.uri, viewColumn: editor.viewColumn };
  }

  const placesIn = (uri: vscode.Uri): Set<TextPlace> =>
    new Set([...kept.all()].filter((place) => place.uri.toString() === uri.toString()));

  function follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const places = placesIn(document.uri);
    const text = places.size > 0 ? document.getText() : '';
    for (const place of places) {
      const { isFollowed } = place;
      settle(place, text, isFollowed ? movedOffset(place.place.offset, contentChanges) : undefined);
    }
  }

  /** Where it is by the changes, or else by the text around it. */
  function settle(place: TextPlace, text: string, moved?: number): void {
    const offset = moved ?? foundAgain(place, text);
    place.isFollowed = offset !== undefined;
    if (offset !== undefined) place.place = placeInText(text, offset);
  }

  noteEditor(window.activeTextEditor);
  const listening = vscode.Disposable.from(
    window.onDidChangeActiveTextEditor(noteEditor),
    workspace.onDidChangeTextDocument(follow),
    workspace.onDidCloseTextDocument(({ uri }) => {
      for (const place of placesIn(uri)) place.isFollowed = false;
    }),
    workspace.onDidOpenTextDocument((document) => {
      for (const place of placesIn(document.uri)) settle(place, document.getText());
    }),
    workspace.onDidRenameFiles(({ files }) => {
      for (const place of kept.all())
        for (const { oldUri, newUri } of files) place.uri = renamed(place.uri, oldUri, newUri);
    }),
  );

  function here(): TextPlace | undefined {
    const editor = window.activeTextEditor;
    if (!editor || !canChange(editor.document.uri)) return undefined;
    const { document, selection } = editor;
    const end = selectionEnd(selection, document);
    const isEmptyLine = document.lineAt(end).isEmptyOrWhitespace;
    const atCursor = isEmptyLine ? 'onEmptyLine' : 'inWords';
    const stood = selection.isEmpty ? atCursor : 'behindSelection';
    return hold(document, document.offsetAt(end), stood);
  }

  function hold(
    document: vscode.TextDocument,
    offset: number,
    stood: TextPlace['stood'],
  ): TextPlace {
    const place: TextPlace = {
      uri: document.uri,
      stood,
      place: placeInText(document.getText(), offset),
      isFollowed: true,
    };
    kept.hold(place);
    return place;
  }

  async function find(place: TextPlace): Promise<FoundPlace | undefined> {
    try {
      const document = await openText(place.uri);
      if (!document) return undefined;
      if (!place.isFollowed) settle(place, document.getText());
      return place.isFollowed ? { document, offset: () => place.place.offset } : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    here,
    at: (document, offset) => hold(document, offset, 'inWords'),
    release: kept.release,
    keep(jobIds, place) {
      kept.keep(jobIds, place);
      keepEmitter.fire(jobIds);
    },
    of: kept.of,
    onDidKeep: keepEmitter.event,
    find,
    lastEditor: () => last,
    dispose() {
      listening.dispose();
      keepEmitter.dispose();
    },
  };
}

/** Of two empty texts that were never saved, nothing tells which is meant: they have one name. */
function foundAgain({ uri, place }: TextPlace, text: string): number | undefined {
  const isNameless = uri.scheme === 'untitled' && place.before + place.after === '';
  return isNameless ? undefined : findAgain(text, place);
}

/** A file, or what lies in a folder, after that was renamed. */
function renamed(uri: vscode.Uri, from: vscode.Uri, to: vscode.Uri): vscode.Uri {
  if (uri.toString() === from.toString()) return to;
  const isWithin = uri.scheme === from.scheme && uri.path.startsWith(`${from.path}/`);
  return isWithin ? to.with({ path: to.path + uri.path.slice(from.path.length) }) : uri;
}
