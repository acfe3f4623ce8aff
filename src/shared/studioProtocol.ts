import * as v from 'valibot';
import {
  maxImagesPerRequest,
  maxNameChars,
  maxPromptTextChars,
  maxReferenceUris,
  maxUriChars,
} from './limits.ts';

/**
 * The messages between the Studio's page and its host. Each side parses what it receives and drops
 * what does not parse. A message has the whole of what changed, so that a page that missed one is
 * right again with the next.
 */

const limited = (maxChars: number) => v.pipe(v.string(), v.maxLength(maxChars));
/** A size, a quality, the name of a style. */
const name = limited(maxNameChars);
const uri = limited(maxUriChars);
const longText = limited(maxPromptTextChars);
/**
 * What is only shown. The page cuts it: a message that were dropped for one text would leave out
 * everything else it has.
 */
const shown = (maxChars: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => text.slice(0, maxChars)),
  );
const text = shown(4_000);
const shownPrompt = shown(maxPromptTextChars);
/** Addresses of images as the page loads them, which an older job may have at any length. */
const address = shown(65_536);
/** The first items of a list that is only shown. */
const shownList = <T extends v.GenericSchema>(item: T, maxItems: number) =>
  v.pipe(
    v.array(item),
    v.transform((items) => items.slice(0, maxItems)),
  );
const amount = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Identifies a job in the gallery; newer jobs have greater keys. */
const key = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** Milliseconds since 1970, of a day that there is. */
const moment = v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15));
/** The most images in one message. */
const maxKeys = 100_000;
const keys = v.pipe(v.array(v.unknown()), v.maxLength(maxKeys), v.array(key));
/** The provider's limit for a reference image. */
export const maxPastedBytes = 50 * 1024 * 1024;
/** A page's thumbnail is far smaller. */
const maxThumbnailBytes = 1024 * 1024;
/** The most entries that a page asks for at once. */
export const maxNeededKeys = 2_000;

function bytes(maxBytes: number) {
  return v.pipe(
    v.instance(ArrayBuffer),
    v.check(({ byteLength }) => byteLength <= maxBytes),
  );
}

// ---- Compose

const referenceSchema = v.object({
  uri: address,
  /** The file's name, or the web address. */
  label: text,
  /** Where the page finds the image; without one it shows a symbol. */
  src: v.optional(address),
});
const trayReferences = shownList(referenceSchema, maxReferenceUris);
/** An image in the tray. */
export type Reference = v.InferOutput<typeof referenceSchema>;

const choicesEntries = {
  size: name,
  /** Empty for a model without qualities. */
  quality: name,
  resolution: v.optional(name),
  background: v.optional(name),
};
const draftSchema = v.object({
  prompt: longText,
  references: v.pipe(v.array(uri), v.maxLength(maxReferenceUris)),
  /** The model chosen instead of the one of the settings. */
  model: v.optional(name),
  ...choicesEntries,
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxImagesPerRequest)),
  /** Of an image that is made once more, for models that take it. */
  seed: v.optional(v.pipe(v.number(), v.safeInteger())),
  /** The name of the style that is put around the prompt. */
  style: v.optional(name),
  /** The folder chosen instead of the one of the settings. */
  folderUri: v.optional(uri),
  /** Present while the size follows the shape of the first reference: until the user chooses one. */
  following: v.optional(
    v.object({
      /** The size from before there was a reference. */
      alone: name,
      /** The reference whose shape was taken last; the first one's may not be known yet. */
      source: v.optional(uri),
    }),
  ),
  /** When it was last changed: of two that were kept, the newer one counts. */
  writtenAt: moment,
});
/** A request that is being written, with references by their URIs. */
export type Draft = v.InferOutput<typeof draftSchema>;

const styleSchema = v.object({
  name: v.pipe(name, v.trim(), v.minLength(1), v.maxLength(60)),
  before: v.optional(longText),
  after: v.optional(longText),
});
/** Text that a team puts before or after its prompts. */
export type Style = v.InferOutput<typeof styleSchema>;

