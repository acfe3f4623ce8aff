import * as v from 'valibot';
import { type ErrorDetails, type Sent } from '../appError.ts';
import { codeOfAnswer, codeOfTaskFailure, EvolinkError, meansNotAccepted } from './errors.ts';
import { isWebUrl } from './webUrl.ts';

/**
 * What arrives from the provider, parsed at the door. A field we can do without is dropped when it
 * has another type than documented; one we cannot do without is named in the error.
 */

/** A field that may be missing, null or of another type: then it is as if absent. */
export function soft<T extends v.GenericSchema>(schema: T) {
  return v.fallback(v.optional(schema), undefined as never);
}

export const softString = soft(v.string());
export const softNumber = soft(v.pipe(v.number(), v.finite()));
const softBoolean = soft(v.boolean());

const resultItem = v.union([v.string(), v.object({ url: v.string() })]);
const resultDataItem = v.object({ image_url: softString, url: softString });

const softId = soft(v.pipe(v.string(), v.nonEmpty()));

const taskSchema = v.object({
  id: softId,
  task_id: softId,
  status: softString,
  model: softString,
  progress: softNumber,
  task_info: soft(v.object({ estimated_time: softNumber })),
  usage: soft(
    v.object({
      credits_reserved: softNumber,
      credits_used: softNumber,
      cost: soft(v.object({ credits: softNumber })),
    }),
  ),
  results: soft(v.array(v.unknown())),
  result_data: soft(v.array(v.unknown())),
  result_url: softString,
  url: softString,
  error: soft(
    v.union([
      v.object({ code: soft(v.union([v.string(), v.number()])), message: softString }),
      v.pipe(
        v.string(),
        v.nonEmpty(),
        v.transform((message) => ({ code: undefined, message })),
      ),
    ]),
  ),
});

/** A task as the provider tells of it. */
export interface Task {
  id: string;
  status: 'pending' | 'processing' | 'completed' | 'failed';
  model?: string;
  /** 0–100. */
  progress?: number;
  /** The provider's guess at the whole duration. */
  estimatedMs?: number;
  credits?: number;
  /** Addresses of results, http or https; empty for a moment after completion (seen). */
  resultUrls: string[];
  /** Why a failed task failed. */
  error?: EvolinkError;
  /** Its error alone says that it failed; its status is a word that nobody knows. */
  isEndUncertain?: true;
}

/**
 * The task of an answer. An id alone tells that a task was accepted, and results alone that it is
 * completed: gateways and newer versions of the provider leave fields out or spell them otherwise.
 * @param askedId the task that was asked for, when the answer need not name it.
 * @throws EvolinkError `server` when no task can be told.
 */
export function parseTask(body: unknown, requestId?: string, askedId?: string): Task {
  const raw = parse(taskSchema, withinData(body), 'task', requestId);
  const resultUrls = resultUrlsOf(raw);
  const status = toStatus(raw.status, resultUrls.length > 0, raw.error !== undefined);
  const isEndUncertain = status === 'failed' && !failedWords.has(wordOf(raw.status));
  const id = raw.id ?? raw.task_id ?? askedId;
  if (id === undefined) throw undocumented('id', undefined, requestId);
  const credits =
    raw.usage?.credits_used ?? raw.usage?.cost?.credits ?? raw.usage?.credits_reserved;
  const estimatedSeconds = raw.task_info?.estimated_time;
  return {
    id,
    status,
    resultUrls,
    ...(raw.model !== undefined && { model: raw.model }),
    ...(raw.progress !== undefined && { progress: Math.min(100, Math.max(0, raw.progress)) }),
    ...(estimatedSeconds !== undefined &&
      estimatedSeconds > 0 && { estimatedMs: estimatedSeconds * 1000 }),
    ...(credits !== undefined && credits >= 0 && { credits }),
    ...(status === 'failed' && { error: taskFailure(raw, requestId) }),
    ...(isEndUncertain && { isEndUncertain }),
  };
}

/** Seen, or usual among providers. Letter case means nothing. */
const completedWords = new Set(
  'completed complete succeeded success successful finished done ready'.split(' '),
);
const failedWords = new Set(
  'failed failure fail error errored cancelled canceled aborted expired rejected timeout timed_out terminated'.split(
    ' ',
  ),
);
const unfinishedWords = new Set(
  'pending processing queued running in_progress submitted created waiting started starting'.split(
    ' ',
  ),
);

