import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { ToImagePage } from './imagePageProtocol.ts';

const answerSchema = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('failed') }),
  v.object({ kind: v.literal('image'), bytes: v.instance(ArrayBuffer), type: v.string() }),
]);

export interface PageImage {
  bytes: Uint8Array;
  /** A MIME type, as the page says. */
  type: string;
}

/**
 * Lets a page of the editor's own browser do what needs one, and closes it. @returns undefined
 * when the page could not, or was closed by the person.
 */
export async function runImagePage(
  extensionUri: vscode.Uri,
  title: string,
  order: ToImagePage,
): Promise<PageImage | undefined> {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  const isPaste = order.kind === 'paste';
  const panel = vscode.window.createWebviewPanel(
    'imagePage',
    title,
    { viewColumn: vscode.ViewColumn.Active, preserveFocus: !isPaste },
    { enableScripts: true, localResourceRoots: [dist] },
  );
  try {
    return await new Promise((resolve) => {
      panel.onDidDispose(() => resolve(undefined));
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const parsed = v.safeParse(answerSchema, message);
        if (!parsed.success) return;
        const answer = parsed.output;
        if (answer.kind === 'ready') void panel.webview.postMessage(order);
        if (answer.kind === 'failed') resolve(undefined);
        if (answer.kind === 'image')
          resolve({ bytes: new Uint8Array(answer.bytes), type: answer.type });
      });
      panel.webview.html = pageHtml(panel.webview, vscode.Uri.joinPath(dist, 'imagePage.js'));
    });
  } finally {
    panel.dispose();
  }
}

function pageHtml(webview: vscode.Webview, script: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64url');
  const policy = `default-src 'none'; img-src blob:; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
  </head>
  <body>
    <script type="module" nonce="${nonce}" src="${webview.asWebviewUri(script).toString()}"></script>
  </body>
</html>`;
}
