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
  'internal',
  'modelGone',
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
  /** What the provider says the key may use instead. */
  allowedModels?: readonly string[];
  /** The figures of a refusal for want of credits. */
  quota?: QuotaFigures;
  /** The field the provider objects to. */
  param?: string;
  /** How long the server asks to wait. */
  retryAfterMs?: number;
  /** Where the provider says credits can be bought. Always https. */
  topUpUrl?: string;
  /** The proxy that failed, without user name and password. */
  proxy?: string;
  /** The certificate of the other side was refused. */
  isUntrusted?: true;
  /** The editor's setting to mend. */
  setting?: string;
  /** The image that cannot be sent. */
  reference?: ReferenceFault;
  sent?: Sent;
  /** The provider itself refused, in its own shape and by a code that means "not accepted". */
  isSureRefusal?: true;
}

/** In credits, as far as the provider says them. */
export interface QuotaFigures {
  /** What the image would have cost. */
  estimated?: number;
  /** What the account has. */
  balance?: number;
  /** What is left of the key's own limit. */
  remaining?: number;
  /** Where the day of a daily limit begins, such as `UTC`. */
  resetTimezone?: string;
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
    | 'notAgreed'
    /** By the provider. */
    | 'refused';
  /** The provider's words. */
  reason?: string;
  /** The most that is taken. */
  maxBytes?: number;
}

/** A failure that a user or a caller is shown, by its code. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}

/** The same failure, whatever was thrown. What nobody foresaw is a fault of ours: `internal`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') return cancelled(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError('internal', message, {}, thrown);
}

export function cancelled(cause?: unknown): AppError {
  return new AppError('cancelled', 'Cancelled', {}, cause);
}

/** Whether asking the same (a read, or a create with its key) again may help. */
export function isPassing(error: AppError): boolean {
  return (
    error.code === 'network' ||
    error.code === 'timeout' ||
    error.code === 'server' ||
    error.code === 'rateLimited'
  );
}
