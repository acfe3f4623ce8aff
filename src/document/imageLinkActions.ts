// By name: a bundled `* as vscode` copies the whole of the API each time a window starts.
import {
  CodeAction,
  CodeActionKind,
  l10n,
  languages,
  type CancellationToken,
  type CodeActionContext,
  type CodeActionProvider,
  type Disposable,
  type Range,
  type TextDocument,
} from 'vscode';
import { languageFiles, languageIds } from './languageIds.ts';

/** "Edit Image…" on a link to an image, among the editor's quick fixes and refactorings. */
export function registerImageLinkActions(): Disposable {
  const provider: CodeActionProvider = { provideCodeActions: actionsAt };
  const ids = Object.values(languageIds).join(' ').split(' ');
  const ends = Object.values(languageFiles).join(' ').split(' ');
  return languages.registerCodeActionsProvider(
    [...ids.map((language) => ({ language })), { pattern: `**/*.{${ends.join(',')}}` }],
    provider,
    { providedCodeActionKinds: [CodeActionKind.RefactorRewrite] },
  );
}

/** The parsers are loaded when the first actions are asked for, not when a window starts. */
async function actionsAt(
  document: TextDocument,
  range: Range,
  _context: CodeActionContext,
  token: CancellationToken,
): Promise<CodeAction[]> {
  const { linkedImageAt } = await import('./imageLinks.ts');
  const image = await linkedImageAt(document, range.start, token);
  if (!image || token.isCancellationRequested) return [];
  const title = l10n.t('Edit Image…');
  const action = new CodeAction(title, CodeActionKind.RefactorRewrite);
  action.command = { title, command: 'imageStudio.edit', arguments: [image] };
  return [action];
}
