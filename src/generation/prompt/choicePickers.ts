import * as vscode from 'vscode';
import { problemMessage, qualityName } from '../../editor/errors/messages.ts';
import { chooseFolder } from '../../editor/files/chooseFolder.ts';
import { fillIn } from '../../editor/say/fillIn.ts';
import { askForText, chooseOne, type Row } from '../../editor/say/quickInput.ts';
import { choicesFor } from '../../evolink/models/choices.ts';
import { findProblems } from '../../evolink/models/findProblems.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { findModel } from '../../evolink/models/shippedModels.ts';
import { offeredSizes } from '../../evolink/models/sizes.ts';
import type { ImageRequest } from '../../requests/imageRequest.ts';
import { maxImagesPerRequest } from '../../shared/limits.ts';
import { expectedCost } from '../expectedCost.ts';
import type { GenerationDeps } from '../generationDeps.ts';
import type { Composed } from '../interaction/interaction.ts';
import { type ChoiceMemory, onModel } from './rememberedChoices.ts';
import { pixelsText, shapeLabel, sizeOfSource } from './sizeName.ts';
import type { FollowedShape } from '../followedShape.ts';

/** What a button beside the prompt lets a user choose. */
export type ChoiceStep = 'model' | 'size' | 'resolution' | 'quality' | 'count' | 'folder';

export interface FolderFinder {
  /** The folder that the results of a request go to; undefined where none is open, or a setting is wrong. */
  folderOf: (request: Composed) => Promise<vscode.Uri | undefined>;
}

/**
 * Lets a user choose, by the row of the model. `shape` is what the size follows when the model
 * changes. @returns what changes in the request.
 */
export async function askForChoice(
  step: ChoiceStep,
  rows: readonly ModelRow[],
  request: Composed,
  deps: GenerationDeps & ChoiceMemory & FolderFinder,
  shape: FollowedShape | undefined,
): Promise<Partial<Composed>> {
  const row = findModel(request.model, rows);
  if (!row) return {};
  switch (step) {
    case 'model':
      return await askForModel(rows, request, { ...deps, shape });
    case 'size': {
      const size = await askForSize(row, rows, request, deps.shape);
      return size === undefined ? {} : choicesOn(row, rows, request, { size });
    }
    case 'resolution': {
      const items = (row.resolutions?.values ?? []).map((value) => ({ label: value, value }));
      const resolution = await pickOne(vscode.l10n.t('Resolution'), items, request.resolution);
      return resolution === undefined ? {} : choicesOn(row, rows, request, { resolution });
    }
    case 'quality': {
      const values = row.qualities?.values ?? [];
      const items = values.map((value) => ({ label: qualityName(value), value }));
      const quality = await pickOne(vscode.l10n.t('Quality'), items, request.quality);
      return quality === undefined ? {} : { quality };
    }
    case 'count': {
      const items = Array.from({ length: maxImagesPerRequest }, (_, index) => ({
        label: String(index + 1),
        value: index + 1,
      }));
      const count = await pickOne(vscode.l10n.t('Number of images'), items, request.count);
      return count === undefined ? {} : { count };
    }
    case 'folder':
      return await askForOutput(request, deps);
  }
}

/** The folder that counts without a choice is none: the rule for it stays in force. */
async function askForOutput(
  request: Composed,
  { folderOf }: FolderFinder,
): Promise<Partial<Composed>> {
  const { output: _, ...withoutChoice } = request;
  const [current, usual] = [await folderOf(request), await folderOf(withoutChoice)];
  const title = vscode.l10n.t('Where should images be saved?');
  const folder = await chooseFolder({ title, current, usual });
  if (!folder) return {};
  return { output: folder.toString() === usual?.toString() ? undefined : folder };
}

/** Size and resolution depend on each other: what was chosen now decides, the other one follows. */
function choicesOn(
  row: ModelRow,
  rows: readonly ModelRow[],
  request: ImageRequest,
  chosen: { size?: string; resolution?: string },
): Partial<ImageRequest> {
  const { adjustments: _, ...choices } = choicesFor(
    row,
    rows,
    {},
    chosen.size === undefined
      ? { ...request, ...chosen }
      : { ...request, ...chosen, resolution: undefined },
  );
  const isKept = choices.resolution !== undefined && chosen.resolution === undefined;
  const resolution = isKept ? (request.resolution ?? choices.resolution) : choices.resolution;
  return { ...choices, resolution };
}

async function askForModel(
  rows: readonly ModelRow[],
  request: ImageRequest,
  deps: GenerationDeps & ChoiceMemory,
): Promise<Partial<ImageRequest>> {
  const items = rows.map((row) => {
    const on = onModel(deps, row, rows, request);
    const problem = findProblems({ ...on, prompt: request.prompt || '-' }, rows)[0];
    return {
      label: row.id,
      description: expectedCost(deps, on) ?? '',
      // Chosen all the same, it is refused with this reason.
      ...(problem && { detail: problemMessage(problem) }),
      value: row.id,
    };
  });
  const model = await pickOne(vscode.l10n.t('Model'), items, request.model);
  const row = model === undefined ? undefined : findModel(model, rows);
  return row ? onModel(deps, row, rows, request) : {};
}

const otherSize = '';

async function askForSize(
  row: ModelRow,
  rows: readonly ModelRow[],
  request: ImageRequest,
  source: FollowedShape | undefined,
): Promise<string | undefined> {
  const items = offeredSizes(row.sizes).map((size) => {
    const pixels = row.sizes.list?.includes(size)
      ? size
      : pixelsText(row, size, request.resolution);
    return {
      label: shapeLabel(size),
      description: sizeOfSource(row, size, source, pixels || size) ?? pixels,
      value: size,
    };
  });
  if (row.sizes.pixels)
    items.push({ label: vscode.l10n.t('Other Size…'), description: '', value: otherSize });
  const size = await pickOne(vscode.l10n.t('Size'), items, request.size);
  if (size !== otherSize) return size;
  const typed = await askForText(
    {
      title: vscode.l10n.t('Size'),
      prompt: vscode.l10n.t('Width and height in pixels, as 1024x768.'),
      placeHolder: '1024x768',
      ignoreFocusOut: true,
    },
    (value) => {
      if (value.trim() === '') return undefined;
      const problems = findProblems(
        { ...request, resolution: undefined, size: value.trim() },
        rows,
      );
      return problems.some(({ field }) => field === 'size')
        ? fillIn(vscode.l10n.t('{0} does not take the size {1}.'), row.id, value)
        : undefined;
    },
  );
  return typed?.trim() || undefined;
}

async function pickOne<T>(
  title: string,
  items: readonly (Row & { value: T })[],
  current: T,
): Promise<T | undefined> {
  const marked = items.map((item) => (item.value === current ? { ...item, icon: 'check' } : item));
  const chosen = await chooseOne(marked, { title, ignoreFocusOut: true });
  return chosen?.value;
}
