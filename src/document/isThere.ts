import { lstat } from 'node:fs/promises';
import { workspace, type Uri } from 'vscode';

export async function isThere(uri: Uri): Promise<boolean> {
  return (await lookAt(uri)) === 'there';
}

/** Whether a file is surely not there: one that cannot be looked at just now may be. */
export async function isNowhere(uri: Uri): Promise<boolean> {
  return (await lookAt(uri)) === 'nowhere';
}

const nowhereCodes: ReadonlySet<unknown> = new Set([
  ...['ENOENT', 'ENOTDIR'],
  ...['FileNotFound', 'FileNotADirectory'],
]);

/** A link to a file that is gone is there too: its name is taken. */
async function lookAt(uri: Uri): Promise<'there' | 'nowhere' | 'unknown'> {
  try {
    // The editor looks at the same disk, after it asked its window: that takes longer than all else.
    await (uri.scheme === 'file' ? lstat(uri.fsPath) : workspace.fs.stat(uri));
    return 'there';
  } catch (thrown) {
    const { code } = (thrown ?? {}) as { code?: unknown };
    return nowhereCodes.has(code) ? 'nowhere' : 'unknown';
  }
}
