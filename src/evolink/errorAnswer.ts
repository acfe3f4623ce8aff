import * as v from 'valibot';
import type { ErrorDetails, QuotaFigures, Sent } from '../appError.ts';
import { cutText } from './cutText.ts';
import { codeOfAnswer, codeOfTaskFailure, EvolinkError, meansNotAccepted } from './errors.ts';
import {
  list,
  maxMessageChars,
  maxNameChars,
  soft,
  softBoolean,
  softCode,
  softName,
  softNumber,
  softText,
} from './fields.ts';

/** What the provider says of a failure, in an answer that is an error, or in a task that failed. */

/** Longer than the address of any shop. */
const maxTopUpChars = 2_048;

const errorObject = v.object({
  code: softCode,
  message: softText,
  type: softName,
  param: softName,
  action_url: softText,
  allowed_models: soft(list),
  estimated_credits: softNumber,
  account_balance_credits: softNumber,
  remaining_credits: softNumber,
  reset_timezone: softName,
});
type ErrorObject = v.InferOutput<typeof errorObject>;
const errorShapes = v.object({
  success: softBoolean,
  error: soft(v.union([errorObject, v.string()])),
  code: softCode,
  msg: softText,
  message: softText,
  action_url: softText,
});

export interface FailedAnswer {
  status: number;
  /** The parsed JSON, or the text when it is none. */
  body: unknown;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** The error in an answer, in any of the provider's shapes, or none at all (empty, text, HTML). */
export function parseError(answer: FailedAnswer): EvolinkError {
  const found = findError(answer.body);
  const { message, requestId = answer.requestId } = providerWords(found.message);
  const code = codeOfAnswer(answer.status, found.code, found.param);
  return new EvolinkError(
    code,
    message || `The server answered with status ${String(answer.status)}`,
    details({
      status: answer.status,
      requestId,
      providerCode: found.code,
      message,
      param: found.param,
      allowedModels: found.allowedModels,
      quota: found.quota,
      retryAfterMs: answer.retryAfterMs,
      topUpUrl: httpsOnly(found.actionUrl),
      sent: 'yes',
      isSureRefusal: isSureRefusal(answer.status, found) ? true : undefined,
    }),
  );
}

interface FoundError {
  /** The codes and types of the provider's own shapes; none where a gateway may have answered. */
  providerCodes?: readonly string[];
  code?: string | undefined;
  message?: string | undefined;
  param?: string | undefined;
  actionUrl?: string | undefined;
  allowedModels?: readonly string[] | undefined;
  quota?: QuotaFigures | undefined;
}

function findError(body: unknown): FoundError {
  if (typeof body === 'string') return { message: plainText(body) };
  const parsed = v.safeParse(errorShapes, body);
  if (!parsed.success) return {};
  const { success, error, code, msg, message, action_url: actionUrl } = parsed.output;
  if (typeof error === 'string') return { message: error, actionUrl };
  if (error) {
    return {
      providerCodes: [error.code, error.type].filter((each) => typeof each === 'string'),
      // An integer code only repeats the status; the type then says more.
      code: typeof error.code === 'string' ? error.code : (error.type ?? nameOf(error.code)),
      message: error.message,
      param: error.param,
      actionUrl: error.action_url ?? actionUrl,
      allowedModels: modelsOf(error),
      quota: quotaOf(error),
    };
  }
  // `{success: false, code: 400, msg}`: the code repeats the status.
  const isProviderShape = success === false && msg !== undefined && code !== undefined;
  return {
    ...(isProviderShape && { providerCodes: [String(code)] }),
    code: nameOf(code),
    message: msg ?? message,
    actionUrl,
  };
}

const maxModels = 100;

function modelsOf({ allowed_models: models }: ErrorObject): string[] | undefined {
  const names = models?.filter((name) => typeof name === 'string') ?? [];
  const short = names.filter((name) => name.length <= maxNameChars).slice(0, maxModels);
  return short.length > 0 ? short : undefined;
}

function quotaOf(error: ErrorObject): QuotaFigures | undefined {
  const figures = {
    estimated: error.estimated_credits,
    balance: error.account_balance_credits,
    remaining: error.remaining_credits,
    resetTimezone: error.reset_timezone,
  };
  const known = Object.entries(figures).filter(([, value]) => value !== undefined);
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

function isSureRefusal(status: number, { providerCodes = [] }: FoundError): boolean {
  return meansNotAccepted(
    status,
    providerCodes.map((code) => statusWords.get(code) ?? code),
  );
}

/** What an integer code of the provider's stands for. */
const statusWords = new Map([
  ['400', 'invalid_request'],
  ['401', 'unauthorized'],
  ['402', 'insufficient_quota'],
  ['403', 'forbidden'],
  ['404', 'not_found'],
  ['413', 'request_too_large'],
  ['422', 'invalid_request'],
  ['429', 'rate_limited'],
]);

function nameOf(code: string | number | undefined): string | undefined {
  return code === undefined ? undefined : String(code);
}

/** Text for a user: one short line, and nothing of an HTML page. */
function plainText(body: string): string {
  const text = body.trim();
  if (text.startsWith('<')) return '';
  return cutText(text.replace(/\s+/g, ' '), 299);
}

function httpsOnly(url: string | undefined): string | undefined {
  if (url === undefined || url.length > maxTopUpChars || !URL.canParse(url)) return undefined;
  return new URL(url).protocol === 'https:' ? url : undefined;
}

/** Why a failed task failed. */
export function taskFailure(
  error: { code?: string | number | undefined; message?: string | undefined } | undefined,
  isCancelled: boolean,
  answerId: string | undefined,
): EvolinkError {
  const providerCode = nameOf(error?.code) ?? (isCancelled ? 'request_cancelled' : undefined);
  const { message, requestId = answerId } = providerWords(error?.message);
  return new EvolinkError(
    codeOfTaskFailure(providerCode),
    message || 'The provider gave no reason',
    details({ requestId, providerCode, message }),
  );
}

/**
 * The provider's words as a user may see them. Gateways append `(request id: …)` to messages, each
 * its own; the last is the one we spoke to. Words for a user lose them, logs keep one.
 */
function providerWords(text = ''): { message: string; requestId?: string } {
  let message = text.trim();
  let requestId: string | undefined;
  while (message.endsWith(')')) {
    const start = Math.max(0, message.lastIndexOf('('));
    const id = /^\(\s*request id:\s*([^)\s]+)\s*\)$/i.exec(message.slice(start))?.[1];
    if (id === undefined) break;
    requestId ??= cutText(id, maxNameChars);
    message = message.slice(0, start).trimEnd();
  }
  message = cutText(message, maxMessageChars);
  return { message, ...(requestId !== undefined && { requestId }) };
}

function details(given: {
  status?: number | undefined;
  requestId?: string | undefined;
  providerCode?: string | undefined;
  message?: string | undefined;
  param?: string | undefined;
  allowedModels?: readonly string[] | undefined;
  quota?: QuotaFigures | undefined;
  retryAfterMs?: number | undefined;
  topUpUrl?: string | undefined;
  sent?: Sent | undefined;
  isSureRefusal?: true | undefined;
}): ErrorDetails {
  const { message, ...rest } = given;
  const all = { ...rest, ...(message ? { providerMessage: message } : {}) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
