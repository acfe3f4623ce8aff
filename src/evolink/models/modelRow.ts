import * as v from 'valibot';
import { hasSizeWithin, parseRatio, parsePixels, takesSize } from './sizes.ts';

/**
 * What a model accepts, as a row of data. A field that a row does not have is not sent. The number of
 * images is 1 for each model: several images are several tasks.
 */

const maxChoices = 64;
const oneTo = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
const pixelCount = oneTo(1_000_000_000);
const sidePx = oneTo(65_536);
/** What is sent as it stands, such as a quality. */
const word = v.pipe(v.string(), v.regex(/^[\w.+-]{1,40}$/));
const listOf = <T extends v.GenericSchema>(item: T) =>
  v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(maxChoices), v.array(item));
const ratio = v.pipe(
  v.string(),
  v.maxLength(9),
  v.check((text) => parseRatio(text) !== undefined),
);
const pixels = v.pipe(
  v.string(),
  v.maxLength(11),
  v.check((text) => parsePixels(text) !== undefined),
);
const choiceSchema = v.pipe(
  v.strictObject({ values: listOf(word), default: word }),
  v.forward(
    v.check(({ values, default: value }) => values.includes(value)),
    ['default'],
  ),
);
const resolutionSchema = v.pipe(
  v.strictObject({
    ...choiceSchema.entries,
    /** The field it is sent as; `resolution` when absent. */
    sentAs: v.optional(v.picklist(['resolution', 'quality'])),
    /** Whether a size in pixels, or `auto`, has none. */
    onlyWithRatios: v.optional(v.boolean()),
  }),
  v.forward(
    v.check(({ values, default: value }) => values.includes(value)),
    ['default'],
  ),
);
const sizesSchema = v.strictObject({
  /** In the order offered, such as `1024x1024`. */
  list: v.optional(listOf(pixels)),
  /** In the order offered. One that a size of the list has is another spelling of that size. */
  ratios: v.optional(listOf(ratio)),
  /** Whether the model may choose. */
  auto: v.optional(v.boolean()),
  /** Any `WxH` within these limits. */
  pixels: v.optional(
    v.pipe(
      v.strictObject({
        multipleOf: v.optional(sidePx),
        minSide: v.optional(sidePx),
        maxSide: v.optional(sidePx),
        minArea: v.optional(pixelCount),
        maxArea: v.optional(pixelCount),
        /** The longer side, divided by the shorter. */
        maxRatio: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(1_000))),
      }),
      v.check(hasSizeWithin),
    ),
  ),
  /** The pixels of ratios, where the provider says them. */
  pixelsOfRatios: v.optional(v.record(ratio, pixels)),
  default: v.pipe(v.string(), v.maxLength(11)),
});

export const imageTypes = ['png', 'jpg', 'webp'] as const;

const rowSchema = v.pipe(
  v.strictObject({
    /** As sent. */
    id: v.pipe(v.string(), v.regex(/^[\w.:/-]{1,100}$/)),
    prompt: v.strictObject({
      maxChars: v.optional(oneTo(100_000)),
      /** In UTF-8. */
      maxBytes: v.optional(oneTo(1_000_000)),
      /** Only the provider can count them: see `fewestTokens`. */
      maxTokens: v.optional(oneTo(100_000)),
    }),
    sizes: sizesSchema,
    /** A second axis of the size, such as `2K`. */
    resolutions: v.optional(resolutionSchema),
    qualities: v.optional(choiceSchema),
    /** Absent where the model draws from words alone. */
    references: v.optional(
      v.pipe(
        v.strictObject({
          min: v.optional(oneTo(64)),
          max: oneTo(64),
          maxBytes: oneTo(512 * 1024 * 1024),
          maxPixels: v.optional(pixelCount),
          formats: v.optional(listOf(v.picklist(imageTypes))),
        }),
        v.forward(
          v.check(({ min = 1, max }) => min <= max),
          ['min'],
        ),
      ),
    ),
    /** What a mask means to the model; it takes none when absent. */
    mask: v.optional(v.literal('transparentRedrawn')),
    backgrounds: v.optional(listOf(word)),
    outputFormats: v.optional(listOf(v.picklist(['png', 'jpeg', 'webp']))),
    seed: v.optional(
      v.pipe(
        v.strictObject({
          min: v.pipe(v.number(), v.safeInteger()),
          max: v.pipe(v.number(), v.safeInteger()),
        }),
        v.forward(
          v.check(({ min, max }) => min <= max),
          ['min'],
        ),
      ),
    ),
  }),
  v.forward(
    v.check(({ sizes }) => takesSize(sizes, sizes.default)),
    ['sizes'],
  ),
  v.forward(
    v.check(({ sizes, resolutions }) => !resolutions?.onlyWithRatios || sizes.ratios !== undefined),
    ['resolutions'],
  ),
  // One field cannot say both.
  v.forward(
    v.check(({ resolutions, qualities }) => resolutions?.sentAs !== 'quality' || !qualities),
    ['resolutions'],
  ),
);
export type ModelRow = v.InferOutput<typeof rowSchema>;

/** A row of one's own that is left out. */
export interface RowProblem {
  /** Counted from 1. */
  row: number;
  /** Its path, such as `sizes.ratios.0`; empty when the row is no object. */
  field: string;
  /** `shipped`: a row of the product has this id already, whose requests must not change unseen. */
  kind: 'form' | 'shipped' | 'twice';
}

/** More than any provider has. */
const maxRows = 50;

/**
 * Rows of one's own, as a setting has them. What is no list has none. One that cannot be used is told
 * of, and the others count.
 */
export function parseRows(
  setting: unknown,
  shipped: readonly ModelRow[],
): { rows: ModelRow[]; problems: RowProblem[] } {
  const rows: ModelRow[] = [];
  const problems: RowProblem[] = [];
  if (!Array.isArray(setting)) return { rows, problems };
  for (const [index, given] of (setting as unknown[]).slice(0, maxRows).entries()) {
    const parsed = v.safeParse(rowSchema, given, { abortEarly: true });
    const row = index + 1;
    if (!parsed.success) {
      const field = v.getDotPath(parsed.issues[0])?.slice(0, 100) ?? '';
      problems.push({ row, field, kind: 'form' });
    } else if (shipped.some(({ id }) => id === parsed.output.id)) {
      problems.push({ row, field: 'id', kind: 'shipped' });
    } else if (rows.some(({ id }) => id === parsed.output.id)) {
      problems.push({ row, field: 'id', kind: 'twice' });
    } else rows.push(parsed.output);
  }
  return { rows, problems };
}
