import {
  CodeAction,
  CodeActionKind,
  l10n,
  Range,
  workspace,
  WorkspaceEdit,
  type CancellationToken,
  type CodeActionContext,
  type Diagnostic,
  type TextDocument,
} from 'vscode';
import { settingsPrefix } from '../editor/contributions.ts';
import { canChange } from '../editor/files/documentFile.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { isAltMissing } from './alt/isAltMissing.ts';
import { linkAt, linkedFileAt, linkedImageAt } from './linkedImage.ts';
import { maxAltChars } from './links/missingImage.ts';
import type { FindMadeImage } from './madeImage.ts';
import { isMissingFile, missingAt, nameOf, type MissingImage } from './missing.ts';
import { languageOfText } from './textLanguage.ts';

/**
 * What can be done with the links in a range: the image of one is edited, one that is missing is
 * generated, and one that says nothing of its image gets the words that made it.
 */
export async function actionsAt(
  findMade: FindMadeImage,
  document: TextDocument,
  range: Range,
  context: CodeActionContext,
  token: CancellationToken,
): Promise<CodeAction[]> {
  const isOff =
    workspace.getConfiguration(settingsPrefix, document).get('document.missingImages') === 'off';
  const missing = isOff ? [] : await missingAt(document, range, token);
  if (missing.length > 0)
    return missing.flatMap((image) => fixesFor(image, document, context.diagnostics));
  const image = await linkedImageAt(document, range.start, token);
  if (!image || token.isCancellationRequested) return [];
  const title = l10n.t('Edit Image…');
  const action = new CodeAction(title, CodeActionKind.RefactorRewrite);
  action.command = { title, command: 'imageStudio.edit', arguments: [image] };
  const fix = await altFix(findMade, document, range, token);
  return fix ? [fix, action] : [action];
}

async function altFix(
  findMade: FindMadeImage,
  document: TextDocument,
  range: Range,
  token: CancellationToken,
): Promise<CodeAction | undefined> {
  const { version } = document;
  const language = languageOfText(document);
  const at = await linkAt(document, range.start);
  // Asked at each move of the cursor: nothing is looked up for a link that has its words.
  if (!at || language === undefined || !isAltMissing(at.link)) return undefined;
  // Neither an old version of a text takes words, nor a log.
  if (!canChange(document.uri)) return undefined;
  const found = await linkedFileAt(document, range.start, token);
  const made = found && (await findMade(found.file));
  if (document.version !== version || !found) return undefined;
  const added = made?.altToAdd(document.getText(), found.link, language);
  if (!added) return undefined;
  const action = new CodeAction(l10n.t('Add alt text'), CodeActionKind.QuickFix);
  const place = new Range(document.positionAt(added.begin), document.positionAt(added.end));
  action.edit = new WorkspaceEdit();
  action.edit.replace(document.uri, place, added.text);
  return action;
}

/** By its alt text at once, where it has one; and after its words were edited. */
function fixesFor(
  image: MissingImage,
  document: TextDocument,
  diagnostics: readonly Diagnostic[],
): CodeAction[] {
  const name = nameOf(image);
  const at = document.positionAt(image.offset);
  const own = diagnostics.filter(
    (each) => each.range.contains(at) && (isMissingFile(each) || each.code === 'missing-image'),
  );
  const fix = (title: string, asks: boolean): CodeAction => {
    const action = new CodeAction(title, CodeActionKind.QuickFix);
    const { line, character } = at;
    const which = { at: { line, character }, asks, file: image.file.toString() };
    action.command = {
      title,
      command: 'imageStudio.generateMissing',
      arguments: [document.uri, which],
    };
    action.diagnostics = own;
    return action;
  };
  return [
    ...(image.alt === '' || image.alt.length > maxAltChars
      ? []
      : [fix(fillIn(l10n.t("Generate '{0}' from its alt text"), name), false)]),
    fix(fillIn(l10n.t("Generate '{0}'…"), name), true),
  ];
}
