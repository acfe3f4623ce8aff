// By name: a bundled `* as vscode` copies the whole of the API each time a window starts.
import { CodeActionKind, languages, type Disposable } from 'vscode';
import { languageFiles, languageIds } from './languageIds.ts';

/** What can be done with a link to an image, among the editor's quick fixes and refactorings. */
export function registerImageLinkActions(): Disposable {
  const ids = Object.values(languageIds).join(' ').split(' ');
  const ends = Object.values(languageFiles).join(' ').split(' ');
  return languages.registerCodeActionsProvider(
    [...ids.map((language) => ({ language })), { pattern: `**/*.{${ends.join(',')}}` }],
    {
      // The parsers are loaded when the first actions are asked for, not when a window starts.
      async provideCodeActions(...asked) {
        return await (await import('./imageLinks.ts')).actionsAt(...asked);
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
  );
}
