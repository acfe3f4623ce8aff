/** The faults that a test can inject, and where. */
import type { OriginName, RouteName } from './types.ts';

/** Which requests a rule is for. A missing field matches everything. */
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

/** A fault to inject. Without a route, task faults apply to `create`, image faults to `result`. */
export interface FaultRule {
  readonly match?: FaultMatch;
  /** 1 by default. */
  readonly times?: number | 'always';
  readonly fault: Fault;
}

export interface FaultUse {
  readonly rule: FaultRule;
  readonly seen: number;
  readonly hits: number;
}

/** An error answer instead of the true one. */
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
  /** Whether the work is done: the task is created and paid, the file stored. */
  readonly after?: boolean;
}

/**
 * When a connection is reset:
 * - `accept`: as soon as it is made; only `origin` and `nth` of the match count
 * - `beforeBody`: before anything was done; of an upload nothing is read
 * - `duringRequest`: of an upload, when some of it was read; else as `beforeBody`
 * - `afterRequest`: the work is done (task created, paid), no answer
 * - `afterHeaders`: the work is done, and the answer's head was sent
 * - `duringBody`: the work is done, and half of the answer's body was sent
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

/** A fault of one answer. */
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

/** A fault of the delivery of an image. */
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
  /** The result has gone: 410 by default. */
  | { readonly kind: 'expired'; readonly status?: 403 | 404 | 410 }
  /** To another place: `location` may be another origin; else a fresh address of the same image. */
  | { readonly kind: 'redirect'; readonly location?: string; readonly status?: number };

/** The outcome of a task: injected at `create`, for good; injected at `query`, in that answer only. */
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
  /** The status of an ended task is another word; without one it is left out. */
  | { readonly kind: 'statusAs'; readonly as?: string }
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
  'statusAs',
  'httpResultUrl',
  'resultUrl',
  'imageFormat',
  'unknownTask',
]);

export const answerFaultKinds: ReadonlySet<string> = new Set<AnswerFault['kind']>([
  'status',
  'reset',
  'hang',
  'slow',
  'malformedJson',
  'wrongTypes',
  'successFalse',
  'html',
]);

export const imageFaultKinds: ReadonlySet<string> = new Set<ImageFault['kind']>([
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

export function isImageFault(fault: Fault): fault is ImageFault {
  return imageFaultKinds.has(fault.kind);
}

export function isAccept(fault: Fault): boolean {
  return fault.kind === 'reset' && fault.at === 'accept';
}
