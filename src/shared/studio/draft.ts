import * as v from 'valibot';
import { maxImagesPerRequest, maxReferenceUris } from '../limits.ts';
import * as field from './fields.ts';

export const referenceSchema = v.object({
  uri: field.address,
  /** The file's name, or the web address. */
  label: field.text,
  /** Where the page finds the image; without one it shows a symbol. */
  src: v.optional(field.address),
});
export const trayReferences = field.shownList(referenceSchema, maxReferenceUris);
/** An image in the tray. */
export type Reference = v.InferOutput<typeof referenceSchema>;

export const choicesEntries = {
  size: field.name,
  /** Empty for a model without qualities. */
  quality: field.name,
  resolution: v.optional(field.name),
  background: v.optional(field.name),
};
export const draftSchema = v.object({
  prompt: field.longText,
  references: v.pipe(v.array(field.uri), v.maxLength(maxReferenceUris)),
  /** The model chosen instead of the one of the settings. */
  model: v.optional(field.name),
  ...choicesEntries,
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxImagesPerRequest)),
  /** Of an image that is made once more, for models that take it. */
  seed: v.optional(v.pipe(v.number(), v.safeInteger())),
  /** The name of the style that is put around the prompt. */
  style: v.optional(field.name),
  /** The folder chosen instead of the one of the settings. */
  folderUri: v.optional(field.uri),
  /** Present while the size follows the shape of the first reference: until the user chooses one. */
  following: v.optional(
    v.object({
      /** The size from before there was a reference. */
      alone: field.name,
      /** The reference whose shape was taken last; the first one's may not be known yet. */
      source: v.optional(field.uri),
    }),
  ),
  /** When it was last changed: of two that were kept, the newer one counts. */
  writtenAt: field.moment,
});
/** A request that is being written, with references by their URIs. */
export type Draft = v.InferOutput<typeof draftSchema>;

export const styleSchema = v.object({
  name: v.pipe(field.name, v.trim(), v.minLength(1), v.maxLength(60)),
  before: v.optional(field.longText),
  after: v.optional(field.longText),
});
/** Text that a team puts before or after its prompts. */
export type Style = v.InferOutput<typeof styleSchema>;

/** A draft that was kept, perhaps by another version. @returns undefined for what is none. */
export function parseDraft(kept: unknown): Draft | undefined {
  return field.parse(draftSchema, kept);
}
