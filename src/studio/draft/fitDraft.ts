import type { Choices } from '../../evolink/models/choices.ts';
import type { ModelRow } from '../../evolink/models/modelRow.ts';
import { nearestSize, offeredSizes, parseRatio } from '../../evolink/models/sizes.ts';
import type { Draft } from '../../shared/studio/draft.ts';

/** A draft with nothing but what the page offers for the model: what is shown is what is paid. */
export function fitDraft(row: ModelRow, draft: Draft): Draft {
  const { size, quality, resolution, background, seed, ...rest } = draft;
  const isOffered = background !== undefined && row.backgrounds?.includes(background) === true;
  return {
    ...rest,
    ...choicesInPage(row, { size, quality, resolution }),
    ...(isOffered && { background }),
    ...(row.seed && seed !== undefined && { seed }),
  };
}

/**
 * Choices as the page offers them: a size in pixels that it does not have becomes a ratio, and what
 * the model does not take becomes its default, or nothing.
 */
export function choicesInPage(row: ModelRow, choices: Choices): Choices {
  const isOffered = offeredSizes(row.sizes).includes(choices.size);
  const size = isOffered ? choices.size : nearestSize(row.sizes, choices.size);
  const quality = row.qualities ? oneOf(row.qualities, choices.quality) : '';
  const { resolutions } = row;
  if (!resolutions || (resolutions.onlyWithRatios && !parseRatio(size))) return { size, quality };
  return { size, quality, resolution: oneOf(resolutions, choices.resolution) };
}

/** The resolution of a ratio for which none was chosen. */
export function usualResolution(
  { resolutions }: Pick<ModelRow, 'resolutions'>,
  setting: string,
): string | undefined {
  return resolutions && oneOf(resolutions, setting);
}

function oneOf(
  { values, default: usual }: { values: readonly string[]; default: string },
  value: string | undefined,
): string {
  return value !== undefined && values.includes(value) ? value : usual;
}
