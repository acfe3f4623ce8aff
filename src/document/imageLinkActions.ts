// By name: a bundled `* as vscode` copies the whole of the API each time a window starts.
import { CodeActionKind, type ExtensionContext, languages, workspace } from 'vscode';
import { areMarksWanted } from './areMarksWanted.ts';
import { languageFiles, languageIds } from './languageIds.ts';
import type { LinkFeatures, StartedForTexts } from './linkFeatures.ts';

/**
 * What can be done with a link to an image, among the editor's quick fixes and refactorings. The rest
 * comes with the first of them: what is offered for dropped images, and marks where the setting says so.
 * @returns loads it at once
 */
export function registerImageLinkActions(
  context: ExtensionContext,
  start: () => Promise<StartedForTexts>,
): () => Promise<unknown> {
  let loading: Promise<LinkFeatures> | undefined;
  // The parsers are loaded when the first actions are asked for, not when a window starts.
  const load = () => {
    loading ??= import('./imageLinks.ts').then((all) => all.startLinkFeatures(context, start));
    // What could not be read just now, as while an update is installed, is read when asked for again.
    loading.catch(() => (loading = undefined));
    return loading;
  };
  const loadWhenMarked = () => {
    if (areMarksWanted()) void load();
  };
  const wordsOf = (names: object) => Object.values(names).join(' ').split(' ');
  const texts = [
    ...wordsOf(languageIds).map((language) => ({ language })),
    { pattern: `**/*.{${wordsOf(languageFiles).join(',')}}` },
  ];
  context.subscriptions.push(
    languages.registerCodeActionsProvider(
      texts,
      { provideCodeActions: async (...asked) => (await load()).actionsAt(...asked) },
      { providedCodeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
    ),
    languages.registerHoverProvider(texts, {
      provideHover: async (...asked) => (await load()).hoverAt(...asked),
    }),
    workspace.onDidChangeConfiguration(loadWhenMarked),
  );
  // Reading settings takes a millisecond, which no other extension waits for this way.
  setTimeout(loadWhenMarked, 0);
  return load;
}
