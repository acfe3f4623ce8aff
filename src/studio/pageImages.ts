import { join } from 'node:path';
import * as vscode from 'vscode';
import { displayNameOf } from '../generation/references/referenceFiles.ts';
import type { Reference } from '../shared/studioProtocol.ts';

/** Which files a page may show, and under which addresses. */
export interface PageImages {
  /** Folders a page may read from: ours, and those of the workspace. */
  roots: () => vscode.Uri[];
  /** The address of a file in a page; undefined when it lies in none of the roots. */
  addressOf: (webview: vscode.Webview, uri: vscode.Uri) => string | undefined;
  /** A reference as the tray shows it. */
  toReference: (webview: vscode.Webview, reference: string) => Reference;
}

/** Folders of the storage that pages read from. */
export const thumbnailFolder = 'thumbnails';
export const pastedFolder = 'pasted';
export const convertedFolder = 'converted';

export function createPageImages(extensionUri: vscode.Uri, folder: string): PageImages {
  const own = [
    vscode.Uri.joinPath(extensionUri, 'dist'),
    ...[thumbnailFolder, pastedFolder, convertedFolder].map((name) =>
      vscode.Uri.file(join(folder, name)),
    ),
  ];

  function roots(): vscode.Uri[] {
    return [...own, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  }

  function addressOf(webview: vscode.Webview, uri: vscode.Uri): string | undefined {
    const isInside = roots().some(
      (root) =>
        root.scheme === uri.scheme &&
        root.authority === uri.authority &&
        uri.path.startsWith(`${root.path.replace(/\/$/, '')}/`),
    );
    return isInside ? webview.asWebviewUri(uri).toString() : undefined;
  }

  function toReference(webview: vscode.Webview, reference: string): Reference {
    if (/^https?:/i.test(reference)) return { uri: reference, label: reference };
    const uri = vscode.Uri.parse(reference);
    const src = addressOf(webview, uri);
    return { uri: reference, label: displayNameOf(uri), ...(src !== undefined && { src }) };
  }

  return { roots, addressOf, toReference };
}
