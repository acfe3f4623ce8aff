import * as vscode from 'vscode';
import { cancelled } from '../../appError.ts';
import { readModels } from '../../editor/settings.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { checkRequest, type ImageRequest } from '../../requests/imageRequest.ts';
import type { EditorOptions } from '../askedRequest.ts';
import type { Interaction } from '../interaction/interaction.ts';
import { inspectReferences } from '../references/prepareReferences.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { ask } from '../../editor/say/notifications.ts';

/**
 * What no prompt can mend is said before the user types one: references that cannot be read, more
 * of them than the model takes, and settings that are wrong. @throws AppError
 */
export async function reviewDraft(
  draft: ImageRequest,
  options: EditorOptions,
  interaction: Pick<Interaction, 'leaveOut'>,
): Promise<ImageRequest> {
  const usable = await inspectReferences(draft, interaction);
  const rows = readModels();
  const row = findModel(draft.model, rows);
  const limit = row ? (row.references?.max ?? 0) : usable.length;
  // Without references there would be nothing left of an edit: the check says so.
  if (limit > 0 && usable.length > limit) await confirmFirst(limit, usable.length);
  const reviewed = { ...draft, references: limit > 0 ? usable.slice(0, limit) : usable };
  checkRequest({ ...reviewed, prompt: 'any' }, options, rows);
  return reviewed;
}

/** @throws AppError `cancelled` when the user would rather not go on with the first ones. */
async function confirmFirst(limit: number, chosenCount: number): Promise<void> {
  const goOn = fillIn(vscode.l10n.t('Use the First {0}'), limit);
  const message = fillIn(
    vscode.l10n.t('{0} images were chosen, and EvoLink takes {1} at most.'),
    chosenCount,
    limit,
  );
  if ((await ask(message, [goOn])) !== goOn) throw cancelled();
}
