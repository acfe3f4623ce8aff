// By name: a bundled `* as vscode` copies the whole of the API each time a window starts.
import { CodeActionKind, Disposable, languages, workspace } from 'vscode';
import { settingsPrefix } from '../editor/contributions.ts';
import { languageFiles, languageIds } from './languageIds.ts';

/** What can be done with a link to an image, among the editor's quick fixes and refactorings. */
export function registerImageLinkActions(): Disposable {
  const ids = Object.values(languageIds).join(' ').split(' ');
  const ends = Object.values(languageFiles).join(' ').split(' ');
  let watching: Disposable | undefined;
  const actions = languages.registerCodeActionsProvider(
    [...ids.map((language) => ({ language })), { pattern: `**/*.{${ends.join(',')}}` }],
    {
      // The parsers are loaded when the first actions are asked for, not when a window starts.
      async provideCodeActions(...asked) {
        const links = await import('./imageLinks.ts');
        watching ??= links.watchTexts();
        return await links.actionsAt(...asked);
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
  );
  return new Disposable(() => {
    actions.dispose();
    watching?.dispose();
    // What is loaded meanwhile watches nothing.
    watching = actions;
  });
}

/** Marks missing images from when the setting first says so. */
export function registerHintsWhenAsked(): Disposable {
  let hints: Disposable | undefined;
  let isEnded = false;
  async function look(): Promise<void> {
    const setting = workspace.getConfiguration(settingsPrefix).get('document.missingImages');
    if (hints || setting !== 'hint') return;
    const { registerMissingHints } = await import('./imageLinks.ts');
    if (!isEnded) hints ??= registerMissingHints();
  }
  void look();
  const listening = workspace.onDidChangeConfiguration(() => void look());
  return new Disposable(() => {
    isEnded = true;
    listening.dispose();
    hints?.dispose();
  });
}
