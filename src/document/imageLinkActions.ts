// By name: a bundled `* as vscode` copies the whole of the API each time a window starts.
import {
  CodeAction,
  CodeActionKind,
  l10n,
  languages,
  Range,
  Uri,
  workspace,
  type CodeActionProvider,
  type Disposable,
  type Position,
  type TextDocument,
} from 'vscode';
import { fileOf } from '../editor/files/documentFile.ts';
import { hasExtension, imageExtensions } from '../images/imageExtensions.ts';
import type * as imageLinks from './imageLinks.ts';

const linkLanguages = [
  'markdown',
  'mdx',
  'html',
  'vue',
  'svelte',
  'javascriptreact',
  'typescriptreact',
  'css',
  'scss',
  'less',
];

/** "Edit Image…" on a link to an image, among the editor's quick fixes and refactorings. */
export function registerImageLinkActions(): Disposable {
  const provider: CodeActionProvider = { provideCodeActions: actionsAt };
  return languages.registerCodeActionsProvider(
    linkLanguages.map((language) => ({ language })),
    provider,
    { providedCodeActionKinds: [CodeActionKind.RefactorRewrite] },
  );
}

/** The parser is loaded when the first actions are asked for, not when a window starts. */
type Links = typeof imageLinks;

async function actionsAt(document: TextDocument, range: Range): Promise<CodeAction[]> {
  const links = await import('./imageLinks.ts');
  const { text, offset } = textAround(document, range.start, links.maxReadChars);
  const link = links.imageLinkAt(text, offset, document.languageId);
  const image = link && (onWeb(links, link) ?? inFolder(links, fileOf(document), link.target));
  if (!image) return [];
  const title = l10n.t('Edit Image…');
  const action = new CodeAction(title, CodeActionKind.RefactorRewrite);
  action.command = { title, command: 'imageStudio.edit', arguments: [image] };
  return [action];
}

/** A document may have millions of characters; all of them are too many at each move of the cursor. */
function textAround(
  document: TextDocument,
  cursor: Position,
  maxChars: number,
): { text: string; offset: number } {
  const at = document.offsetAt(cursor);
  const begin = document.positionAt(at - maxChars / 2);
  const text = document.getText(new Range(begin, document.positionAt(at + maxChars / 2)));
  return { text, offset: at - document.offsetAt(begin) };
}

/** Takes the address without parsing it: that would undo its escapes and break a signature. */
function onWeb(links: Links, { target, isImage }: imageLinks.FoundLink): Uri | undefined {
  const address = links.webAddressOfLink(target);
  return address && (isImage || hasExtension(address.path, imageExtensions))
    ? Uri.from(address)
    : undefined;
}

/** The file of a link: relative to the document, or to the workspace folder after a slash. */
function inFolder(links: Links, from: Uri | undefined, target: string): Uri | undefined {
  const path = links.pathOfLink(target);
  if (path === undefined || !hasExtension(path, imageExtensions)) return undefined;
  if (from && !path.startsWith('/')) return Uri.joinPath(from, '..', path);
  const folder = from ? workspace.getWorkspaceFolder(from) : workspace.workspaceFolders?.[0];
  return folder && Uri.joinPath(folder.uri, path);
}
