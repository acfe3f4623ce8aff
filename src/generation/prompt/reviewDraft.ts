import { readModels } from '../../editor/settings.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { checkRequest, type ImageRequest } from '../../requests/imageRequest.ts';
import type { EditorOptions } from '../askedRequest.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { UserQuestions } from '../interaction/waitForTurn.ts';
import { inspectReferences } from '../references/prepareReferences.ts';

/**
 * What no prompt can mend is said before the user types one: references that cannot be read, more
 * of them than the model takes, and settings that are wrong. @throws AppError
 */
export async function reviewDraft(
  draft: ImageRequest,
  options: EditorOptions,
  interaction: Pick<Interaction, 'leaveOut'> & UserQuestions,
): Promise<ImageRequest> {
  const usable = await inspectReferences(draft, interaction);
  const rows = readModels();
  const row = findModel(draft.model, rows);
  const limit = row ? (row.references?.max ?? 0) : usable.length;
  // Without references there would be nothing left of an edit: the check says so.
  if (limit > 0 && usable.length > limit) await interaction.useFirst(limit, usable.length);
  const reviewed = { ...draft, references: limit > 0 ? usable.slice(0, limit) : usable };
  checkRequest({ ...reviewed, prompt: 'any' }, options, rows);
  return reviewed;
}
