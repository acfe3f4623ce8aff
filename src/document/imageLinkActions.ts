// By name: a bundled `* as vscode` copies the whole of the API each time a window starts.
import {
  CodeAction,
  CodeActionKind,
  l10n,
  languages,
  Uri,
  workspace,
  type CodeActionProvider,
  type Disposable,
  type Range,
  type TextDocument,
} from 'vscode';
import { fileOf } from '../editor/documentFile.ts';
import { imageLinkAt, pathOfLink } from './imageLinks.ts';

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
const imagePath = /\.(png|jpe?g|webp)$/i;

/** "Edit Image…" on a link to a picture, among the editor's quick fixes and refactorings. */
export function registerImageLinkActions(): Disposable {
  const provider: CodeActionProvider = { provideCodeActions: actionsAt };
  return languages.registerCodeActionsProvider(
    linkLanguages.map((language) => ({ language })),
    provider,
    { providedCodeActionKinds: [CodeActionKind.RefactorRewrite] },
  );
}

function actionsAt(document: TextDocument, range: Range): CodeAction[] {
  const { line, character } = range.start;
  const link = imageLinkAt(document.lineAt(line).text, character);
  const image = link && targetOf(fileOf(document), link.target);
  if (!image) return [];
  const title = l10n.t('Edit Image…');
  const action = new CodeAction(title, CodeActionKind.RefactorRewrite);
  action.command = { title, command: 'imageStudio.edit', arguments: [image] };
  return [action];
}

/** The file a link leads to: from the workspace folder when it begins with a slash or has no other. */
function targetOf(from: Uri | undefined, target: string): Uri | undefined {
  const path = pathOfLink(target);
  if (path === undefined || !imagePath.test(path)) return undefined;
  if (from && !path.startsWith('/')) return Uri.joinPath(from, '..', path);
  const folder = from ? workspace.getWorkspaceFolder(from) : workspace.workspaceFolders?.[0];
  return folder && Uri.joinPath(folder.uri, path);
}
