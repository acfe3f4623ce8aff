import { readModels } from '../../editor/settings.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { type Pixels, sizeLike } from '../../evolink/models/sizes.ts';
import { onModel, rememberFor } from '../../generation/prompt/rememberedChoices.ts';
import type { Draft } from '../../shared/studio/draft.ts';
import { defaultsOf, modelOf } from '../state.ts';
import type { StudioDeps } from '../studioDeps.ts';
import { choicesInPage, fitDraft } from './fitDraft.ts';

/**
 * A draft for another model: with what was chosen for it last, else with the nearest that it takes.
 * A model that there is not is not chosen. A size that follows the `source` goes on to follow it.
 */
export async function draftOnModel(
  { memento, workplace }: Pick<StudioDeps, 'memento' | 'workplace'>,
  model: string,
  draft: Draft,
  source: Pixels | undefined,
): Promise<Draft> {
  const rows = readModels();
  const before = modelOf(draft, workplace);
  const isAsSource = source !== undefined && sizeLike(before.sizes, source) === draft.size;
  const defaults = defaultsOf(draft, workplace);
  const memory = { memento, defaults, ...(isAsSource && { shape: source }) };
  await rememberFor(memory, before.id, fitDraft(before, draft));
  const row = findModel(model, rows) ?? before;
  const { resolution: _, background: __, ...rest } = draft;
  const next = onModel(memory, row, rows, { ...draft, model: before.id });
  return {
    ...rest,
    model: row.id,
    ...choicesInPage(row, next),
    ...(next.background !== undefined && { background: next.background }),
    writtenAt: Math.max(Date.now(), draft.writtenAt + 1),
  };
}
