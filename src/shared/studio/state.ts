import * as v from 'valibot';
import { styleSchema } from './draft.ts';
import * as field from './fields.ts';

const choiceList = field.shownList(v.object({ id: field.text, label: field.text }), 100);
const optionsSchema = v.object({
  model: field.text,
  /** All that can be chosen. */
  models: field.shownList(field.text, 100),
  /** The first reference, once it is known which size is nearest to its shape, or that none is. */
  source: v.optional(field.address),
  sizes: field.shownList(
    v.object({
      id: field.text,
      width: field.count,
      height: field.count,
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
  resolution: v.optional(field.name),
  /** Whether only ratios have a resolution. */
  isResolutionOfRatios: v.boolean(),
  backgrounds: choiceList,
  hasSeed: v.optional(v.boolean()),
  maxPromptChars: field.count,
  maxReferences: field.count,
  maxCount: field.count,
});

/** What a button of a notice does. */
export const noticeAction = v.picklist([
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
  sentence: field.text,
  /** When the wait is over. */
  untilMs: v.optional(field.moment),
  actions: field.shownList(v.object({ action: noticeAction, label: field.text }), 10),
});
/** Something about the whole queue that a user should know. */
export type Notice = v.InferOutput<typeof noticeSchema>;

export const stateSchema = v.object({
  hasKey: v.boolean(),
  options: optionsSchema,
  notices: field.shownList(noticeSchema, 20),
  /** Where results go, as a user reads it; undefined when no folder is open. */
  destination: v.optional(field.text),
  /** Whether another folder than the settings' was chosen. */
  isOtherDestination: v.boolean(),
  styles: field.shownList(styleSchema, 200),
  /** Earlier prompts, the newest first. */
  history: field.shownList(field.shownPrompt, 200),
  /** What is left on the account, where known. */
  credits: v.optional(field.amount),
  /** What the last image of a kind cost; see `costKey`. */
  costs: v.record(v.string(), field.amount),
  /** What an image of the model costs by the provider's list, in US dollars. */
  price: v.optional(v.object({ minUsd: field.amount, maxUsd: field.amount })),
  /** Whether anything was ever made. */
  isEmpty: v.boolean(),
  /** The folders that are open, to filter by. */
  workspaces: field.shownList(v.object({ uri: field.address, label: field.text }), 1_000),
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
