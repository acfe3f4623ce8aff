import { FileType, workspace, type Uri } from 'vscode';

/** A longer one nobody wrote by hand. */
const maxBytes = 500_000;

/** The text of a file that somebody wrote, as a package.json; undefined where there is none. */
export async function readShortText(uri: Uri): Promise<string | undefined> {
  try {
    const { size, type } = await workspace.fs.stat(uri);
    if ((type & FileType.File) === 0 || size > maxBytes) return undefined;
    return Buffer.from(await workspace.fs.readFile(uri)).toString('utf8');
  } catch {
    return undefined;
  }
}
