import * as vscode from 'vscode';
import { imageLinkAt, pathOfLink } from './imageLinks.ts';

const languages = [
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
export function registerImageLinkActions(): vscode.Disposable {
  const provider: vscode.CodeActionProvider = { provideCodeActions: actionsAt };
  return vscode.languages.registerCodeActionsProvider(
    languages.map((language) => ({ language })),
    provider,
    { providedCodeActionKinds: [vscode.CodeActionKind.RefactorRewrite] },
  );
}

function actionsAt(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
  const { line, character } = range.start;
  const link = imageLinkAt(document.lineAt(line).text, character);
  const image = link && targetOf(document.uri, link.target);
  if (!image) return [];
  const title = vscode.l10n.t('Edit Image…');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.RefactorRewrite);
  action.command = { title, command: 'imageStudio.edit', arguments: [image] };
  return [action];
}

/** The file a link leads to: from the workspace folder when it begins with a slash. */
function targetOf(document: vscode.Uri, target: string): vscode.Uri | undefined {
  const path = pathOfLink(target);
  if (path === undefined || !imagePath.test(path)) return undefined;
  if (!path.startsWith('/')) return vscode.Uri.joinPath(document, '..', path);
  const folder = vscode.workspace.getWorkspaceFolder(document);
  return folder && vscode.Uri.joinPath(folder.uri, path);
}
