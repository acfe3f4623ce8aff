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

/** The provider does not know the model, or no longer does (seen, and usual among gateways). */
const goneModelCodes = new Set([
  'model_not_found',
  'model_not_exist',
  'model_not_exists',
  'model_does_not_exist',
  'model_not_supported',
  'unsupported_model',
  'unknown_model',
  'invalid_model',
  'model_deprecated',
  'model_retired',
  'model_removed',
  'model_offline',
]);

function isModelGone(providerCode: string | undefined): boolean {
  return providerCode !== undefined && goneModelCodes.has(providerCode.toLowerCase());
}

/** The model is always there, and text: what the provider can object to is that it does not know it. */
function isModelParam(status: number, param: string | undefined): boolean {
  return param === 'model' && status !== 403;
}

/** Whether a refusal holds for each request of the model, and for no other. */
export function isAboutModel({ code, details }: AppError): boolean {
  if (code === 'modelGone') return true;
  return code === 'forbidden' && details.providerCode === 'key_model_not_allowed';
}

/** The contract's code for an HTTP answer. The provider's code decides before the status does. */
export function codeOfAnswer(
  status: number,
  providerCode: string | undefined,
  param?: string,
): ErrorCode {
  const isRefusal = [400, 403, 404, 410, 422].includes(status);
  if (isRefusal && (isModelGone(providerCode) || isModelParam(status, param))) return 'modelGone';
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

/** Codes by which the provider says that it did not take a request (its pages and clients). */
const refusalCodes = new Set([
  ...moderationCodes,
  ...creditCodes,
  ...mendableTaskCodes,
  'invalid_request_error',
  'invalid_parameter',
  'missing_parameter',
  'unauthorized',
  'authentication_error',
  'invalid_api_key',
  'key_disabled',
  'key_expired',
  'forbidden',
  'permission_denied',
  'permission_error',
  'key_model_not_allowed',
  ...goneModelCodes,
  'model_not_available',
  'model_access_denied',
  'not_found',
  'not_found_error',
  'request_too_large',
  'request_too_large_error',
  'rate_limited',
  'rate_limit',
  'rate_limit_exceeded',
  'rate_limit_error',
  'too_many_requests',
  'insufficient_quota_error',
]);

/** After these codes the first request may be paid, whatever the status says. */
const openCodes = new Set(['idempotency_conflict', 'paid_outcome_unknown']);

/**
 * Whether codes of the provider's own error shape say that it did not accept a request. A status
 * alone does not: what stands between us and the provider may answer 403 or 451 after the provider
 * has accepted.
 */
export function meansNotAccepted(status: number, providerCodes: readonly string[]): boolean {
  const codes = providerCodes.map((code) => code.toLowerCase());
  if (codes.some((code) => openCodes.has(code))) return false;
  // No channel took it, which the provider says with a status of its own failures, too.
  if (codes.includes('no_available_channel')) return true;
  if (status < 400 || status >= 500 || [408, 409, 425].includes(status)) return false;
  return codes.some((code) => refusalCodes.has(code));
}

/** Whether a create that failed may have been acted on, so that the task may exist and be paid. */
export function isOutcomeUnknown(error: AppError): boolean {
  const { sent, isSureRefusal } = error.details;
  return sent !== 'no' && isSureRefusal !== true;
}

/** Whether a failed question about a task says nothing of the key, the account or the way there. */
export function mayConcernOneTask(error: AppError): boolean {
  const isFailure = ['server', 'timeout', 'network', 'badRequest'].includes(error.code);
  return isFailure && error.details.sent !== 'no';
}
