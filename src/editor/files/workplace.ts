import * as vscode from 'vscode';
import { hasExtension, imageExtensions } from '../../images/imageExtensions.ts';
import { isPathInside } from '../../requests/outputRules.ts';
import { fileOf } from './documentFile.ts';
import { type InFront, type Place, whereUserWorks } from './whereUserWorks.ts';

export type UserPlace = Place<vscode.Uri, vscode.WorkspaceFolder>;

/** Knows where the user works, also while something else than a document is in front. */
export interface Workplace {
  now: () => UserPlace;
  onDidChange: vscode.Event<void>;
  dispose: () => void;
}

export function createWorkplace(): Workplace {
  const changes = new vscode.EventEmitter<void>();
  let lastDocument = firstDocument();
  let lastFolder = lastDocument && folderOf(lastDocument);
  let shown = '';

  function now(): UserPlace {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const front = inFront();
    // An image that is opened may take the place of the document it was made for.
    if (lastDocument && front.kind !== 'file' && !isOpen(lastDocument)) lastDocument = undefined;
    const place = whereUserWorks({ inFront: front, lastDocument, lastFolder, folders, folderOf });
    if (front.kind === 'document') lastDocument = front.uri ?? lastDocument;
    lastFolder = place.folder;
    return place;
  }

  function look(): void {
    const { document, folder } = now();
    const place = [document, folder?.uri].map(String).join('\n');
    if (place === shown) return;
    shown = place;
    changes.fire();
  }

  look();
  const { window, workspace } = vscode;
  const listening = [
    window.onDidChangeActiveTextEditor(look),
    window.onDidChangeActiveNotebookEditor(look),
    window.tabGroups.onDidChangeTabs(look),
    window.tabGroups.onDidChangeTabGroups(look),
    workspace.onDidChangeWorkspaceFolders(look),
  ];
  return {
    now,
    onDidChange: changes.event,
    dispose() {
      vscode.Disposable.from(...listening, changes).dispose();
    },
  };
}

/** When nothing is known yet: a document that can be seen beside what is in front. */
function firstDocument(): vscode.Uri | undefined {
  const texts = vscode.window.visibleTextEditors.map(({ document }) => documentUri(document));
  const notebooks = vscode.window.visibleNotebookEditors.map(({ notebook }) => notebook);
  const uris = [...texts, ...notebooks.map(({ uri }) => fileUri(uri))];
  return uris.find((uri) => uri !== undefined && folderOf(uri) !== undefined);
}

/** The active text tells more than its tab, which is known a moment later. */
function inFront(): InFront<vscode.Uri> {
  const text = vscode.window.activeTextEditor?.document;
  if (text && isDocument(text.uri)) return asDocument(documentUri(text));
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri = uriOf(input);
  if (!uri || !isDocument(uri)) return { kind: 'page' };
  const isImage = input instanceof vscode.TabInputCustom && hasExtension(uri.path, imageExtensions);
  const file = fileUri(uri);
  return isImage && file ? { kind: 'file', uri: file } : asDocument(file);
}

function asDocument(uri: vscode.Uri | undefined): InFront<vscode.Uri> {
  return { kind: 'document', ...(uri && { uri }) };
}

function isOpen(uri: vscode.Uri): boolean {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const same = (each: vscode.Uri | undefined) => each?.toString() === uri.toString();
  return (
    same(vscode.window.activeTextEditor?.document.uri) ||
    tabs.some(({ input }) => same(fileUri(uriOf(input))))
  );
}

/** The file of a tab; of two that are compared the newer one. */
function uriOf(input: unknown): vscode.Uri | undefined {
  if (
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputCustom ||
    input instanceof vscode.TabInputNotebook
  )
    return input.uri;
  const isComparison =
    input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff;
  return isComparison ? input.modified : undefined;
}

function documentUri(document: vscode.TextDocument): vscode.Uri | undefined {
  return fileUri(fileOf(document));
}

/** An old version of a file, as source control shows it, stands for the file. */
function fileUri(uri: vscode.Uri | undefined): vscode.Uri | undefined {
  if (!uri || uri.scheme === 'untitled') return undefined;
  if (vscode.workspace.getWorkspaceFolder(uri)) return uri;
  const folder = vscode.workspace.workspaceFolders?.find(
    (each) => each.uri.scheme !== uri.scheme && isPathInside(uri.path, each.uri.path),
  );
  return folder ? folder.uri.with({ path: uri.path }) : uri;
}

function folderOf(uri: vscode.Uri): vscode.WorkspaceFolder | undefined {
  return vscode.workspace.getWorkspaceFolder(uri);
}

/** Not a log, the words of a commit or a question to an assistant. */
function isDocument(uri: vscode.Uri): boolean {
  const { scheme } = uri;
  const isText = scheme === 'untitled' || scheme === 'vscode-notebook-cell';
  return isText || folderOf(fileUri(uri) ?? uri) !== undefined || isOnDisk(scheme);
}

function isOnDisk(scheme: string): boolean {
  return vscode.workspace.fs.isWritableFileSystem(scheme) !== undefined;
}
