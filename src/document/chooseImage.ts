import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { showFailure } from '../editor/errors/errorActions.ts';
import { displayPath } from '../editor/files/workspaceFiles.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { createList, type Row } from '../editor/say/quickInput.ts';
import { imageGlob } from '../images/imageGlob.ts';
import { mapInSlices, matching, newestFirst } from './newestFirst.ts';

interface ImageRow extends Row {
  uri: vscode.Uri;
}

interface FoundImages {
  /** The newest first. */
  rows: ImageRow[];
  /** Whether the workspace has more. */
  isCut: boolean;
}

/** More than this a user does not look through; typing searches all that were found. */
const maxShown = 200;
const maxFound = 20_000;

/** Lets a user choose one image of the workspace. @returns undefined when none was chosen. */
export async function chooseImage(title: string): Promise<vscode.Uri | undefined> {
  const leaving = new AbortController();
  const list = createList<ImageRow>();
  const listening: vscode.Disposable[] = [];
  list.title = title;
  list.placeholder = vscode.l10n.t('Looking for images…');
  list.busy = true;
  try {
    return await new Promise((resolve) => {
      let isAccepted = false;
      listening.push(
        list.onDidHide(() => resolve(undefined)),
        list.onDidAccept(() => {
          const chosen = acceptedRow(list);
          if (chosen) resolve(chosen.uri);
          else isAccepted = list.busy;
        }),
      );
      list.show();
      fill(list, listening, leaving.signal).then(
        () => {
          // Who types quickly accepts before the list is there.
          const first = acceptedRow(list);
          if (isAccepted && first) resolve(first.uri);
        },
        (thrown: unknown) => {
          if (!leaving.signal.aborted) showFailure(thrown);
          list.hide();
        },
      );
    });
  } finally {
    leaving.abort();
    for (const each of listening) each.dispose();
    list.dispose();
  }
}

/** The editor lights a row some time after the rows changed; until then the first match is meant. */
function acceptedRow({ activeItems, items }: vscode.QuickPick<ImageRow>): ImageRow | undefined {
  const [active] = activeItems;
  return active && items.includes(active) ? active : items[0];
}

async function fill(
  list: vscode.QuickPick<ImageRow>,
  listening: vscode.Disposable[],
  signal: AbortSignal,
): Promise<void> {
  const found = await findImages(signal);
  if (signal.aborted) return;
  const show = () => {
    list.items = matching(found.rows, list.value, maxShown);
  };
  list.busy = false;
  list.placeholder = placeholderOf(found);
  listening.push(list.onDidChangeValue(show));
  show();
}

function placeholderOf({ rows, isCut }: FoundImages): string {
  if (rows.length === 0) return vscode.l10n.t('This workspace has no images yet');
  if (isCut)
    return fillIn(vscode.l10n.t('Type to search {0} images; this workspace has more'), rows.length);
  return rows.length > maxShown
    ? fillIn(vscode.l10n.t('Type to search all {0} images; the newest are shown'), rows.length)
    : vscode.l10n.t('An image of this workspace, the newest first');
}

async function findImages(signal: AbortSignal): Promise<FoundImages> {
  const token = new vscode.CancellationTokenSource();
  const cancel = () => token.cancel();
  signal.addEventListener('abort', cancel);
  try {
    const { findFiles } = vscode.workspace;
    const found = await findFiles(imageGlob, '**/node_modules/**', maxFound + 1, token.token);
    const isCut = found.length > maxFound;
    const uris = await newestFirst(found.slice(0, maxFound), changedAt, signal);
    return { rows: await mapInSlices(uris, rowOf, signal), isCut };
  } finally {
    signal.removeEventListener('abort', cancel);
    token.dispose();
  }
}

/** The editor answers for one file at a time, which takes seconds for ten thousand. */
async function changedAt(uri: vscode.Uri): Promise<number> {
  const isOnDisk = uri.scheme === 'file';
  return isOnDisk ? (await stat(uri.fsPath)).mtimeMs : (await vscode.workspace.fs.stat(uri)).mtime;
}

/** Always shown: which rows match what is typed was decided already. */
function rowOf(uri: vscode.Uri): ImageRow {
  return { label: displayPath(uri), uri, alwaysShow: true };
}
