import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { type PageFile, pageHtml } from '../shared/pageHtml.ts';
import { studioMessages } from './studioMessages.ts';

/**
 * The page of the Studio: its script and style whole, and the texts that its script shows. The
 * editor shows a page, and delivers its messages, once everything that its HTML names has come; each
 * file takes the way from the page through the window to the server and back.
 */
export function studioHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const uriOf = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const whole = (name: string): PageFile => ({
    uri: uriOf(name),
    text: readFileSync(vscode.Uri.joinPath(dist, name).fsPath, 'utf8'),
  });
  return pageHtml({
    title: vscode.l10n.t('Image Studio'),
    language: vscode.env.language,
    cspSource: webview.cspSource,
    script: whole('studio.js'),
    style: whole('studio.css'),
    bodyAttributes: {
      'data-messages': JSON.stringify(studioMessages()),
      'data-icons': uriOf('codicon.css'),
    },
    sources: {
      'img-src': ['editor', 'blob:'],
      'font-src': ['editor'],
      'style-src': ['editor'],
      // Images are fetched to be copied and made smaller.
      'connect-src': ['editor'],
    },
  });
}
