import type * as vscode from 'vscode';
import { readImageDefaults } from '../../editor/settings.ts';
import { type Choices, choicesFor } from '../../evolink/models/choices.ts';
import { takesSize } from '../../evolink/models/sizes.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import type { ImageRequest } from '../../requests/imageRequest.ts';
import type { EditorOptions } from '../askedRequest.ts';

/** The choices of the last image of each model, in the workspace's memento. */

const key = 'choicesByModel';
const modelKey = 'lastModel';

interface Remembered extends Partial<Choices> {
  /** The settings at that time: a changed setting counts more than what was chosen before it. */
  settings: string;
}
interface RememberedModel {
  model: string;
  settings: string;
}

type Given = Pick<EditorOptions, 'model' | 'size' | 'quality' | 'resolution'>;

/** A request with what was chosen last, unless its author says by name what it is to be. */
export function recallChoices(
  memento: vscode.Memento,
  draft: ImageRequest,
  given: Given,
  rows: readonly ModelRow[],
): ImageRequest {
  if (isChosen(given)) return draft;
  const last = memento.get<RememberedModel>(modelKey);
  const isOlder = given.model !== undefined || last?.settings !== readImageDefaults().model;
  const row = (isOlder ? undefined : findModel(last.model, rows)) ?? findModel(draft.model, rows);
  return row ? onModel(memento, row, rows, draft) : draft;
}

function isChosen({ size, quality, resolution }: Given): boolean {
  return size !== undefined || quality !== undefined || resolution !== undefined;
}

/**
 * The same request for a model: with what was chosen for it last, else with the nearest that it
 * takes. What it does not have is left out.
 */
export function onModel(
  memento: vscode.Memento,
  row: ModelRow,
  rows: readonly ModelRow[],
  request: ImageRequest,
): ImageRequest {
  const remembered = recalled(memento, row);
  const { adjustments: _, ...choices } = choicesFor(row, rows, {}, { ...request, ...remembered });
  const { background, outputFormat, seed } = request;
  return {
    ...request,
    ...choices,
    resolution: choices.resolution,
    model: row.id,
    background: row.backgrounds?.includes(background ?? '') ? background : undefined,
    outputFormat: row.outputFormats?.some((format) => format === outputFormat)
      ? outputFormat
      : undefined,
    seed: row.seed ? seed : undefined,
  };
}

/** A memento may be of any version. */
function recalled(memento: vscode.Memento, row: ModelRow): Partial<Choices> {
  const { settings, size, quality, resolution } =
    memento.get<Partial<Record<string, Partial<Remembered>>>>(key)?.[row.id] ?? {};
  if (settings !== settingsNow()) return {};
  return {
    ...(typeof size === 'string' && takesSize(row.sizes, size) && { size }),
    ...(typeof quality === 'string' && row.qualities?.values.includes(quality) && { quality }),
    ...(typeof resolution === 'string' &&
      row.resolutions?.values.includes(resolution) && { resolution }),
  };
}

export async function rememberChoices(
  memento: vscode.Memento,
  draft: ImageRequest,
  { model, size, quality, resolution }: ImageRequest,
  given: Given,
): Promise<void> {
  if (isChosen(given) && model === draft.model) return;
  await rememberFor(memento, model, { size, quality, resolution });
  await memento.update(modelKey, { model, settings: readImageDefaults().model });
}

/** Remembers what was chosen for a model. */
export async function rememberFor(
  memento: vscode.Memento,
  model: string,
  { size, quality, resolution }: Choices,
): Promise<void> {
  const chosen: Remembered = {
    ...{ size, quality, settings: settingsNow() },
    ...(resolution !== undefined && { resolution }),
  };
  const before = memento.get<Record<string, Remembered>>(key) ?? {};
  await memento.update(key, { ...before, [model]: chosen });
}

function settingsNow(): string {
  const { size, quality, resolution } = readImageDefaults();
  return [size, quality, resolution].join(' ');
}
