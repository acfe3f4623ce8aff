import { workspace, type TextDocument, type Uri } from 'vscode';
import { settingsPrefix } from '../editor/contributions.ts';
import { fileOf } from '../editor/files/documentFile.ts';
import type { FoundLink } from './linkText.ts';
import { servedFoldersOf, type LinkPlace } from './linkTargets.ts';
import { findPublicFolder } from './pipelines/findPublicFolder.ts';
import { remembering } from './remembering.ts';

/** What the links of a document start from. */
export interface LinkBase extends LinkPlace {
  /** The same file system as the document's. */
  at: (path: string) => Uri;
}

/** Undefined for a text that is no file, while no folder is open. */
export function baseOf(document: TextDocument): LinkBase | undefined {
  const from = fileOf(document);
  const folder = from ? workspace.getWorkspaceFolder(from) : workspace.workspaceFolders?.[0];
  const base = from ?? folder?.uri;
  return (
    base && {
      documentPath: from?.path,
      folderPath: folder?.uri.path,
      served: servedFoldersOf(
        workspace.getConfiguration(settingsPrefix, document).get('document.publicFolders'),
      ),
      at: (path) => base.with({ path, query: '', fragment: '' }),
    }
  );
}

const publicFolder = remembering(findPublicFolder, () => performance.now());

/** The base of a link, with what the site of its project serves where the link begins at the root. */
export async function baseFor({ target }: FoundLink, base: LinkBase): Promise<LinkBase> {
  return /^[/\\]/.test(target) ? await baseFromRoot(base) : base;
}

export async function baseFromRoot(base: LinkBase): Promise<LinkBase> {
  const { documentPath, at } = base;
  const site = documentPath === undefined ? undefined : await publicFolder(at(documentPath));
  return site === undefined ? base : { ...base, site };
}
