import { posix } from 'node:path';
import { workspace, type TextDocument, type Uri } from 'vscode';
import { settingsPrefix } from '../editor/contributions.ts';
import { fileOf } from '../editor/files/documentFile.ts';
import { imagesOfAntora } from './imageFolders.ts';
import type { LanguageName } from './languageIds.ts';
import type { FoundLink } from './linkText.ts';
import { foldersAbove, servedFoldersOf, type LinkPlace } from './linkTargets.ts';
import {
  findGraphicsFolders,
  findMainFolder,
  findNamedMain,
} from './pipelines/findLatexProject.ts';
import { findPublicFolder } from './pipelines/findPublicFolder.ts';
import { rootOfLatex, type LatexRoot } from './pipelines/latexProject.ts';
import { remembering } from './remembering.ts';
import { languageOfText } from './textLanguage.ts';

/** What the links of a document start from. */
export interface LinkBase extends LinkPlace {
  /** The same file system as the document's. */
  at: (path: string) => Uri;
  language: LanguageName | undefined;
  latexRoot: () => LatexRoot;
}

/** Undefined for a text that is no file, while no folder is open. */
export function baseOf(document: TextDocument): LinkBase | undefined {
  const from = fileOf(document);
  const folder = from ? workspace.getWorkspaceFolder(from) : workspace.workspaceFolders?.[0];
  const base = from ?? folder?.uri;
  const language = languageOfText(document);
  const images = language === 'asciidoc' && from ? imagesOfAntora(from.path) : undefined;
  return (
    base && {
      language,
      latexRoot: once(() => rootOfLatex(document.getText())),
      documentPath: from?.path,
      folderPath: folder?.uri.path,
      served: servedFoldersOf(
        workspace.getConfiguration(settingsPrefix, document).get('document.publicFolders'),
      ),
      ...(images !== undefined && { starts: [images], isClosed: true }),
      at: (path) => base.with({ path, query: '', fragment: '' }),
    }
  );
}

const nowMs = () => performance.now();
const publicFolder = remembering(findPublicFolder, nowMs);

/** It is asked for with each link. */
function once<T>(find: () => T): () => T {
  let found: { value: T } | undefined;
  return () => (found ??= { value: find() }).value;
}

/**
 * The base of a link, with what its project says: what its site serves where the link begins at the root,
 * and in LaTeX where all other paths start from.
 */
export async function baseFor({ target }: FoundLink, base: LinkBase): Promise<LinkBase> {
  const isFromRoot = /^[/\\]/.test(target);
  return isFromRoot === (base.language !== 'latex') ? await baseInProject(base) : base;
}

export async function baseInProject(base: LinkBase): Promise<LinkBase> {
  const { documentPath, at } = base;
  if (documentPath === undefined) return base;
  if (base.language === 'latex') return { ...base, ...(await startsOfLatex(base, documentPath)) };
  const site = await publicFolder(at(documentPath));
  return site === undefined ? base : { ...base, site };
}

/** LaTeX is run in the folder of the main document, whatever file a path is written in. */
async function startsOfLatex(base: LinkBase, documentPath: string): Promise<Partial<LinkPlace>> {
  const { folderPath, latexRoot, at } = base;
  const own = posix.dirname(documentPath);
  const { isMain, main } = latexRoot();
  const named = main === undefined ? undefined : await findNamedMain(at(documentPath), main);
  const mainPath = isMain ? documentPath : named;
  const folder = mainPath ? posix.dirname(mainPath) : await findMainFolder(at(documentPath));
  const above = folderPath === undefined ? [] : foldersAbove(documentPath, folderPath);
  if (folder === undefined) return { starts: above, isStartUnknown: true };
  const folders = await findGraphicsFolders(at(folder), documentPath, mainPath);
  return { starts: isMain ? [own] : [folder, ...above], folders };
}
