import { FileType, workspace, type Uri } from 'vscode';

/** A longer one is no package.json that somebody wrote. */
const maxBytes = 500_000;

/** The text of a package.json; undefined where there is none. */
export async function readPackage(uri: Uri): Promise<string | undefined> {
  try {
    const { size, type } = await workspace.fs.stat(uri);
    if ((type & FileType.File) === 0 || size > maxBytes) return undefined;
    return Buffer.from(await workspace.fs.readFile(uri)).toString('utf8');
  } catch {
    return undefined;
  }
}
