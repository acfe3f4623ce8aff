import * as vscode from 'vscode';
import { createList, type Row } from '../say/quickInput.ts';
import { askForFolder } from './askForFolder.ts';
import { listFolders } from './listFolders.ts';
import { displayFolder } from './workspaceFiles.ts';

interface FolderRow extends Row {
  /** Undefined for one that is not listed here. */
  uri?: vscode.Uri;
}

export interface FolderChoice {
  title: string;
  /** The folder that counts now: it stands first. */
  current?: vscode.Uri | undefined;
  /** The folder that would count if none were chosen. */
  usual?: vscode.Uri | undefined;
}

/**
 * Lets a user choose a folder of the workspace, or another one by a dialog that begins in the
 * workspace. Where no folder is open the dialog is all there is.
 * @returns undefined when none was chosen.
 */
export async function chooseFolder(choice: FolderChoice): Promise<vscode.Uri | undefined> {
  const roots = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const { title, current } = choice;
  if (roots.length === 0) return await askForFolder(title, current);
  const chosen = await choose(choice, roots);
  if (!chosen) return undefined;
  return chosen.uri ?? (await askForFolder(title, rootOf(current) ?? roots[0]));
}

async function choose(choice: FolderChoice, roots: vscode.Uri[]): Promise<FolderRow | undefined> {
  const leaving = new AbortController();
  const list = createList<FolderRow>();
  list.title = choice.title;
  list.placeholder = vscode.l10n.t('Choose a folder, or type a part of its name');
  list.matchOnDescription = true;
  list.busy = true;
  const show = (folders: readonly vscode.Uri[]) => {
    const active = list.activeItems[0]?.uri?.toString();
    list.items = rowsOf(choice, folders);
    // Until the user has moved, the current folder is meant.
    const still = list.items.find(({ uri }) => uri !== undefined && uri.toString() === active);
    const first = still ?? list.items[0];
    if (first) list.activeItems = [first];
  };
  show(roots);
  const listening: vscode.Disposable[] = [];
  try {
    return await new Promise((resolve) => {
      listening.push(
        list.onDidHide(() => resolve(undefined)),
        list.onDidAccept(() => resolve(list.activeItems[0])),
      );
      list.show();
      void listFolders(
        roots,
        { namesIn, join: (uri, name) => vscode.Uri.joinPath(uri, name) },
        leaving.signal,
      ).then((folders) => {
        if (leaving.signal.aborted) return;
        list.busy = false;
        show([...roots, ...folders]);
      });
    });
  } finally {
    leaving.abort();
    for (const each of listening) each.dispose();
    list.dispose();
  }
}

/** The current folder first, then the usual one, the others by their paths, and the way to others last. */
function rowsOf({ current, usual }: FolderChoice, folders: readonly vscode.Uri[]): FolderRow[] {
  const isSame = (one: vscode.Uri, other: vscode.Uri | undefined) =>
    one.toString() === other?.toString();
  const first = [
    ...(current ? [row(current, 'check', vscode.l10n.t('current'))] : []),
    ...(usual && !isSame(usual, current) ? [row(usual, 'folder', vscode.l10n.t('usual'))] : []),
  ];
  const others = folders
    .filter((uri) => !isSame(uri, current) && !isSame(uri, usual))
    .map((uri) => row(uri, 'folder'));
  const other = { label: vscode.l10n.t('Other Folder…'), icon: 'folder-opened', alwaysShow: true };
  return [...first, ...others, other];
}

function row(uri: vscode.Uri, icon: string, description?: string): FolderRow {
  return {
    label: displayFolder(uri),
    icon,
    uri,
    ...(description !== undefined && { description }),
  };
}

async function namesIn(folder: vscode.Uri): Promise<string[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return entries.flatMap(([name, type]) => (type === vscode.FileType.Directory ? [name] : []));
}

function rootOf(uri: vscode.Uri | undefined): vscode.Uri | undefined {
  return uri && vscode.workspace.getWorkspaceFolder(uri)?.uri;
}
