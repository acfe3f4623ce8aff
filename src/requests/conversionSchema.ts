import * as v from 'valibot';
import { maxWidthPx, outputFormats, type OutputFormat } from '../images/convert/outputFormat.ts';
import { maxWidths } from '../images/convert/srcset.ts';

/** What a caller may say of the files it wants of an image. */
export interface ConversionOptions {
  format: OutputFormat;
  /** 1–100. */
  quality?: number | undefined;
  /** 1–16,383 pixels. */
  maxWidth?: number | undefined;
  /** One file for each, in the place of `maxWidth`. */
  widths?: readonly number[] | undefined;
  /** Whether names contain the beginning of the content's hash. */
  hash?: boolean | undefined;
}

const wholeNumber = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

const schema = v.object({
  format: v.picklist(outputFormats),
  quality: v.optional(wholeNumber(1, 100)),
  maxWidth: v.optional(wholeNumber(1, maxWidthPx)),
  widths: v.optional(
    v.pipe(v.array(wholeNumber(1, maxWidthPx)), v.minLength(1), v.maxLength(maxWidths)),
  ),
  hash: v.optional(v.boolean()),
});

/** @returns the options, or the name of the first field that is wrong; empty when all of it is. */
export function parseConversionOptions(given: unknown): ConversionOptions | { wrongField: string } {
  const parsed = v.safeParse(schema, given, { abortEarly: true });
  if (parsed.success) return parsed.output;
  return { wrongField: v.getDotPath(parsed.issues[0]) ?? '' };
}
