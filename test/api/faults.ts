/** Faults on command: what a test can order to go wrong, and where. */
import type { OriginName, RouteName } from './types.ts';

/** Which requests a rule is for. What is left out matches everything. */
export interface FaultMatch {
  readonly origin?: OriginName;
  /** `upload` is any of the three uploads, `watch` is `query` or `batch`. */
  readonly route?: RouteName | 'upload' | 'watch';
  /** For create, query, batch (any of its tasks) and result. */
  readonly promptIncludes?: string;
  readonly taskId?: string;
  /** From the nth matching request on, counted from 1 since the rule was made. */
  readonly nth?: number;
}

/** One order. Task fates without a route are met at `create`, image faults at `result`. */
export interface FaultRule {
  readonly match?: FaultMatch;
  /** 1 unless told otherwise. */
  readonly times?: number | 'always';
  readonly fault: Fault;
}

export interface FaultUse {
  readonly rule: FaultRule;
  readonly seen: number;
  readonly hits: number;
}

/** Another answer than the true one. */
export interface StatusFault {
  readonly kind: 'status';
  readonly status: number;
  readonly body?: 'json' | 'html' | 'text' | 'empty';
  /** Which of the provider's three error shapes a JSON body has. */
  readonly shape?: 'error' | 'fallback' | 'msg';
  readonly code?: string | number;
  readonly message?: string;
  readonly param?: string;
  /** Seconds, or a date as HTTP writes it. */
  readonly retryAfter?: number | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** More fields for the error object, such as `action_url`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** The work was done all the same: the task is created and paid, the file stored. */
  readonly after?: boolean;
}

/**
 * When a connection is reset:
 * - `accept`: as soon as it is made; only `origin` and `nth` of the match count
 * - `beforeBody`: before anything was done; of an upload nothing is read
 * - `duringRequest`: of an upload, when some of it was read; else as `beforeBody`
 * - `afterRequest`: the work is done (task created, paid), no answer
 * - `afterHeaders`: the same, and the answer's head was sent
 * - `duringBody`: the same, and half of the answer's body was sent
 * - `afterBody`: the whole answer was sent
 */
export type ResetPhase =
  | 'accept'
  | 'beforeBody'
  | 'duringRequest'
  | 'afterRequest'
  | 'afterHeaders'
  | 'duringBody'
  | 'afterBody';

/** What is wrong with one answer. */
export type AnswerFault =
  | StatusFault
  | { readonly kind: 'reset'; readonly at: ResetPhase }
  /** Never answers. `after`: the work is done; `part`: what was sent before silence. */
  | { readonly kind: 'hang'; readonly after?: boolean; readonly part?: 'headers' | 'half' }
  /** The true answer in drips; `firstByteMs` is silence before its head. */
  | {
      readonly kind: 'slow';
      readonly chunkBytes?: number;
      readonly everyMs?: number;
      readonly firstByteMs?: number;
    }
  | { readonly kind: 'malformedJson' }
  /** JSON with fields missing or of other types. Paths have dots: `data.0.status`. */
  | {
      readonly kind: 'wrongTypes';
      readonly replace?: Readonly<Record<string, unknown>>;
      readonly remove?: readonly string[];
    }
  /** `success: false` on 200, as the files service does. */
  | { readonly kind: 'successFalse'; readonly code?: number; readonly msg?: string }
  /** An HTML page on 200 where JSON or an image belongs. */
  | { readonly kind: 'html' };

/** What is wrong with the delivery of an image. */
export type ImageFault =
  /** `whole`: Content-Length promises all of it; `cut`: it fits the part; `none`: chunked. */
  | {
      readonly kind: 'truncated';
      readonly keepRatio?: number;
      readonly contentLength?: 'whole' | 'cut' | 'none';
    }
  /** The image, and zeros after it up to this size. `chunked` hides the size. */
  | { readonly kind: 'oversized'; readonly sizeBytes?: number; readonly chunked?: boolean }
  | { readonly kind: 'wrongContentType'; readonly contentType?: string }
  /** Noise under an honest image type. */
  | { readonly kind: 'notAnImage' }
  /** The result has gone: 410 unless told otherwise. */
  | { readonly kind: 'expired'; readonly status?: 403 | 404 | 410 }
  /** To another place: `location` may be another origin; else a fresh address of the same image. */
  | { readonly kind: 'redirect'; readonly location?: string; readonly status?: number };

/** What becomes of a task. Met at `create` it is its fate; met at `query`, only that answer's. */
export type TaskFault =
  | { readonly kind: 'failed'; readonly code?: string; readonly message?: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'stuck' }
  | { readonly kind: 'takes'; readonly ms: number }
  /** Completed, but without results, for so many queries. */
  | { readonly kind: 'emptyResults'; readonly queries?: number | 'always' }
  | {
      readonly kind: 'resultsAs';
      readonly as: 'strings' | 'objects' | 'result_data' | 'result_url' | 'url';
    }
  /** The URL says http:// although the origin may speak https. */
  | { readonly kind: 'httpResultUrl' }
  | { readonly kind: 'resultUrl'; readonly url: string }
  | { readonly kind: 'imageFormat'; readonly format: 'png' | 'webp' | 'jpeg' }
  /** Accepted and paid, but queries do not find it, so many times. */
  | { readonly kind: 'unknownTask'; readonly queries?: number | 'always' };

