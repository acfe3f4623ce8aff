import * as vscode from 'vscode';
import type { ErrorCode } from '../../appError.ts';
import { commandAction, type ErrorAction, runForUser } from '../../editor/errors/errorActions.ts';
import { displayFolder, displayPath } from '../../editor/files/workspaceFiles.ts';
import { fillIn, nested } from '../../editor/say/fillIn.ts';
import { inform, warn } from '../../editor/say/notifications.ts';
import type { ConversionOutcome } from './convertImages.ts';
import type { ConversionPlan } from './planConversion.ts';

/** A notification has room for so many reasons; the log has all of them. */
const shownReasons = 3;
/** The image or the order has to change before these end otherwise. */
const lasting: readonly ErrorCode[] = ['badImage', 'badRequest', 'tooLarge'];

interface ActionsOfOne {
  /** Links them at the cursor. */
  insert?: () => unknown;
  /** To be copied. */
  srcset?: string;
}

/**
 * Tells a user in one notice what was made of several images and what was not, and offers to go on with
 * the rest. Does not wait for an answer. @param ofOne what can be done with the files of one image
 */
export function tellConverted(
  outcome: ConversionOutcome,
  convertAgain: (plans: readonly ConversionPlan[]) => unknown,
  { insert, srcset }: ActionsOfOne = {},
): void {
  const { images, failures, untried } = outcome;
  const sentences = [...made(outcome), ...failed(outcome), ...left(outcome)];
  if (sentences.length === 0) return;
  const text = fillIn(
    sentences.map((_, index) => `{${String(index)}}`).join(' '),
    ...sentences.map(nested),
  );
  const passing = failures.filter(({ error }) => !lasting.includes(error.code));
  const rest = [...passing.map(({ plan }) => plan), ...untried];
  const actions: ErrorAction[] = [];
  if (rest.length > 0) {
    const title =
      untried.length > 0 ? vscode.l10n.t('Convert the Rest') : vscode.l10n.t('Try Again');
    actions.push({ title, run: () => convertAgain(rest) });
  }
  if (failures.length > shownReasons)
    actions.push(commandAction(vscode.l10n.t('Show Log'), 'imageStudio.showLog'));
  if (insert && images.length > 0)
    actions.push({ title: vscode.l10n.t('Insert at Cursor'), run: insert });
  if (srcset !== undefined)
    actions.push({
      title: vscode.l10n.t('Copy srcset'),
      run: () => vscode.env.clipboard.writeText(srcset),
    });
  const [first] = images;
  if (first)
    actions.push({
      title: vscode.l10n.t('Open'),
      run: () => vscode.commands.executeCommand('vscode.open', first.uri),
    });
  const tell = failures.length > 0 ? warn : inform;
  void tell(text, ...actions.map(({ title }) => title)).then((chosen) => {
    const action = actions.find(({ title }) => title === chosen);
    if (action) runForUser(action.run);
  });
}

function made({ images, failures, untried }: ConversionOutcome): string[] {
  const [first] = images;
  if (!first) return [];
  const folder = vscode.Uri.joinPath(first.uri, '..');
  const folders = new Set(images.map(({ uri }) => vscode.Uri.joinPath(uri, '..').toString()));
  if (folders.size > 1)
    return [fillIn(vscode.l10n.t('Saved {0} images in {1} folders.'), images.length, folders.size)];
  const isAlone = failures.length + untried.length === 0;
  if (images.length === 1)
    return isAlone
      ? [fillIn(vscode.l10n.t('Saved to {0}'), displayPath(first.uri))]
      : [fillIn(vscode.l10n.t('Saved to {0}.'), displayPath(first.uri))];
  return isAlone
    ? [fillIn(vscode.l10n.t('Saved {0} images to {1}'), images.length, displayFolder(folder))]
    : [fillIn(vscode.l10n.t('Saved {0} images to {1}.'), images.length, displayFolder(folder))];
}

function failed({ failures }: ConversionOutcome): string[] {
  if (failures.length === 0) return [];
  const reasons = failures.slice(0, shownReasons).map(({ error }) => error.message);
  const count =
    failures.length === 1
      ? vscode.l10n.t('1 image was not converted:')
      : fillIn(vscode.l10n.t('{0} images were not converted:'), failures.length);
  return failures.length > shownReasons ? [count, ...reasons, '…'] : [count, ...reasons];
}

function left({ untried }: ConversionOutcome): string[] {
  if (untried.length === 0) return [];
  return untried.length === 1
    ? [vscode.l10n.t('1 image is left.')]
    : [fillIn(vscode.l10n.t('{0} images are left.'), untried.length)];
}
