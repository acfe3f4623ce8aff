/** The api origin: create, query, batch, list, credits. */
import { errorAnswer, jsonAnswer } from './answer.ts';
import type { Answer, ErrorDetails } from './answer.ts';
import { callerOf } from './auth.ts';
import { field, parseJson } from './call.ts';
import type { Call, Handler } from './call.ts';
import { readCreateRequest } from './createRequest.ts';
import type { CreateRequest } from './createRequest.ts';
import { modelRules } from './modelRules.ts';
import { takeOutcome } from './outcome.ts';
import type { Task } from './task.ts';
import { createdView, listView, taskView } from './taskView.ts';
import type { RouteName } from './types.ts';

const maxBatch = 50;
const maxReferenceBytes = 50 * 1024 * 1024;
const idempotencyKeyFormat = /^[A-Za-z0-9._-]{16,96}$/;

function refuse(call: Call, details: ErrorDetails): Answer {
  return errorAnswer(details, call.requestId);
}

/** Runs a handler for a caller with a good key only. */
function withKey(handler: (call: Call, key: string) => Answer): Handler {
  return (call) => {
    const caller = callerOf(call);
    return 'refusal' in caller ? refuse(call, caller.refusal) : handler(call, caller.key);
  };
}

/** The answer the provider's gateway has for an address that is not there. */
export function unknownRoute(call: Call): Answer {
  const { method = '' } = call.request;
  const message = `Invalid URL (${method} ${call.url.pathname})`;
  return refuse(call, { status: 404, code: 'not_found', message });
}

function replayAnswer(call: Call, task: Task): Answer {
  const view =
    call.serverState.behaviour.replayAs === 'first'
      ? createdView(task)
      : taskView(task, call.serverState.resultUrl(task), {});
  return { ...jsonAnswer(200, view, { 'idempotency-replayed': 'true' }), replayed: true };
}

/** Why this task cannot be created, although its fields are right. */
function objection(call: Call, request: CreateRequest): ErrorDetails | undefined {
  const { files, billing, behaviour } = call.serverState;
  const isTooLarge = request.imageUrls.some(
    (url) => (files.stat(url)?.sizeBytes ?? 0) > maxReferenceBytes,
  );
  if (isTooLarge) {
    const extra = { fallback_suggestion: 'Reduce the image to less than 50 MB' };
    const type = 'request_too_large_error';
    return { status: 413, code: 413, message: 'Image file too large', type, extra };
  }
  const cost = request.credits ?? behaviour.creditsPerTask;
  if (billing.remaining >= cost) return undefined;
  return {
    status: 402,
    code: 'insufficient_user_quota',
    message: 'Insufficient credits, please top up',
    type: 'insufficient_quota',
    extra: {
      action_url: 'https://evolink.ai/dashboard/credits',
      estimated_credits: cost,
      account_balance_credits: billing.remaining,
    },
  };
}

/** The idempotency key of a call, if this server supports such keys. */
function idempotencyKeyOf(call: Call): string | undefined {
  const header = call.request.headers['idempotency-key'];
  return call.serverState.behaviour.idempotency && typeof header === 'string' ? header : undefined;
}

function replayed(call: Call, key: string, idempotencyKey: string, body: unknown) {
  if (!idempotencyKeyFormat.test(idempotencyKey)) {
    const message = 'Idempotency-Key must be 16 to 96 characters of A-Z a-z 0-9 . _ -';
    return refuse(call, { status: 400, code: 'invalid_idempotency_key', message });
  }
  const earlier = call.serverState.tasks.replay(key, idempotencyKey, body);
  if (earlier === undefined) return undefined;
  if (earlier !== 'clash') return replayAnswer(call, earlier);
  const message = 'This Idempotency-Key was used with a different request body';
  return refuse(call, { status: 409, code: 'idempotency_conflict', message });
}

const create = withKey((call, key) => {
  const { serverState } = call;
  const body = parseJson(call.body);
  const { models: allowed, withdrawnModels: withdrawn } = serverState.behaviour;
  const request = readCreateRequest(body, { allowed, withdrawn });
  if ('status' in request) return refuse(call, request);
  const idempotencyKey = idempotencyKeyOf(call);
  if (idempotencyKey !== undefined) {
    const answer = replayed(call, key, idempotencyKey, body);
    if (answer !== undefined) return answer;
  }
  const problem = objection(call, request);
  if (problem !== undefined) return refuse(call, problem);
  const task = serverState.tasks.create({
    key,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    body: body as Record<string, unknown>,
    request,
    outcome: takeOutcome(serverState.faults, {
      origin: 'api',
      route: 'create',
      tasks: [{ id: '', prompt: request.prompt }],
    }),
  });
  return jsonAnswer(200, createdView(task));
});