const choiceList = shownList(v.object({ id: text, label: text }), 100);
const optionsSchema = v.object({
  model: text,
  /** All that can be chosen. */
  models: shownList(text, 100),
  /** The first reference, once it is known which size is nearest to its shape, or that none is. */
  source: v.optional(address),
  sizes: shownList(
    v.object({
      id: text,
      width: count,
      height: count,
      /** Absent where the model chooses. */
      shape: v.optional(v.picklist(['square', 'portrait', 'landscape'])),
      /** The nearest to the shape of `source`. */
      isAsSource: v.optional(v.boolean()),
      /** A ratio, whose pixels depend on the resolution. */
      isRatio: v.boolean(),
    }),
    100,
  ),
  qualities: choiceList,
  /** None for a model without a choice of it. */
  resolutions: choiceList,
  /** The one that is used where none was chosen. */
  resolution: v.optional(name),
  /** Whether only ratios have a resolution. */
  isResolutionOfRatios: v.boolean(),
  backgrounds: choiceList,
  hasSeed: v.optional(v.boolean()),
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
  'proxySettings',
  'certificateSettings',
  'showLog',
  'openFolder',
  'otherModel',
  'tryModel',
  'cancelModel',
]);
export type NoticeAction = v.InferOutput<typeof noticeAction>;

const noticeSchema = v.object({
  kind: v.picklist([
    'credits',
    'key',
    'network',
    'rateLimited',
    'paused',
    'model',
    'trouble',
    'noWorkspace',
  ]),
  sentence: text,
  /** When the wait is over. */
  untilMs: v.optional(moment),
  actions: shownList(v.object({ action: noticeAction, label: text }), 10),
});
/** Something about the whole queue that a user should know. */
export type Notice = v.InferOutput<typeof noticeSchema>;

const stateSchema = v.object({
  hasKey: v.boolean(),
  options: optionsSchema,
  notices: shownList(noticeSchema, 20),
  /** Where results go, as a user reads it; undefined when no folder is open. */
  destination: v.optional(text),
  /** Whether another folder than the settings' was chosen. */
  isOtherDestination: v.boolean(),
  styles: shownList(styleSchema, 200),
  /** Earlier prompts, the newest first. */
  history: shownList(shownPrompt, 200),
  /** What is left on the account, where known. */
  credits: v.optional(amount),
  /** What the last image of a kind cost; see `costKey`. */
  costs: v.record(v.string(), amount),
  /** What an image of the model costs by the provider's list, in US dollars. */
  price: v.optional(v.object({ minUsd: amount, maxUsd: amount })),
  /** Whether anything was ever made. */
  isEmpty: v.boolean(),
  /** The folders that are open, to filter by. */
  workspaces: shownList(v.object({ uri: address, label: text }), 1_000),
});
/** All that the page shows but the gallery. */
export type State = v.InferOutput<typeof stateSchema>;

/** Images of one kind cost the same. */
export function costKey(kind: {
  model: string;
  size: string;
  quality: string;
  resolution?: string | undefined;
  hasReferences: boolean;
}): string {
  const { model, size, quality, resolution = '', hasReferences } = kind;
  return [model, size, quality, resolution, hasReferences ? 'edit' : 'new'].join(' ');
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
  prompt: shownPrompt,
  model: text,
  size: text,
  /** As the user reads it; empty for a model without qualities. */
  quality: text,
  resolution: v.optional(text),
  /** Pixels: those of the file, or those asked for. */
  width: count,
  height: count,
  createdAt: moment,
  /** A short sentence: "Drawing", "Waiting, 3 before it". */
  status: text,
  /** 0–100, when the provider or the upload reports it. */
  progress: v.optional(amount),
  /** When drawing began, and how long it usually takes. */
  startedAt: v.optional(moment),
  expectedMs: v.optional(amount),
  /** Reserved or charged. */
  credits: v.optional(amount),
  taskId: v.optional(text),
  references: shownList(referenceSchema, maxReferenceUris),
  isFavourite: v.boolean(),
  /** Why it failed: a sentence, what more there is to know, and the request ID to ask about. */
  error: v.optional(
    v.object({
      sentence: text,
      /** One paragraph each. */
      details: shownList(text, 10),
      requestId: v.optional(text),
    }),
  ),
  image: v.optional(
    v.object({
      uri: address,
      /** From the workspace folder. */
      path: text,
      sizeBytes: count,
      /** Where the page finds the image whole; undefined when its folder is not open. */
      src: v.optional(address),
      /** A small one, once it was made. */
      thumbnail: v.optional(address),
      /** The file is no longer where it was saved. */
      isMissing: v.boolean(),
    }),
  ),
  /** What can be done now. */
  actions: shownList(entryAction, 50),
});
const entries = v.pipe(v.array(v.unknown()), v.maxLength(2 * maxNeededKeys), v.array(entrySchema));
/** A job and its image, when it has one. */
export type Entry = v.InferOutput<typeof entrySchema>;

