import * as vscode from 'vscode';
import { columnForPage } from '../../editor/files/openImages.ts';
import { pageHtml } from '../../shared/pageHtml.ts';
import { onAbort } from '../../onAbort.ts';
import { parseFromImagePage, type ToImagePage } from '../../shared/imagePageProtocol.ts';

/** A page that cannot start says nothing. Over a slow line its script takes a while to come. */
const startLimitMs = 20_000;
/** The largest image takes a few seconds. */
const convertLimitMs = 60_000;

export type PageAnswer =
  /** `type` is a MIME type, as the page says. */
  | { kind: 'image'; bytes: Uint8Array; type: string }
  | { kind: 'failed' }
  /** By the user, or the signal. */
  | { kind: 'closed' };

/** Lets a page of the editor's own browser do what needs one, and closes it. */
export async function runImagePage(
  extensionUri: vscode.Uri,
  title: string,
  request: ToImagePage,
  signal?: AbortSignal,
): Promise<PageAnswer> {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  const isPaste = request.kind === 'paste';
  const panel = vscode.window.createWebviewPanel(
    'imagePage',
    title,
    // While it converts, a text in front stays in front.
    { viewColumn: isPaste ? vscode.ViewColumn.Active : columnForPage(), preserveFocus: !isPaste },
    // It goes on while the user looks at something else, and is gone in a moment.
    { enableScripts: true, localResourceRoots: [dist], retainContextWhenHidden: true },
  );
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  try {
    return await new Promise((resolve) => {
      const failAfter = (limitMs: number) => {
        clearTimeout(timer);
        timer = setTimeout(() => resolve({ kind: 'failed' }), limitMs);
      };
      failAfter(startLimitMs);
      const onClosed = () => resolve({ kind: 'closed' });
      panel.onDidDispose(onClosed);
      stop = onAbort(signal, onClosed);
      panel.webview.onDidReceiveMessage((message: unknown) => {
        const answer = parseFromImagePage(message);
        if (!answer) return;
        if (answer.kind === 'ready') {
          // A user may take any time to paste.
          if (isPaste) clearTimeout(timer);
          else failAfter(convertLimitMs);
          void panel.webview.postMessage(request);
        }
        if (answer.kind === 'failed') resolve(answer);
        if (answer.kind === 'image') resolve({ ...answer, bytes: new Uint8Array(answer.bytes) });
      });
      panel.webview.html = pageHtml({
        title,
        language: vscode.env.language,
        cspSource: panel.webview.cspSource,
        script: panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, 'imagePage.js')).toString(),
        sources: { 'img-src': ['blob:'] },
      });
    });
  } finally {
    stop?.();
    clearTimeout(timer);
    panel.dispose();
  }
}
