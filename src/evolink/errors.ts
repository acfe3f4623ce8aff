import { AppError, type ErrorCode, type ErrorDetails } from '../appError.ts';

/** A failure between us and the provider. */
export class EvolinkError extends AppError {
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(code, message, details, cause);
    this.name = 'EvolinkError';
  }
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

/**
 * Whether a create that failed may have been acted on, so that the task may exist and be paid.
 * A refusal for the time being (408, 425) and any 5xx count: a gateway in between may have lost the answer of a provider that accepted.
 */
export function isOutcomeUnknown(error: AppError): boolean {
  const { sent, status, providerCode } = error.details;
  if (sent === 'no') return false;
  if (error.code === 'conflict') return true;
  if (providerCode === 'no_available_channel') return false;
  if (status === undefined) return true;
  return status >= 500 || status === 408 || status === 425 || (status >= 200 && status < 300);
}
