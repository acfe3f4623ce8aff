/** The codes every failure of this extension carries; other extensions rely on them. */
export const errorCodes = [
  'noKey',
  'auth',
  'credits',
  'forbidden',
  'notFound',
  'conflict',
  'tooLarge',
  'rateLimited',
  'moderated',
  'badRequest',
  'server',
  'network',
  'timeout',
  'cancelled',
  'unconfirmed',
  'badImage',
  'noWorkspace',
  'writeFailed',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/**
 * What became of a request that failed.
 * `no`: nothing reached the server. `maybe`: it may have been acted on. `yes`: the server answered.
 */
export type Sent = 'no' | 'maybe' | 'yes';

export interface ErrorDetails {
  /** HTTP status, when the server answered. */
  status?: number;
  /** The server's name for this exchange, for its support. */
  requestId?: string;
  /** The provider's own code, e.g. `content_policy_violation`. */
  providerCode?: string;
  /** The provider's own words, without the request id. */
  providerMessage?: string;
  /** The field the provider objects to. */
  param?: string;
  /** How long the server asks to wait. */
  retryAfterMs?: number;
  /** Where the provider says credits can be bought. Always https. */
  topUpUrl?: string;
  /** The proxy that failed, without user name and password. */
  proxy?: string;
  /** The editor's setting to mend. */
  setting?: string;
  /** The image that cannot be sent. */
  reference?: ReferenceFault;
  sent?: Sent;
}

/** Which image cannot be sent, as a user calls it, and why. */
export interface ReferenceFault {
  name: string;
  problem:
    | 'unreadable'
    | 'folder'
    | 'noFile'
    | 'empty'
    | 'tooLarge'
    | 'notWhole'
    | 'otherType'
    | 'changed'
    /** A setting forbids to send it. */
    | 'uploadsOff'
    /** By the provider. */
    | 'refused';
  /** The provider's words. */
  reason?: string;
  /** The most that is taken. */
  maxBytes?: number;
}

/** Any failure between us and the provider, told by its code. */
export class EvolinkError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'EvolinkError';
    this.code = code;
    this.details = details;
  }
}

/** The same failure, whatever was thrown: what is not ours already becomes `server`. */
export function toEvolinkError(thrown: unknown): EvolinkError {
  if (thrown instanceof EvolinkError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelled(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new EvolinkError('server', message, {}, thrown);
}

export function cancelled(cause?: unknown): EvolinkError {
  return new EvolinkError('cancelled', 'Cancelled', {}, cause);
}

/** Refused content, by the provider's own codes; the prompt or a reference has to change. */
const moderationCodes = new Set([
  'content_policy_violation',
  'content_filter',
  'sensitive_content',
  'moderation_blocked',
  'input_moderation_failed',
]);

const creditCodes = new Set([
  'insufficient_quota',
  'quota_exceeded',
  'insufficient_user_quota',
  'insufficient_token_quota',
  'token_daily_quota_exceeded',
]);

const mendableTaskCodes = new Set([
  'invalid_parameters',
  'image_processing_error',
  'image_dimension_mismatch',
  'invalid_request',
]);

const codeByStatus = new Map<number, ErrorCode>([
  [400, 'badRequest'],
  [401, 'auth'],
  [402, 'credits'],
  [403, 'forbidden'],
  [404, 'notFound'],
  [407, 'network'],
  [408, 'timeout'],
  [409, 'conflict'],
  [410, 'notFound'],
  [413, 'tooLarge'],
  [422, 'badRequest'],
  [425, 'server'],
  [429, 'rateLimited'],
  [504, 'timeout'],
]);

/** The contract's code for an HTTP answer. The provider's code decides before the status does. */
export function codeOfAnswer(status: number, providerCode: string | undefined): ErrorCode {
  if (providerCode !== undefined) {
    if (moderationCodes.has(providerCode)) return 'moderated';
    if (creditCodes.has(providerCode) && status < 500) return 'credits';
    // A 400 that is theirs: no channel to the model right now.
    if (providerCode === 'no_available_channel') return 'server';
  }
  return codeByStatus.get(status) ?? (status >= 500 ? 'server' : 'badRequest');
}

/** The contract's code for a task that ended as failed. */
export function codeOfTaskFailure(providerCode: string | undefined): ErrorCode {
  if (providerCode === undefined) return 'server';
  if (moderationCodes.has(providerCode)) return 'moderated';
  if (mendableTaskCodes.has(providerCode)) return 'badRequest';
  if (providerCode === 'request_cancelled') return 'cancelled';
  if (providerCode === 'generation_timeout') return 'timeout';
  if (providerCode === 'rate_limited') return 'rateLimited';
  return 'server';
}

/** Whether asking the same (a read, or a create with its key) again may help. */
export function isPassing(error: EvolinkError): boolean {
  return (
    error.code === 'network' ||
    error.code === 'timeout' ||
    error.code === 'server' ||
    error.code === 'rateLimited'
  );
}

/**
 * Whether a create that failed may have been acted on, so that the task may exist and be paid.
 * A refusal for the time being (408, 425) and any 5xx count: a gateway in between may have lost the answer of a provider that accepted.
 */
export function isOutcomeUnknown(error: EvolinkError): boolean {
  const { sent, status, providerCode } = error.details;
  if (sent === 'no') return false;
  if (error.code === 'conflict') return true;
  if (providerCode === 'no_available_channel') return false;
  if (status === undefined) return true;
  return status >= 500 || status === 408 || status === 425 || (status >= 200 && status < 300);
}