const filterSchema = v.object({
  /** Words that the prompt must have, in any order. */
  words: limited(1_000),
  workspaceUri: v.optional(uri),
  isFavourite: v.optional(v.boolean()),
  size: v.optional(name),
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
    createdAt: v.pipe(v.array(v.unknown()), v.maxLength(maxKeys), v.array(moment)),
    /** The first of them whole, so that they need not be asked for. */
    entries,
  }),
  /** Some of the gallery as they are now. */
  v.object({ kind: v.literal('entries'), entries }),
  /** Replaces the draft. `isOthers`: it was written in another page, which goes on with it. */
  v.object({
    kind: v.literal('draft'),
    draft: draftSchema,
    references: trayReferences,
    isOthers: v.optional(v.boolean()),
  }),
  /** Where the draft's first image will be, as a user reads it, or why it can be nowhere. */
  v.object({ kind: v.literal('nextImage'), path: v.optional(text), problem: v.optional(text) }),
  /** Answers `chooseModel`: what is chosen for the model now. The rest of the draft is the page's. */
  v.object({ kind: v.literal('choices'), ...choicesEntries, model: name, choice: count }),
  /** Appends to the tray. */
  v.object({ kind: v.literal('references'), references: trayReferences }),
  /** Files of the draft have another place now: its references, and the folder chosen for it. */
  v.object({
    kind: v.literal('filesMoved'),
    references: shownList(
      v.object({ from: address, reference: referenceSchema }),
      maxReferenceUris,
    ),
    folder: v.optional(v.object({ from: uri, to: uri })),
  }),
  /** The request was accepted: errors may be cleared. */
  v.object({ kind: v.literal('accepted') }),
  /** The request was refused, for the reason shown beside the field. Nothing was submitted. */
  v.object({
    kind: v.literal('refused'),
    field: v.optional(
      v.picklist([
        'model',
        'prompt',
        'size',
        'quality',
        'resolution',
        'background',
        'references',
        'destination',
      ]),
    ),
    sentence: text,
  }),
  /** A command opened the Studio, and what is typed next is the prompt. */
  v.object({ kind: v.literal('focusPrompt') }),
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
  /** `model` is the one that the page shows: no other is paid. */
  v.object({ kind: v.literal('generate'), draft: draftSchema, model: name }),
  /** The draft is to be for another model. `choice` numbers the choices of a page. */
  v.object({ kind: v.literal('chooseModel'), model: name, draft: draftSchema, choice: count }),
  v.object({ kind: v.literal('query'), filter: filterSchema }),
  /** Asks for entries that come into sight. */
  v.object({ kind: v.literal('need'), keys: v.pipe(keys, v.maxLength(maxNeededKeys)) }),
  /** A small WebP of an image, made by the page. */
  v.object({ kind: v.literal('thumbnail'), key, bytes: bytes(maxThumbnailBytes) }),
  v.object({ kind: v.literal('act'), action: entryAction, keys }),
  v.object({ kind: v.literal('undelete'), keys }),
  v.object({ kind: v.literal('notice'), action: noticeAction }),
  /** Opens the editor's own choice of images. */
  v.object({ kind: v.literal('pickReferences') }),
  /** Dropped from the explorer: uris. */
  v.object({
    kind: v.literal('addReferences'),
    uris: v.pipe(v.array(v.unknown()), v.maxLength(maxReferenceUris), v.array(uri)),
  }),
  /** Pasted, or dropped from the system. */
  v.object({
    kind: v.literal('addBytes'),
    name: limited(1_000),
    bytes: bytes(maxPastedBytes),
  }),
  v.object({ kind: v.literal('pickDestination') }),
  v.object({ kind: v.literal('resetDestination') }),
  v.object({ kind: v.literal('saveStyle'), style: styleSchema }),
  v.object({ kind: v.literal('removeStyle'), name }),
]);
export type ToHost = v.InferOutput<typeof toHostSchema>;

/** @returns undefined for what is not a message of the page. */
export function parseToHost(message: unknown): ToHost | undefined {
  return parse(toHostSchema, message);
}

/** @returns undefined for what is not a message of the host. */
export function parseToPage(message: unknown): ToPage | undefined {
  return parse(toPageSchema, message);
}

/** A draft that was kept, perhaps by another version. @returns undefined for what is none. */
export function parseDraft(kept: unknown): Draft | undefined {
  return parse(draftSchema, kept);
}

function parse<T extends v.GenericSchema>(
  schema: T,
  message: unknown,
): v.InferOutput<T> | undefined {
  const parsed = v.safeParse(schema, message, { abortEarly: true });
  return parsed.success ? parsed.output : undefined;
}
