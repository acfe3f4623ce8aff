import { type Uri, workspace } from 'vscode';
import { sha256OfBytes, sha256OfFile } from '../../images/sha256.ts';

/** The SHA-256 of a file, in lower-case hexadecimal. */
export async function hashOf(uri: Uri): Promise<string> {
  if (uri.scheme === 'file') return await sha256OfFile(uri.fsPath);
  return sha256OfBytes(await workspace.fs.readFile(uri));
}
