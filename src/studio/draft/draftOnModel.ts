import type * as vscode from 'vscode';
import { readImageDefaults, readModels } from '../../editor/settings.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { onModel, rememberFor } from '../../generation/prompt/rememberedChoices.ts';
import type { Draft } from '../../shared/studioProtocol.ts';
import { choicesInPage, modelOf } from '../state.ts';

/**
 * A draft for another model: with what was chosen for it last, else with the nearest that it takes.
 * A model that there is not is not chosen.
 */
export async function draftOnModel(
  memento: vscode.Memento,
  model: string,
  draft: Draft,
): Promise<Draft> {
  const rows = readModels();
  const before = modelOf(draft).id;
  const memory = { memento, defaults: readImageDefaults() };
  await rememberFor(memory, before, draft);
  const row = findModel(model, rows) ?? modelOf(draft);
  const { resolution: _, background: __, ...rest } = draft;
  const next = onModel(memory, row, rows, { ...draft, model: before });
  return {
    ...rest,
    model: row.id,
    ...choicesInPage(row, next),
    ...(next.background !== undefined && { background: next.background }),
    writtenAt: Math.max(Date.now(), draft.writtenAt + 1),
  };
}
