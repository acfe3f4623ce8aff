import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { studioMessages } from './studioMessages.ts';

/** The page's shell: all it shows is made by its script, and all it needs to know is sent to it. */
export function studioHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64url');
  const { cspSource } = webview;
  const policy = [
    "default-src 'none'",
    `img-src ${cspSource} blob:`,
    `font-src ${cspSource}`,
    `style-src ${cspSource}`,
    `connect-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  const file = (name: string) => {
    return escapeHtml(webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString());
  };
  return `<!DOCTYPE html>
<html lang="${escapeHtml(vscode.env.language)}">
  <head>
    <meta charset="utf-8">
    <title>${escapeHtml(vscode.l10n.t('Image Studio'))}</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
    <link rel="stylesheet" href="${file('codicon.css')}" id="vscode-codicon-stylesheet">
    <link rel="stylesheet" href="${file('studio.css')}">
  </head>
  <body data-words="${escapeHtml(JSON.stringify(studioMessages()))}">
    <script type="module" nonce="${nonce}" src="${file('studio.js')}"></script>
  </body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => `&#${String(char.charCodeAt(0))};`);
}
