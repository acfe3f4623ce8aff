import {
  CodeAction,
  CodeActionKind,
  l10n,
  type Range,
  workspace,
  type CancellationToken,
  type CodeActionContext,
  type Diagnostic,
  type TextDocument,
} from 'vscode';
import { settingsPrefix } from '../editor/contributions.ts';
import { fillIn } from '../editor/say/fillIn.ts';
import { linkedImageAt } from './linkedImage.ts';
import { maxAltChars } from './links/missingImage.ts';
import { isMissingFile, missingAt, nameOf, type MissingImage } from './missing.ts';

/**
 * What can be done with the links in a range: the image of one is edited, and one that is missing is
 * generated.
 */
export async function actionsAt(
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
  return [action];
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