/** The task as this answer shows it; undefined when it is to be unknown. */
function viewFor(call: Call, key: string, id: string): Record<string, unknown> | undefined {
  const { serverState } = call;
  const task = serverState.tasks.find(id);
  if (task?.plan.key !== key) return undefined;
  task.queries += 1;
  const tasks = [{ id, prompt: task.plan.request.prompt }];
  const outcome = takeOutcome(serverState.faults, {
    origin: 'api',
    route: call.entry.route,
    tasks,
  });
  if (outcome.unknownTask !== undefined || isHidden(task)) return undefined;
  return taskView(task, serverState.resultUrl(task), outcome);
}

function isHidden(task: Task): boolean {
  const fault = task.plan.outcome.unknownTask;
  if (fault === undefined) return false;
  task.unknownAnswers += 1;
  const queries = fault.queries ?? 'always';
  return queries === 'always' || task.unknownAnswers <= queries;
}

const query = withKey((call, key) => {
  const view = viewFor(call, key, call.id);
  if (view !== undefined) return jsonAnswer(200, view);
  const message = 'The task does not exist or has expired';
  return refuse(call, { status: 404, code: 'task_not_found', message });
});

const batch = withKey((call, key) => {
  if (!call.serverState.behaviour.batch) return unknownRoute(call);
  const ids = field(parseJson(call.body), 'task_ids');
  const isValid =
    Array.isArray(ids) &&
    ids.length >= 1 &&
    ids.length <= maxBatch &&
    ids.every((id) => typeof id === 'string');
  if (!isValid) {
    const message = `task_ids must hold 1 to ${String(maxBatch)} task ids`;
    return refuse(call, { status: 400, code: 'invalid_request', message, param: 'task_ids' });
  }
  const views = [...new Set(ids)].map((id) => viewFor(call, key, id));
  return jsonAnswer(200, { data: views.filter((view) => view !== undefined) });
});

function numberParam(url: URL, name: string, fallback: number, max: number): number {
  const value = Number(url.searchParams.get(name) ?? fallback);
  return Number.isInteger(value) && value >= 1 ? Math.min(value, max) : fallback;
}

const list = withKey((call, key) => {
  const { serverState, url } = call;
  if (!serverState.behaviour.list) return unknownRoute(call);
  const filters = ['status', 'type', 'model'].flatMap((name) => {
    const value = url.searchParams.get(name);
    return value === null || value === '' ? [] : [[name, value] as const];
  });
  const rows = serverState.tasks
    .listFor(key)
    .map(listView)
    .filter((row) => filters.every(([name, value]) => row[name] === value));
  const page = numberParam(url, 'page', 1, Infinity);
  const pageSize = numberParam(url, 'page_size', 20, 100);
  const data = rows.slice((page - 1) * pageSize, page * pageSize);
  return jsonAnswer(200, { data, total: rows.length, page, page_size: pageSize });
});

const credits: Handler = (call) => {
  const caller = callerOf(call);
  if ('refusal' in caller) {
    // Only this call has numeric error codes.
    return refuse(call, { ...caller.refusal, code: caller.refusal.status });
  }
  call.serverState.tasks.all();
  const { remaining, used } = call.serverState.billing.record();
  const account = { remaining_credits: remaining, used_credits: used };
  const data = { token: { ...account, unlimited_credits: false }, user: account };
  return jsonAnswer(200, { data, message: '', success: true });
};

/** Without a key, as on the provider's site. */
const pricing: Handler = (call) => {
  const { behaviour } = call.serverState;
  if (!behaviour.pricing) return unknownRoute(call);
  const data = Object.entries(modelRules)
    .filter(([model]) => !behaviour.withdrawnModels.includes(model))
    .map(
      ([
        model_name,
        {
          priceUsd: [min_usd, max_usd],
        },
      ]) => ({
        ...{ model_name, model_type: 'image', billing_rule: 'per_call' },
        price_range: { min_usd, max_usd },
      }),
    );
  return jsonAnswer(200, { code: 200, data, message: 'success' });
};

export const apiHandlers: Partial<Record<RouteName, Handler>> = {
  create,
  query,
  batch,
  list,
  credits,
  pricing,
};
