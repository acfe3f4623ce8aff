import * as vscode from 'vscode';
import { isInside } from '../../editor/files/workspaceFiles.ts';
import { displayNameOf } from '../../generation/references/referenceFiles.ts';
import { storageLayout } from '../../jobs/storageLayout.ts';
import type { Reference } from '../../shared/studio/draft.ts';
import { isWebUrl } from '../../evolink/webUrl.ts';

/** Which files a page may load, and their URIs in it. */
export interface PageImages {
  /** The folders a page may read from: the extension's own, and the workspace's. */
  roots: () => vscode.Uri[];
  /** The URI of a file in a page; undefined when the file is in none of the roots. */
  uriInPage: (webview: vscode.Webview, uri: vscode.Uri) => string | undefined;
  /** A reference as the tray shows it. */
  toReference: (webview: vscode.Webview, reference: string) => Reference;
}

export function createPageImages(extensionUri: vscode.Uri, folder: string): PageImages {
  const { thumbnails, pasted, converted } = storageLayout(folder);
  const own = [
    vscode.Uri.joinPath(extensionUri, 'dist'),
    ...[thumbnails, pasted, converted].map((path) => vscode.Uri.file(path)),
  ];

  function roots(): vscode.Uri[] {
    return [...own, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  }

  function uriInPage(webview: vscode.Webview, uri: vscode.Uri): string | undefined {
    const isReadable = roots().some((root) => isInside(uri, root));
    return isReadable ? webview.asWebviewUri(uri).toString() : undefined;
  }

  function toReference(webview: vscode.Webview, reference: string): Reference {
    if (isWebUrl(reference)) return { uri: reference, label: reference };
    const uri = vscode.Uri.parse(reference);
    const src = uriInPage(webview, uri);
    return { uri: reference, label: displayNameOf(uri), ...(src !== undefined && { src }) };
  }

  return { roots, uriInPage, toReference };
}