function wordOf(status: string | undefined): string {
  return (status ?? '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** A status that is unknown or absent is what the rest of the answer shows. */
function toStatus(given: string | undefined, hasResults: boolean, hasError: boolean) {
  const word = wordOf(given);
  if (word === 'pending') return 'pending';
  if (completedWords.has(word)) return 'completed';
  if (failedWords.has(word)) return 'failed';
  if (unfinishedWords.has(word)) return 'processing';
  if (hasResults) return 'completed';
  return hasError ? 'failed' : 'processing';
}

/** Some gateways wrap what they pass on: `{data: task}`. */
function withinData(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || 'id' in body || !('data' in body)) return body;
  const { data } = body;
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? data : body;
}

type RawTask = v.InferOutput<typeof taskSchema>;

/** Every place a result has been seen in; the documented one first. */
function resultUrlsOf(raw: RawTask): string[] {
  const fromResults = (raw.results ?? []).map((item) => {
    const parsed = v.safeParse(resultItem, item);
    if (!parsed.success) return undefined;
    return typeof parsed.output === 'string' ? parsed.output : parsed.output.url;
  });
  const fromData = (raw.result_data ?? []).map((item) => {
    const parsed = v.safeParse(resultDataItem, item);
    return parsed.success ? (parsed.output.image_url ?? parsed.output.url) : undefined;
  });
  const all = [...fromResults, ...fromData, raw.result_url, raw.url];
  const urls = all.flatMap((url) => url?.trim() ?? []);
  return [...new Set(urls.filter(isWebUrl))];
}

function taskFailure(raw: RawTask, requestId: string | undefined): EvolinkError {
  const providerCode =
    raw.error?.code === undefined
      ? isCancelled(raw.status)
        ? 'request_cancelled'
        : undefined
      : String(raw.error.code);
  const message = splitRequestId(raw.error?.message ?? '');
  return new EvolinkError(
    codeOfTaskFailure(providerCode),
    message.message || 'The provider gave no reason',
    details({ requestId: message.requestId ?? requestId, providerCode, message: message.message }),
  );
}

function isCancelled(status: string | undefined): boolean {
  return /^cancell?ed$/i.test(status?.trim() ?? '');
}

const batchSchema = v.object({ data: v.array(v.unknown()) });

/** The tasks of a batch answer; entries that cannot be read are left out, as unknown ids are. */
export function parseTasks(body: unknown, requestId?: string): Task[] {
  const { data } = parse(batchSchema, body, 'tasks', requestId);
  return data.flatMap((item) => {
    try {
      return [parseTask(item, requestId)];
    } catch {
      return [];
    }
  });
}

const listedTaskSchema = v.object({
  id: v.pipe(v.string(), v.nonEmpty()),
  model: softString,
  type: softString,
  status: softString,
  created_at: softNumber,
});

export interface ListedTask {
  id: string;
  model?: string;
  status: Task['status'];
  /** Milliseconds since 1970. */
  createdAtMs?: number;
}

/** A page of the account's tasks, newest first as the provider lists them. */
export function parseTaskList(body: unknown, requestId?: string): ListedTask[] {
  const { data } = parse(batchSchema, body, 'tasks', requestId);
  return data.flatMap((item) => {
    const parsed = v.safeParse(listedTaskSchema, item);
    if (!parsed.success) return [];
    const { id, model, status, created_at: seconds } = parsed.output;
    return [
      {
        id,
        status: toStatus(status, false, false),
        ...(model !== undefined && { model }),
        ...(seconds !== undefined && { createdAtMs: seconds * 1000 }),
      },
    ];
  });
}

const creditsSchema = v.object({
  data: v.object({
    token: soft(v.object({ remaining_credits: softNumber, unlimited_credits: softBoolean })),
    user: soft(v.object({ remaining_credits: softNumber })),
  }),
});

/** What the account can still spend; `undefined` when the answer does not tell. */
export function parseCredits(body: unknown, requestId?: string): number | undefined {
  const { data } = parse(creditsSchema, body, 'credits', requestId);
  const ofUser = data.user?.remaining_credits;
  if (data.token?.unlimited_credits === true) return ofUser;
  const ofToken = data.token?.remaining_credits;
  if (ofUser === undefined || ofToken === undefined) return ofUser ?? ofToken;
  return Math.min(ofUser, ofToken);
}

/** @throws EvolinkError `server`, naming the field that is not as documented. */
export function parse<T extends v.GenericSchema>(
  schema: T,
  body: unknown,
  what: string,
  requestId: string | undefined,
): v.InferOutput<T> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw undocumented(v.getDotPath(issue) ?? what, issue.input, requestId);
}

function undocumented(field: string, value: unknown, requestId: string | undefined): EvolinkError {
  return new EvolinkError(
    'server',
    `The provider's answer is not as documented: ${field} is ${kindOf(value)}`,
    details({ requestId, status: undefined, sent: 'yes' }),
  );
}

/** Never the value itself: it may be a whole page. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null || value === '') return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'text' : `of type ${typeof value}`;
}

const errorObject = v.object({
  code: soft(v.union([v.string(), v.number()])),
  message: softString,
  type: softString,
  param: softString,
  action_url: softString,
});
const errorShapes = v.object({
  success: softBoolean,
  error: soft(v.union([errorObject, v.string()])),
  code: soft(v.union([v.string(), v.number()])),
  msg: softString,
  message: softString,
  action_url: softString,
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
  const message = splitRequestId(found.message ?? '');
  const code = codeOfAnswer(answer.status, found.code);
  return new EvolinkError(
    code,
    message.message || `The server answered with status ${String(answer.status)}`,
    details({
      status: answer.status,
      requestId: message.requestId ?? answer.requestId,
      providerCode: found.code,
      message: message.message,
      param: found.param,
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
  return text.replace(/\s+/g, ' ').slice(0, 300);
}

function httpsOnly(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  return new URL(url).protocol === 'https:' ? url : undefined;
}

/**
 * Gateways append `(request id: …)` to messages, each its own; the last is the one we spoke to.
 * Words for a user lose them, logs keep one.
 */
function splitRequestId(message: string): { message: string; requestId?: string } {
  let rest = message.trim();
  let requestId: string | undefined;
  while (rest.endsWith(')')) {
    const start = Math.max(0, rest.lastIndexOf('('));
    const id = /^\(\s*request id:\s*([^)\s]+)\s*\)$/i.exec(rest.slice(start))?.[1];
    if (id === undefined) break;
    requestId ??= id;
    rest = rest.slice(0, start).trimEnd();
  }
  return { message: rest, ...(requestId !== undefined && { requestId }) };
}

function details(given: {
  status?: number | undefined;
  requestId?: string | undefined;
  providerCode?: string | undefined;
  message?: string | undefined;
  param?: string | undefined;
  retryAfterMs?: number | undefined;
  topUpUrl?: string | undefined;
  sent?: Sent | undefined;
  isSureRefusal?: true | undefined;
}): ErrorDetails {
  const { message, ...rest } = given;
  const all = { ...rest, ...(message ? { providerMessage: message } : {}) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
