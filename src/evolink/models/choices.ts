import type { ModelRow } from './modelRow.ts';
import { isSameShape, nearestSize, parseRatio, takesSize } from './sizes.ts';

/** What of an image is chosen besides its words, references and model. */
export interface Choices {
  size: string;
  /** Empty for a model without qualities. */
  quality: string;
  resolution?: string | undefined;
}

/** A value that another model would take, and what stands for it here; undefined for nothing. */
export interface Adjustment {
  field: 'size' | 'quality' | 'resolution';
  value: string;
  used: string | undefined;
}

/**
 * Choices for a model: what was `asked` for by name stays as it is, so that a check can refuse it;
 * what comes `otherwise` from settings or an earlier image gives way to the nearest that the model
 * takes, unless no model of `rows` takes it.
 */
export function choicesFor(
  row: ModelRow,
  rows: readonly ModelRow[],
  asked: { [Name in keyof Choices]?: Choices[Name] | undefined },
  otherwise: { [Name in keyof Choices]?: Choices[Name] | undefined },
): Choices & { adjustments: Adjustment[] } {
  const adjustments: Adjustment[] = [];
  const adjust = (field: Adjustment['field'], value: string, used: string | undefined) => {
    // "Auto" leaves it to the model, which its default does too.
    const isAsMeant = value === '' || value === 'auto' || isSameShape(value, used ?? '');
    if (!isAsMeant) adjustments.push({ field, value, used });
    return used;
  };
  const isOthers = (takes: (other: ModelRow) => boolean) => rows.some((other) => takes(other));

  function quality(): string {
    if (asked.quality !== undefined) return asked.quality;
    const { quality: value = '' } = otherwise;
    const values = row.qualities?.values;
    if (values?.includes(value)) return value;
    if (!values) return '';
    if (value !== '' && !isOthers((other) => other.qualities?.values.includes(value) ?? false))
      return value;
    return adjust('quality', value, row.qualities?.default) ?? '';
  }

  function resolution(): string | undefined {
    if (asked.resolution !== undefined) return asked.resolution;
    const { resolution: value = '' } = otherwise;
    const values = row.resolutions?.values;
    if (!values || value === '') return undefined;
    if (values.includes(value)) return value;
    if (!isOthers((other) => other.resolutions?.values.includes(value) ?? false)) return value;
    return adjust('resolution', value, row.resolutions?.default);
  }

  function size(resolutionWanted: string | undefined): string {
    if (asked.size !== undefined) return asked.size;
    const { size: value = row.sizes.default } = otherwise;
    // A resolution says how many pixels, so that the size has to say the shape alone.
    const isShapeOnly = row.resolutions?.onlyWithRatios === true && resolutionWanted !== undefined;
    if (takesSize(row.sizes, value) && (!isShapeOnly || parseRatio(value))) return value;
    if (!isOthers((other) => takesSize(other.sizes, value))) return value;
    const among = isShapeOnly ? row.sizes.ratios : undefined;
    return adjust('size', value, nearestSize(row.sizes, value, among)) ?? value;
  }

  const wanted = resolution();
  const chosenSize = size(wanted);
  const chosenQuality = quality();
  const used = withDefault(row, chosenSize, wanted, asked.resolution !== undefined);
  return {
    size: chosenSize,
    quality: chosenQuality,
    ...(used !== undefined && { resolution: used }),
    adjustments,
  };
}

/** What is asked for of a model that nobody knows, which the check refuses. */
export function choicesAsGiven(
  asked: { [Name in keyof Choices]?: Choices[Name] | undefined },
  otherwise: Choices,
): Choices {
  const { size = otherwise.size, quality = otherwise.quality } = asked;
  return { size, quality, resolution: (asked.resolution ?? otherwise.resolution) || undefined };
}

/** Choices of several images for one model, as far as they differ, in their order. */
export function differentChoices(
  row: ModelRow,
  rows: readonly ModelRow[],
  images: readonly Choices[],
): Choices[] {
  const byName = new Map<string, Choices>();
  for (const image of images) {
    const { size, quality, resolution } = choicesFor(row, rows, {}, image);
    const name = [size, quality, resolution].join(' ');
    if (!byName.has(name)) byName.set(name, { size, quality, resolution });
  }
  return [...byName.values()];
}

/** A resolution is sent wherever the model has one, so that what is paid is what was shown. */
function withDefault(
  { resolutions }: ModelRow,
  size: string,
  wanted: string | undefined,
  isAsked: boolean,
): string | undefined {
  if (isAsked) return wanted;
  if (!resolutions || (resolutions.onlyWithRatios && !parseRatio(size))) return undefined;
  return wanted ?? resolutions.default;
}
