import * as v from 'valibot';
import { maxReferenceUris } from '../limits.ts';
import { referenceSchema } from './draft.ts';
import * as field from './fields.ts';

export const entryAction = v.picklist([
  // of an image
  'open',
  'insert',
  'copyPath',
  'reveal',
  'edit',
  'reuse',
  'compare',
  'favourite',
  'unfavourite',
  'delete',
  // of a job
  'drawNext',
  'cancel',
  'stop',
  'resume',
  'retry',
  'locate',
  'makeAgain',
  'lookUp',
  'submitAgain',
  'saveAs',
  'copyRequestId',
  'remove',
]);
export type EntryAction = v.InferOutput<typeof entryAction>;

const entrySchema = v.object({
  key: field.key,
  jobId: field.text,
  state: v.picklist([
    'queued',
    'uploading',
    'submitting',
    'running',
    'downloading',
    'saved',
    'failed',
    'stopped',
    'unconfirmed',
  ]),
  prompt: field.shownPrompt,
  model: field.text,
  size: field.text,
  /** As the user reads it; empty for a model without qualities. */
  quality: field.text,
  resolution: v.optional(field.text),
  /** Pixels: those of the file, or those asked for. */
  width: field.count,
  height: field.count,
  createdAt: field.moment,
  /** A short sentence: "Drawing", "Waiting, 3 before it". */
  status: field.text,
  /** 0–100, when the provider or the upload reports it. */
  progress: v.optional(field.amount),
  /** When drawing began, and how long it usually takes. */
  startedAt: v.optional(field.moment),
  expectedMs: v.optional(field.amount),
  /** Reserved or charged. */
  credits: v.optional(field.amount),
  taskId: v.optional(field.text),
  references: field.shownList(referenceSchema, maxReferenceUris),
  isFavourite: v.boolean(),
  /** Why it failed: a sentence, what more there is to know, and the request ID to ask about. */
  error: v.optional(
    v.object({
      sentence: field.text,
      /** One paragraph each. */
      details: field.shownList(field.text, 10),
      requestId: v.optional(field.text),
    }),
  ),
  image: v.optional(
    v.object({
      uri: field.address,
      /** From the workspace folder. */
      path: field.text,
      sizeBytes: field.count,
      /** Where the page finds the image whole; undefined when its folder is not open. */
      src: v.optional(field.address),
      /** A small one, once it was made. */
      thumbnail: v.optional(field.address),
      /** The file is no longer where it was saved. */
      isMissing: v.boolean(),
    }),
  ),
  /** What can be done now. */
  actions: field.shownList(entryAction, 50),
});
/** The most entries that a page asks for at once. */
export const maxNeededKeys = 2_000;
export const entries = v.pipe(
  v.array(v.unknown()),
  v.maxLength(2 * maxNeededKeys),
  v.array(entrySchema),
);
/** A job and its image, when it has one. */
export type Entry = v.InferOutput<typeof entrySchema>;

export const filterSchema = v.object({
  /** Words that the prompt must have, in any order. */
  words: field.limited(1_000),
  workspaceUri: v.optional(field.uri),
  isFavourite: v.optional(v.boolean()),
  size: v.optional(field.name),
  hasReferences: v.optional(v.boolean()),
});
export type Filter = v.InferOutput<typeof filterSchema>;
