import { costKey } from '../../../shared/studio/state.ts';
import type { Draft } from '../../../shared/studio/draft.ts';
import type { State } from '../../../shared/studio/state.ts';
import type { ToPage } from '../../../shared/studioProtocol.ts';
import { countChars } from '../format.ts';

type RefusedField = Extract<ToPage, { kind: 'refused' }>['field'];

/** Why the draft cannot be submitted yet. */
export type Obstacle =
  | { kind: 'key' | 'empty' | 'destination' | 'model' }
  | { kind: 'tooLong'; excess: number }
  | { kind: 'references'; most: number };

export function obstacleOf(state: State, draft: Draft): Obstacle | undefined {
  if (!state.hasKey) return { kind: 'key' };
  if (!isShown(state.options, draft)) return { kind: 'model' };
  if (draft.prompt.trim() === '') return { kind: 'empty' };
  const { maxPromptChars, maxReferences } = state.options;
  const excess = countChars(draft.prompt) - maxPromptChars;
  if (excess > 0) return { kind: 'tooLong', excess };
  if (draft.references.length > maxReferences) return { kind: 'references', most: maxReferences };
  if (state.destination === undefined) return { kind: 'destination' };
  return undefined;
}

/** Whether the choices and the price that the page shows are those of the draft's model. */
export function isShown({ model }: State['options'], draft: Draft): boolean {
  return draft.model === undefined || draft.model === model;
}

/** The resolutions that the page has a picker for. */
export function resolutionsOf(
  { sizes, resolutions, isResolutionOfRatios }: State['options'],
  { size }: Draft,
): State['options']['resolutions'] {
  const isRatio = sizes.some(({ id, isRatio: is }) => id === size && is);
  return isRatio || !isResolutionOfRatios ? resolutions : [];
}

/** Whether a refusal of the field is shown beside it. Without a picker it is shown at the button. */
export function hasPicker(options: State['options'], draft: Draft, field: RefusedField): boolean {
  switch (field) {
    case 'model':
      return options.models.length > 1;
    case 'quality':
      return options.qualities.length > 0;
    case 'resolution':
      return resolutionsOf(options, draft).length > 0;
    case 'background':
      return options.backgrounds.length > 0;
    case undefined:
      return false;
    default:
      return true;
  }
}

/** A draft with nothing but what the page offers, so that what is marked is what is submitted. */
export function fitToOptions(options: State['options'], draft: Draft): Draft {
  const { size, quality, resolution, background, ...rest } = draft;
  const isIn = (offered: readonly { id: string }[], value: string | undefined) =>
    offered.some(({ id }) => id === value);
  const usual = options.resolution ?? options.resolutions[0]?.id;
  const used = isIn(options.resolutions, resolution) ? resolution : usual;
  return {
    ...rest,
    size: isIn(options.sizes, size) ? size : (options.sizes[0]?.id ?? ''),
    quality: isIn(options.qualities, quality) ? quality : (options.qualities[0]?.id ?? ''),
    ...(used !== undefined && { resolution: used }),
    ...(background !== undefined && isIn(options.backgrounds, background) && { background }),
  };
}

/** @returns undefined when no image of this kind was made yet. */
export function expectedCost(state: State, draft: Draft): number | undefined {
  const { options } = state;
  const { size, quality, references } = draft;
  const hasResolution = resolutionsOf(options, draft).length > 0;
  const kind = {
    ...{ model: options.model, size, quality, hasReferences: references.length > 0 },
    resolution: hasResolution ? draft.resolution : undefined,
  };
  const each = state.costs[costKey(kind)];
  return each === undefined ? undefined : each * draft.count;
}

/** The counter shows when the end is near: from 1,600 of 2,000. */
export function counterOf(
  prompt: string,
  maxChars: number,
): { chars: number; isOver: boolean } | undefined {
  // No text has more characters than UTF-16 units.
  if (prompt.length < maxChars * 0.8) return undefined;
  const chars = countChars(prompt);
  return chars < maxChars * 0.8 ? undefined : { chars, isOver: chars > maxChars };
}
