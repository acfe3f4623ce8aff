/** A task as the wire shows it. */
import { failureOf } from './task.ts';
import type { Outcome, Task } from './task.ts';
import type { TaskStatus } from './types.ts';

interface Shown {
  readonly status: TaskStatus;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** The task's state as a fault of this answer changes it. */
function shownState(task: Task, outcome: Outcome): Shown {
  if (outcome.failed !== undefined) return { status: 'failed', error: failureOf(outcome.failed) };
  if (outcome.cancelled !== undefined) return { status: 'cancelled', error: undefined };
  if (outcome.stuck !== undefined) return { status: 'processing', error: undefined };
  return { status: task.status, error: task.error };
}

function resultFields(url: string, outcome: Outcome): Record<string, unknown> {
  const shownUrl = outcome.httpResultUrl === undefined ? url : url.replace(/^https:/, 'http:');
  switch (outcome.resultsAs?.as ?? 'strings') {
    case 'strings':
      return { results: [shownUrl] };
    case 'objects':
      return { results: [{ url: shownUrl }] };
    case 'result_data':
      return { result_data: [{ image_url: shownUrl }] };
    case 'result_url':
      return { result_url: shownUrl };
    case 'url':
      return { url: shownUrl };
  }
}

/** Whether this answer leaves the results out; counts the answers that did. */
function isEmptied(task: Task, answerOutcome: Outcome): boolean {
  if (answerOutcome.emptyResults !== undefined) return true;
  const fault = task.plan.outcome.emptyResults;
  if (fault === undefined) return false;
  task.emptyAnswers += 1;
  const queries = fault.queries ?? 1;
  return queries === 'always' || task.emptyAnswers <= queries;
}

function isFinal(status: TaskStatus): boolean {
  return !['pending', 'processing'].includes(status);
}

function infoFields(task: Task, status: TaskStatus): Record<string, unknown> {
  if (isFinal(status)) return { can_cancel: false };
  return { can_cancel: true, estimated_time: task.plan.estimatedS };
}

/** The fields of every answer about a task. */
function baseFields(task: Task, status: TaskStatus, progress: number): Record<string, unknown> {
  const { id, createdAt, request, credits } = task.plan;
  return {
    created: Math.floor(createdAt / 1000),
    id,
    model: request.model,
    object: 'image.generation.task',
    progress,
    status,
    task_info: infoFields(task, status),
    type: 'image',
    usage: {
      billing_rule: 'per_call',
      credits_reserved: credits,
      ...(status === 'completed' ? { credits_used: task.creditsUsed, cost: costOf(task) } : {}),
      user_group: 'default',
    },
  };
}

function costOf({ creditsUsed }: Task): Record<string, number> {
  return { credits: creditsUsed, usd: Math.round((10_000 * creditsUsed) / 68) / 10_000 };
}

/** Spells the status of an ended task as a fault has it. */
function spellStatus(view: Record<string, unknown>, { statusAs }: Outcome): void {
  if (statusAs === undefined) return;
  // What is undefined is no field of the JSON.
  view['status'] = statusAs.as;
}

/** The answer to the create call. */
export function createdView(task: Task): Record<string, unknown> {
  return baseFields(task, 'pending', 0);
}

/** The answer to a query; `answerFate` holds for this answer only. */
export function taskView(
  task: Task,
  resultUrl: string,
  answerOutcome: Outcome,
): Record<string, unknown> {
  const { status, error } = shownState(task, answerOutcome);
  const outcome = { ...task.plan.outcome, ...answerOutcome };
  const view = baseFields(task, status, status === 'failed' ? 0 : task.progress);
  if (isFinal(status)) spellStatus(view, outcome);
  if (error !== undefined) view['error'] = { ...error, type: 'task_error' };
  if (status !== 'completed') return view;
  if (isEmptied(task, answerOutcome)) return { ...view, results: [] };
  return { ...view, ...resultFields(outcome.resultUrl?.url ?? resultUrl, outcome) };
}

/** One line of the list of tasks: no URLs. */
export function listView(task: Task): Record<string, unknown> {
  const { id, request, createdAt } = task.plan;
  return {
    id,
    model: request.model,
    type: 'image',
    status: task.status,
    progress: task.progress,
    created_at: Math.floor(createdAt / 1000),
    has_results: task.status === 'completed',
  };
}
