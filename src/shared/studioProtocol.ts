import * as v from 'valibot';
import { maxImagesPerRequest } from './limits.ts';

/**
 * The messages between the Studio's page and its host. Each side parses what it receives and drops
 * what does not parse. A message has the whole of what changed, so that a page that missed one is
 * right again with the next.
 */

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Identifies a job in the gallery; newer jobs have greater keys. */
const key = v.pipe(v.number(), v.integer(), v.minValue(1));
/** Milliseconds since 1970. */
const moment = v.number();
/** The most images in one message. */
const maxKeys = 100_000;
const keys = v.pipe(v.array(key), v.maxLength(maxKeys));
/** Longer than the prompt of any model. */
const maxTextChars = 100_000;
const longText = v.pipe(v.string(), v.maxLength(maxTextChars));
/** The provider's limit for a reference image. */
export const maxPastedBytes = 50 * 1024 * 1024;
/** The most references of one message, more than any model takes. */
export const maxReferenceUris = 64;
/** The most entries that a page asks for at once. */
export const maxNeededKeys = 2_000;

// ---- Compose

const referenceSchema = v.object({
  uri: text,
  /** The file's name, or the web address. */
  label: text,
  /** Where the page finds the image; without one it shows a symbol. */
  src: v.optional(text),
});
/** An image in the tray. */
export type Reference = v.InferOutput<typeof referenceSchema>;

const draftSchema = v.object({
  prompt: longText,
  references: v.pipe(v.array(v.pipe(text, v.maxLength(8_192))), v.maxLength(maxReferenceUris)),
  size: text,
  quality: text,
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxImagesPerRequest)),
  /** The name of the style that is put around the prompt. */
  style: v.optional(text),
  /** The folder chosen instead of the one of the settings. */
  folderUri: v.optional(text),
  /** When it was last changed: of two that were kept, the newer one counts. */
  writtenAt: moment,
});
/** A request that is being written, with references by their URIs. */
export type Draft = v.InferOutput<typeof draftSchema>;

const styleSchema = v.object({
  name: v.pipe(text, v.trim(), v.minLength(1), v.maxLength(60)),
  before: v.optional(longText),
  after: v.optional(longText),
});
/** Text that a team puts before or after its prompts. */
export type Style = v.InferOutput<typeof styleSchema>;

const optionsSchema = v.object({
  model: text,
  sizes: v.array(
    v.object({
      id: text,
      width: count,
      height: count,
      shape: v.picklist(['square', 'portrait', 'landscape']),
    }),
  ),
  qualities: v.array(v.object({ id: text, label: text })),
  maxPromptChars: count,
  maxReferences: count,
  maxCount: count,
});

/** What a button of a notice does. */
const noticeAction = v.picklist([
  'setKey',
  'topUp',
  'continueQueue',
  'cancelQueue',
  'checkConnection',
  'showLog',
  'openFolder',
]);
export type NoticeAction = v.InferOutput<typeof noticeAction>;

const noticeSchema = v.object({
  kind: v.picklist([
    'credits',
    'key',
    'network',
    'rateLimited',
    'paused',
    'trouble',
    'noWorkspace',
  ]),
  sentence: text,
  /** When the wait is over. */
  untilMs: v.optional(moment),
  actions: v.array(v.object({ action: noticeAction, label: text })),
});
/** Something about the whole queue that a user should know. */
export type Notice = v.InferOutput<typeof noticeSchema>;

const stateSchema = v.object({
  hasKey: v.boolean(),
  options: optionsSchema,
  notices: v.array(noticeSchema),
  /** Where results go, as a user reads it; undefined when no folder is open. */
  destination: v.optional(text),
  /** Whether another folder than the settings' was chosen. */
  isOtherDestination: v.boolean(),
  styles: v.array(styleSchema),
  /** Earlier prompts, the newest first. */
  history: v.array(text),
  /** What is left on the account, where known. */
  credits: v.optional(v.number()),
  /** What the last image of a size, quality and with or without references cost; see `costKey`. */
  costs: v.record(text, v.number()),
  /** Whether anything was ever made. */
  isEmpty: v.boolean(),
  /** The folders that are open, to filter by. */
  workspaces: v.array(v.object({ uri: text, label: text })),
});
/** All that the page shows but the gallery. */
export type State = v.InferOutput<typeof stateSchema>;

/** Images of one kind cost the same. */
export function costKey(size: string, quality: string, hasReferences: boolean): string {
  return `${size} ${quality} ${hasReferences ? 'edit' : 'new'}`;
}

// ---- Gallery

const entryAction = v.picklist([
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
  'makeAgain',
  'lookUp',
  'submitAgain',
  'saveAs',
  'copyRequestId',
  'remove',
]);
export type EntryAction = v.InferOutput<typeof entryAction>;

