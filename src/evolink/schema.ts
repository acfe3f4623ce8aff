import * as v from 'valibot';
import { taskFailure } from './errorAnswer.ts';
import type { EvolinkError } from './errors.ts';
import {
  list,
  parse,
  soft,
  softBoolean,
  softCode,
  softName,
  softNumber,
  softText,
  taskId,
  undocumented,
  webUrl,
} from './fields.ts';

/** What arrives from the provider about tasks and credits, parsed at the door. */

const softId = soft(taskId);
const softUrl = soft(webUrl);

const resultItem = v.union([webUrl, v.object({ url: webUrl })]);
const resultDataItem = v.object({ image_url: softUrl, url: softUrl });
/** A task has one result. */
const maxResults = 16;
const longestMs = 7 * 24 * 3600_000;

const taskSchema = v.object({
  id: softId,
  task_id: softId,
  status: softName,
  model: softName,
  progress: softNumber,
  task_info: soft(v.object({ estimated_time: softNumber })),
  usage: soft(
    v.object({
      credits_reserved: softNumber,
      credits_used: softNumber,
      cost: soft(v.object({ credits: softNumber })),
    }),
  ),
  results: soft(list),
  result_data: soft(list),
  result_url: softUrl,
  url: softUrl,
  error: soft(
    v.union([
      v.object({ code: softCode, message: softText }),
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
      estimatedSeconds > 0 && { estimatedMs: Math.min(longestMs, estimatedSeconds * 1000) }),
    ...(credits !== undefined && credits >= 0 && { credits }),
    ...(status === 'failed' && {
      error: taskFailure(raw.error, isCancelled(raw.status), requestId),
    }),
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
  const urls = all.filter((url) => url !== undefined);
  return [...new Set(urls)].slice(0, maxResults);
}

function isCancelled(status: string | undefined): boolean {
  return /^cancell?ed$/i.test(status?.trim() ?? '');
}

const batchSchema = v.object({ data: list });

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
  id: taskId,
  model: softName,
  type: softName,
  status: softName,
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
