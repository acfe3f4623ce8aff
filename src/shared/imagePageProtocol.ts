import * as v from 'valibot';

/** The messages between the page that decodes images and its host; each side parses what it gets. */

/** The largest file that is ever read to be converted, or that a page may give back. */
const maxBytes = 512 * 1024 * 1024;
/** Below this no image of a single pixel would fit, and the page would try for ever. */
const leastMaxBytes = 10_000;
/** The side of the largest canvas of any browser. */
const maxSidePx = 32_767;
const imageType = v.picklist(['image/png', 'image/jpeg', 'image/webp', 'image/avif']);
const mime = v.pipe(v.string(), v.maxLength(100));
const hint = v.pipe(v.string(), v.maxLength(1_000));
const sidePx = v.pipe(v.number(), v.gtValue(0), v.finite());

const toImagePageSchema = v.variant('kind', [
  /** Decode this, draw it no larger than `maxSidePx` and `maxBytes`, and give it back as `type`. */
  v.object({
    kind: v.literal('convert'),
    bytes: v.pipe(
      v.custom<Uint8Array>((value) => value instanceof Uint8Array),
      v.check(({ byteLength }) => byteLength <= maxBytes),
    ),
    mime,
    /** How large to draw what is drawn at any size. */
    size: v.optional(v.object({ width: sidePx, height: sidePx })),
    maxSidePx: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxSidePx)),
    maxBytes: v.pipe(v.number(), v.minValue(leastMaxBytes)),
    /** Asked for; a canvas that cannot write it gives a PNG. */
    type: imageType,
    /** 1–100, of types that have one. */
    quality: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(100))),
  }),
  /** Wait for an image to be pasted. */
  v.object({ kind: v.literal('paste'), hint, noImageHint: hint }),
]);
export type ToImagePage = v.InferOutput<typeof toImagePageSchema>;

const fromImagePageSchema = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({
    kind: v.literal('image'),
    bytes: v.pipe(
      v.instance(ArrayBuffer),
      v.check(({ byteLength }) => byteLength <= maxBytes),
    ),
    /** A MIME type. */
    type: mime,
  }),
  v.object({ kind: v.literal('failed') }),
]);
export type FromImagePage = v.InferOutput<typeof fromImagePageSchema>;

/** @returns undefined for what is not a message of the host. */
export function parseToImagePage(message: unknown): ToImagePage | undefined {
  const parsed = v.safeParse(toImagePageSchema, message, { abortEarly: true });
  return parsed.success ? parsed.output : undefined;
}

/** @returns undefined for what is not a message of the page. */
export function parseFromImagePage(message: unknown): FromImagePage | undefined {
  const parsed = v.safeParse(fromImagePageSchema, message, { abortEarly: true });
  return parsed.success ? parsed.output : undefined;
}
