import { costKey } from '../../../shared/studioProtocol.ts';
import type { Draft, State } from '../../../shared/studioProtocol.ts';
import { countChars } from '../format.ts';

/** Why the draft cannot be submitted yet. */
export type Obstacle =
  | { kind: 'key' | 'empty' | 'destination' }
  | { kind: 'tooLong'; excess: number }
  | { kind: 'references'; most: number };

export function obstacleOf(state: State, draft: Draft): Obstacle | undefined {
  if (!state.hasKey) return { kind: 'key' };
  if (draft.prompt.trim() === '') return { kind: 'empty' };
  const { maxPromptChars, maxReferences } = state.options;
  const excess = countChars(draft.prompt) - maxPromptChars;
  if (excess > 0) return { kind: 'tooLong', excess };
  if (draft.references.length > maxReferences) return { kind: 'references', most: maxReferences };
  if (state.destination === undefined) return { kind: 'destination' };
  return undefined;
}

/** @returns undefined when no image of this kind was made yet. */
export function expectedCost(state: State, draft: Draft): number | undefined {
  const { options } = state;
  const { size, quality, references } = draft;
  const isRatio = options.sizes.some(({ id, isRatio: is }) => id === size && is);
  const hasResolution =
    options.resolutions.length > 0 && (isRatio || !options.isResolutionOfRatios);
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
