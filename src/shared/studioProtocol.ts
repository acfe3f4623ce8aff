import * as v from 'valibot';
import { maxReferenceUris } from './limits.ts';
import {
  choicesEntries,
  draftSchema,
  referenceSchema,
  styleSchema,
  trayReferences,
} from './studio/draft.ts';
import { entries, entryAction, filterSchema, maxNeededKeys } from './studio/entry.ts';
import * as field from './studio/fields.ts';
import { noticeAction, stateSchema } from './studio/state.ts';

/**
 * The messages between the Studio's page and its host. Each side parses what it receives and drops
 * what does not parse. A message has the whole of what changed, so that a page that missed one is
 * right again with the next.
 */

/** The provider's limit for a reference image. */
export const maxPastedBytes = 50 * 1024 * 1024;
/** A page's thumbnail is far smaller. */
const maxThumbnailBytes = 1024 * 1024;

const toPageSchema = v.variant('kind', [
  v.object({ kind: v.literal('state'), state: stateSchema }),
  /** Answers `query`: all that match, newest first, in two lists of one length. */
  v.object({
    kind: v.literal('gallery'),
    filter: filterSchema,
    keys: field.keys,
    createdAt: v.pipe(v.array(v.unknown()), v.maxLength(field.maxKeys), v.array(field.moment)),
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
  v.object({
    kind: v.literal('nextImage'),
    path: v.optional(field.text),
    problem: v.optional(field.text),
  }),
  /** Answers `chooseModel`: what is chosen for the model now. The rest of the draft is the page's. */
  v.object({
    kind: v.literal('choices'),
    ...choicesEntries,
    model: field.name,
    choice: field.count,
  }),
  /** Appends to the tray. */
  v.object({ kind: v.literal('references'), references: trayReferences }),
  /** Files of the draft have another place now: its references, and the folder chosen for it. */
  v.object({
    kind: v.literal('filesMoved'),
    references: field.shownList(
      v.object({ from: field.address, reference: referenceSchema }),
      maxReferenceUris,
    ),
    folder: v.optional(v.object({ from: field.uri, to: field.uri })),
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
    sentence: field.text,
  }),
  /** A command opened the Studio, and what is typed next is the prompt. */
  v.object({ kind: v.literal('focusPrompt') }),
  /** For the live region. */
  v.object({ kind: v.literal('announce'), sentence: field.text }),
  /** Images were deleted and can be brought back for a while. */
  v.object({ kind: v.literal('deleted'), sentence: field.text, keys: field.keys }),
]);
export type ToPage = v.InferOutput<typeof toPageSchema>;

const toHostSchema = v.variant('kind', [
  /** The page receives messages from now on. */
  v.object({ kind: v.literal('ready') }),
  /** The draft, shortly after its last change. */
  v.object({ kind: v.literal('draft'), draft: draftSchema }),
  /** `model` is the one that the page shows: no other is paid. */
  v.object({ kind: v.literal('generate'), draft: draftSchema, model: field.name }),
  /** The draft is to be for another model. `choice` numbers the choices of a page. */
  v.object({
    kind: v.literal('chooseModel'),
    model: field.name,
    draft: draftSchema,
    choice: field.count,
  }),
  v.object({ kind: v.literal('query'), filter: filterSchema }),
  /** Asks for entries that come into sight. */
  v.object({ kind: v.literal('need'), keys: v.pipe(field.keys, v.maxLength(maxNeededKeys)) }),
  /** A small WebP of an image, made by the page. */
  v.object({ kind: v.literal('thumbnail'), key: field.key, bytes: field.bytes(maxThumbnailBytes) }),
  v.object({ kind: v.literal('act'), action: entryAction, keys: field.keys }),
  v.object({ kind: v.literal('undelete'), keys: field.keys }),
  /** Of the images that were to be dragged some are not, or none. */
  v.object({
    kind: v.literal('leftOutOfDrag'),
    reason: v.picklist(['tooMany', 'loading', 'missing']),
  }),
  v.object({ kind: v.literal('notice'), action: noticeAction }),
  /** Opens the editor's own choice of images. */
  v.object({ kind: v.literal('pickReferences') }),
  /** Dropped from the explorer: uris. */
  v.object({
    kind: v.literal('addReferences'),
    uris: v.pipe(v.array(v.unknown()), v.maxLength(maxReferenceUris), v.array(field.uri)),
  }),
  /** Pasted, or dropped from the system. */
  v.object({
    kind: v.literal('addBytes'),
    name: field.limited(1_000),
    bytes: field.bytes(maxPastedBytes),
  }),
  /** The page got the focus, as when a user comes back to the window. */
  v.object({ kind: v.literal('focused') }),
  v.object({ kind: v.literal('pickDestination') }),
  v.object({ kind: v.literal('resetDestination') }),
  v.object({ kind: v.literal('saveStyle'), style: styleSchema }),
  v.object({ kind: v.literal('removeStyle'), name: field.name }),
]);
export type ToHost = v.InferOutput<typeof toHostSchema>;

/** @returns undefined for what is not a message of the page. */
export function parseToHost(message: unknown): ToHost | undefined {
  return field.parse(toHostSchema, message);
}

/** @returns undefined for what is not a message of the host. */
export function parseToPage(message: unknown): ToPage | undefined {
  return field.parse(toPageSchema, message);
}