export type Fault = AnswerFault | ImageFault | TaskFault;

export const taskFaultKinds: ReadonlySet<string> = new Set<TaskFault['kind']>([
  'failed',
  'cancelled',
  'stuck',
  'takes',
  'emptyResults',
  'resultsAs',
  'httpResultUrl',
  'resultUrl',
  'imageFormat',
  'unknownTask',
]);

const answerFaultKinds: ReadonlySet<string> = new Set<AnswerFault['kind']>([
  'status',
  'reset',
  'hang',
  'slow',
  'malformedJson',
  'wrongTypes',
  'successFalse',
  'html',
]);

const imageFaultKinds: ReadonlySet<string> = new Set<ImageFault['kind']>([
  'truncated',
  'oversized',
  'wrongContentType',
  'notAnImage',
  'expired',
  'redirect',
]);

export function isTaskFault(fault: Fault): fault is TaskFault {
  return taskFaultKinds.has(fault.kind);
}

function isImageFault(fault: Fault): fault is ImageFault {
  return imageFaultKinds.has(fault.kind);
}

/** What is known of a request when a fault is looked for. */
export interface FaultContext {
  readonly origin: OriginName;
  readonly route: RouteName;
  readonly tasks: readonly { readonly id: string; readonly prompt: string }[];
}

const routeGroups: Readonly<Record<string, readonly RouteName[]>> = {
  upload: ['uploadStream', 'uploadBase64', 'uploadUrl'],
  watch: ['query', 'batch'],
};

function routeFits(rule: FaultRule, route: RouteName): boolean {
  let wanted: string | undefined = rule.match?.route;
  if (wanted === undefined && isTaskFault(rule.fault)) wanted = 'create';
  if (wanted === undefined && isImageFault(rule.fault) && rule.match?.origin === undefined) {
    wanted = 'result';
  }
  if (wanted === undefined) return true;
  return routeGroups[wanted]?.includes(route) ?? wanted === route;
}

function taskFits(match: FaultMatch, tasks: FaultContext['tasks']): boolean {
  const { promptIncludes, taskId } = match;
  if (promptIncludes === undefined && taskId === undefined) return true;
  return tasks.some(
    (task) =>
      (promptIncludes === undefined || task.prompt.includes(promptIncludes)) &&
      (taskId === undefined || task.id === taskId),
  );
}

function fits(rule: FaultRule, context: FaultContext): boolean {
  const match = rule.match ?? {};
  if (match.origin !== undefined && match.origin !== context.origin) return false;
  return routeFits(rule, context.route) && taskFits(match, context.tasks);
}

/** Keeps the rules and counts their use. */
export class FaultBook {
  #uses: { rule: FaultRule; seen: number; hits: number }[] = [];

  /** Throws on a kind that does not exist: rules from another process are not type-checked. */
  add(rule: FaultRule): void {
    const { kind } = rule.fault;
    const kinds = [answerFaultKinds, imageFaultKinds, taskFaultKinds];
    if (!kinds.some((known) => known.has(kind))) throw new Error(`There is no fault "${kind}"`);
    this.#uses.push({ rule, seen: 0, hits: 0 });
  }

  clear(): void {
    this.#uses = [];
  }

  list(): FaultUse[] {
    return this.#uses.map((use) => ({ ...use }));
  }

  /** The first rule for this request among those `wanted`; every one that fits counts it. */
  take(context: FaultContext, wanted: (fault: Fault) => boolean): Fault | undefined {
    return this.#hit((rule) => wanted(rule.fault) && fits(rule, context));
  }

  /** Whether a connection that is being made is to be reset. */
  takeAccept(origin: OriginName): boolean {
    const hit = this.#hit(
      ({ fault, match }) => isAccept(fault) && (match?.origin ?? origin) === origin,
    );
    return hit !== undefined;
  }

  #hit(fitting: (rule: FaultRule) => boolean): Fault | undefined {
    let taken: Fault | undefined;
    for (const use of this.#uses) {
      if (!fitting(use.rule)) continue;
      use.seen += 1;
      const times = use.rule.times ?? 1;
      const due = use.seen >= (use.rule.match?.nth ?? 1);
      if (taken !== undefined || !due || (times !== 'always' && use.hits >= times)) continue;
      use.hits += 1;
      taken = use.rule.fault;
    }
    return taken;
  }
}

export function isAccept(fault: Fault): boolean {
  return fault.kind === 'reset' && fault.at === 'accept';
}