const entrySchema = v.object({
  key,
  jobId: text,
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
  prompt: text,
  model: text,
  size: text,
  /** As the user reads it. */
  quality: text,
  /** Pixels: those of the file, or those asked for. */
  width: count,
  height: count,
  createdAt: moment,
  /** A short sentence: "Drawing", "Waiting, 3 before it". */
  status: text,
  /** 0–100, when the provider or the upload reports it. */
  progress: v.optional(v.number()),
  /** When drawing began, and how long it usually takes. */
  startedAt: v.optional(moment),
  expectedMs: v.optional(v.number()),
  /** Reserved or charged. */
  credits: v.optional(v.number()),
  taskId: v.optional(text),
  references: v.array(referenceSchema),
  isFavourite: v.boolean(),
  /** Why it failed: our message, the provider's, and the request ID to ask the provider about. */
  error: v.optional(
    v.object({ sentence: text, details: v.optional(text), requestId: v.optional(text) }),
  ),
  image: v.optional(
    v.object({
      uri: text,
      /** From the workspace folder. */
      path: text,
      sizeBytes: count,
      /** Where the page finds the image whole; undefined when its folder is not open. */
      src: v.optional(text),
      /** A small one, once it was made. */
      thumbnail: v.optional(text),
      /** The file is no longer where it was saved. */
      isMissing: v.boolean(),
    }),
  ),
  /** What can be done now. */
  actions: v.array(entryAction),
});
/** A job and its image, when it has one. */
export type Entry = v.InferOutput<typeof entrySchema>;

const filterSchema = v.object({
  /** Words that the prompt must have, in any order. */
  words: v.pipe(text, v.maxLength(1_000)),
  workspaceUri: v.optional(text),
  isFavourite: v.optional(v.boolean()),
  size: v.optional(text),
  hasReferences: v.optional(v.boolean()),
});
export type Filter = v.InferOutput<typeof filterSchema>;

// ---- Messages

const toPageSchema = v.variant('kind', [
  v.object({ kind: v.literal('state'), state: stateSchema }),
  /** Answers `query`: all that match, newest first, in two lists of one length. */
  v.object({
    kind: v.literal('gallery'),
    filter: filterSchema,
    keys,
    createdAt: v.array(moment),
    /** The first of them whole, so that they need not be asked for. */
    entries: v.array(entrySchema),
  }),
  /** Some of the gallery as they are now. */
  v.object({ kind: v.literal('entries'), entries: v.array(entrySchema) }),
  /** Replaces the draft. */
  v.object({ kind: v.literal('draft'), draft: draftSchema, references: v.array(referenceSchema) }),
  /** Appends to the tray. */
  v.object({ kind: v.literal('references'), references: v.array(referenceSchema) }),
  /** The request was accepted: errors may be cleared. */
  v.object({ kind: v.literal('accepted') }),
  /** The request was refused, for the reason shown beside the field. Nothing was submitted. */
  v.object({
    kind: v.literal('refused'),
    field: v.optional(v.picklist(['prompt', 'size', 'quality', 'references', 'destination'])),
    sentence: text,
  }),
  /** For the live region. */
  v.object({ kind: v.literal('announce'), sentence: text }),
  /** Images were deleted and can be brought back for a while. */
  v.object({ kind: v.literal('deleted'), sentence: text, keys }),
]);
export type ToPage = v.InferOutput<typeof toPageSchema>;

const toHostSchema = v.variant('kind', [
  /** The page receives messages from now on. */
  v.object({ kind: v.literal('ready') }),
  /** The draft, shortly after its last change. */
  v.object({ kind: v.literal('draft'), draft: draftSchema }),
  v.object({ kind: v.literal('generate'), draft: draftSchema }),
  v.object({ kind: v.literal('query'), filter: filterSchema }),
  /** Asks for entries that come into sight. */
  v.object({ kind: v.literal('need'), keys: v.pipe(v.array(key), v.maxLength(maxNeededKeys)) }),
  /** A small WebP of an image, made by the page. */
  v.object({ kind: v.literal('thumbnail'), key, bytes: v.instance(ArrayBuffer) }),
  v.object({ kind: v.literal('act'), action: entryAction, keys }),
  v.object({ kind: v.literal('undelete'), keys }),
  v.object({ kind: v.literal('notice'), action: noticeAction }),
  /** Opens the editor's own choice of images. */
  v.object({ kind: v.literal('pickReferences') }),
  /** Dropped from the explorer: uris. */
  v.object({
    kind: v.literal('addReferences'),
    uris: v.pipe(v.array(text), v.maxLength(maxReferenceUris)),
  }),
  /** Pasted, or dropped from the system. */
  v.object({
    kind: v.literal('addBytes'),
    name: text,
    bytes: v.pipe(
      v.instance(ArrayBuffer),
      v.check(({ byteLength }) => byteLength <= maxPastedBytes),
    ),
  }),
  v.object({ kind: v.literal('pickDestination') }),
  v.object({ kind: v.literal('resetDestination') }),
  v.object({ kind: v.literal('saveStyle'), style: styleSchema }),
  v.object({ kind: v.literal('removeStyle'), name: text }),
]);
export type ToHost = v.InferOutput<typeof toHostSchema>;

/** @returns undefined for what is not a message of the page. */
export function parseToHost(message: unknown): ToHost | undefined {
  const parsed = v.safeParse(toHostSchema, message);
  return parsed.success ? parsed.output : undefined;
}

/** @returns undefined for what is not a message of the host. */
export function parseToPage(message: unknown): ToPage | undefined {
  const parsed = v.safeParse(toPageSchema, message);
  return parsed.success ? parsed.output : undefined;
}
