import type * as vscode from 'vscode';
import type { ImageDefaults } from '../../editor/settings.ts';
import { type Choices, choicesFor } from '../../evolink/models/choices.ts';
import { findProblems } from '../../evolink/models/findProblems.ts';
import { sizeLike, takesSize } from '../../evolink/models/sizes.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import type { ImageRequest } from '../../requests/imageRequest.ts';
import type { EditorOptions } from '../askedRequest.ts';
import type { FollowedShape } from '../followedShape.ts';

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

/** What was chosen, and what the settings say now where the image belongs. */
export interface ChoiceMemory {
  memento: vscode.Memento;
  defaults: ImageDefaults;
  /** The shape that the size follows, of an edit: it counts more than what was chosen for other images. */
  shape?: FollowedShape | undefined;
}

type Given = Pick<EditorOptions, 'model' | 'size' | 'quality' | 'resolution'>;

/** A request with what was chosen last, unless its author says by name what it is to be. */
export function recallChoices(
  memory: ChoiceMemory,
  draft: ImageRequest,
  given: Given,
  rows: readonly ModelRow[],
): ImageRequest {
  if (isChosen(given)) return draft;
  const last = memory.memento.get<RememberedModel>(modelKey);
  const isOlder = given.model !== undefined || last?.settings !== memory.defaults.model;
  const lastRow = isOlder ? undefined : findModel(last.model, rows);
  const recalled = lastRow && onModel(memory, lastRow, rows, draft);
  if (recalled && isTaken(draft, recalled, rows)) return recalled;
  const row = findModel(draft.model, rows);
  return row ? onModel(memory, row, rows, draft) : draft;
}

/** Whether all that the draft has besides its choices can stay; words may come later. */
function isTaken(draft: ImageRequest, recalled: ImageRequest, rows: readonly ModelRow[]): boolean {
  const { background, outputFormat, seed } = draft;
  const prompt = draft.prompt.trim() || '-';
  const request = { ...recalled, background, outputFormat, seed, prompt };
  return findProblems(request, rows).length === 0;
}

function isChosen({ size, quality, resolution }: Given): boolean {
  return size !== undefined || quality !== undefined || resolution !== undefined;
}

/**
 * The same request for a model: with what was chosen for it last, else with the nearest that it
 * takes. What it does not have is left out.
 */
export function onModel(
  memory: ChoiceMemory,
  row: ModelRow,
  rows: readonly ModelRow[],
  request: ImageRequest,
): ImageRequest {
  const { shape } = memory;
  const before = { ...request, ...rememberedFor(memory, row) };
  const size = shape ? sizeLike(row.sizes, shape) : before.size;
  const { adjustments: _, ...choices } = choicesFor(row, rows, {}, { ...before, size });
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
function storedFor({ memento, defaults }: ChoiceMemory, model: string): Partial<Remembered> {
  const stored = memento.get<Partial<Record<string, Partial<Remembered>>>>(key)?.[model];
  return stored?.settings === settingsText(defaults) ? stored : {};
}

function rememberedFor(memory: ChoiceMemory, row: ModelRow): Partial<Choices> {
  const { size, quality, resolution } = storedFor(memory, row.id);
  return {
    ...(typeof size === 'string' && takesSize(row.sizes, size) && { size }),
    ...(typeof quality === 'string' && row.qualities?.values.includes(quality) && { quality }),
    ...(typeof resolution === 'string' &&
      row.resolutions?.values.includes(resolution) && { resolution }),
  };
}

export async function rememberChoices(
  memory: ChoiceMemory,
  draft: ImageRequest,
  { model, size, quality, resolution }: ImageRequest,
  given: Given,
): Promise<void> {
  if (isChosen(given) && model === draft.model) return;
  await rememberFor(memory, model, { size, quality, resolution });
  await memory.memento.update(modelKey, { model, settings: memory.defaults.model });
}

/** Remembers what was chosen for a model; not a size that followed the shape of an image. */
export async function rememberFor(
  memory: ChoiceMemory,
  model: string,
  { size: chosenSize, quality, resolution }: Choices,
): Promise<void> {
  const { memento, defaults } = memory;
  const size = memory.shape ? storedFor(memory, model).size : chosenSize;
  const chosen: Remembered = {
    ...{ quality, settings: settingsText(defaults) },
    ...(size !== undefined && { size }),
    ...(resolution !== undefined && { resolution }),
  };
  const before = memento.get<Record<string, Remembered>>(key) ?? {};
  await memento.update(key, { ...before, [model]: chosen });
}

function settingsText({ size, quality, resolution }: ImageDefaults): string {
  return [size, quality, resolution].join(' ');
}
