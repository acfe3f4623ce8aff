import * as vscode from 'vscode';

/**
 * Opens a page of the web in the browser, and is the only way out of the editor: an address of another
 * scheme would start whatever program the system has for it.
 */
export async function openSite(url: URL): Promise<void> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Error(`Not a page of the web: ${url.protocol}`);
  // As it was read, which need not be how it was written.
  await vscode.env.openExternal(vscode.Uri.parse(url.href, true));
}
