import * as vscode from 'vscode';
import { pageHtml } from '../shared/pageHtml.ts';
import { studioMessages } from './studioMessages.ts';

/** The shell of the Studio's page, with the texts that its script shows. */
export function studioHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  return pageHtml({
    title: vscode.l10n.t('Image Studio'),
    language: vscode.env.language,
    cspSource: webview.cspSource,
    script: file('studio.js'),
    styles: [
      // The id is the one that vscode-elements look for.
      { uri: file('codicon.css'), id: 'vscode-codicon-stylesheet' },
      { uri: file('studio.css') },
    ],
    bodyAttributes: { 'data-messages': JSON.stringify(studioMessages()) },
    sources: {
      'img-src': ['editor', 'blob:'],
      'font-src': ['editor'],
      'style-src': ['editor'],
      // Images are fetched to be copied and made smaller.
      'connect-src': ['editor'],
    },
  });
}
