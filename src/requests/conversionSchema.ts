import * as v from 'valibot';
import { maxWidthPx, outputFormats, type OutputFormat } from '../images/convert/outputFormat.ts';
import { maxWidths } from '../images/convert/srcset.ts';

/**
 * What a caller may say of the files it wants of an image. `Uri` is how the caller names files: a value
 * of the editor, or text.
 */
export interface ConversionOptions<Uri = string> {
  /** By default that of `output`, else of the settings, else of the image itself. */
  format?: OutputFormat | undefined;
  /** 1–100. */
  quality?: number | undefined;
  /** 1–16,383 pixels. */
  maxWidth?: number | undefined;
  /** One file for each, in the place of `maxWidth`. */
  widths?: readonly number[] | undefined;
  /** Whether names contain the beginning of the content's hash. */
  hash?: boolean | undefined;
  /** A folder, or for one image a file by its extension. Beside the image when absent. */
  output?: Uri | undefined;
}

const wholeNumber = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

const fields = {
  format: v.optional(v.picklist(outputFormats)),
  quality: v.optional(wholeNumber(1, 100)),
  maxWidth: v.optional(wholeNumber(1, maxWidthPx)),
  widths: v.optional(
    v.pipe(v.array(wholeNumber(1, maxWidthPx)), v.minLength(1), v.maxLength(maxWidths)),
  ),
  hash: v.optional(v.boolean()),
};

/** The names of all options. */
export const conversionOptionNames: readonly string[] = [...Object.keys(fields), 'output'];

/**
 * Fields without a meaning are ignored.
 * @returns the options, or the name of the first field that is wrong; empty when all of it is.
 */
export function parseConversionOptions<Uri>(
  given: unknown,
  isUri: (value: unknown) => value is Uri,
): ConversionOptions<Uri> | { wrongField: string } {
  const schema = v.object({ ...fields, output: v.optional(v.custom<Uri>(isUri)) });
  try {
    const parsed = v.safeParse(schema, given, { abortEarly: true });
    if (parsed.success) return parsed.output;
    return { wrongField: v.getDotPath(parsed.issues[0]) ?? '' };
  } catch {
    // A caller's object may be of any make, and throw when it is read.
    return { wrongField: '' };
  }
}
