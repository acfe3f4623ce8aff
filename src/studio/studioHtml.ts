import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { pageHtml } from '../shared/pageHtml.ts';
import type { State } from '../shared/studio/state.ts';
import { studioMessages } from './studioMessages.ts';

/** A longer state comes as a message. */
const maxStateChars = 20_000;

/**
 * The page of the Studio: its style whole, and the texts that its script shows. The editor reads and
 * writes the whole HTML of a page more than once before it begins, which takes longer than to fetch
 * the script: that is 200 kB. The style is small, and nothing is drawn before it is there. With the
 * state in it, the page is drawn before the editor delivers a message, which it does after loading.
 */
export function studioHtml(webview: vscode.Webview, dist: vscode.Uri, state?: State): string {
  const first = state && JSON.stringify({ ...state, history: [] });
  const uriOf = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const style = readFileSync(vscode.Uri.joinPath(dist, 'studio.css').fsPath, 'utf8');
  return pageHtml({
    title: vscode.l10n.t('Image Studio'),
    language: vscode.env.language,
    cspSource: webview.cspSource,
    script: uriOf('studio.js'),
    style,
    bodyAttributes: {
      'data-messages': JSON.stringify(studioMessages()),
      'data-icons': uriOf('codicon.css'),
      ...(first !== undefined && first.length < maxStateChars && { 'data-state': first }),
      'data-page': randomUUID(),
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
