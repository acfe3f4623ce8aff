/** Faults that change the content of an answer, not its delivery. */
import { randomBytes } from 'node:crypto';
import { jsonAnswer, statusAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { parseJson } from './call.ts';
import type { Fault } from './faults.ts';
import { goneAnswer } from './mediaHandlers.ts';

const page = `<!DOCTYPE html>
<html><head><title>Just a moment...</title></head>
<body><h1>Checking your browser before you go on</h1></body></html>
`;

type Json = Record<string, unknown>;

function parentOf(root: Json, path: string): readonly [Json, string] | undefined {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let parent: unknown = root;
  for (const step of steps) {
    if (typeof parent !== 'object' || parent === null) return undefined;
    parent = (parent as Json)[step];
  }
  return typeof parent === 'object' && parent !== null ? [parent as Json, last] : undefined;
}

/** What a task looks like when its lesser fields are of any type: id, status, results stay. */
function scrambleTask(task: Json): Json {
  const kept = ['id', 'status', 'results', 'result_data', 'result_url', 'url', 'error'];
  const scrambled: Json = { created: 'yesterday', progress: null, task_info: [], usage: 'none' };
  for (const name of kept) if (name in task) scrambled[name] = task[name];
  return scrambled;
}

function scramble(value: Json): Json {
  const { data } = value;
  if ('id' in value) return scrambleTask(value);
  if (Array.isArray(data)) return { ...value, data: data.map((row) => scrambleTask(row as Json)) };
  return Object.fromEntries(Object.keys(value).map((name) => [name, null]));
}

function wrongTypes(answer: Answer, fault: Fault & { kind: 'wrongTypes' }): Answer {
  const value = parseJson(answer.body);
  if (typeof value !== 'object' || value === null) return answer;
  const { replace, remove } = fault;
  if (replace === undefined && remove === undefined)
    return withJson(answer, scramble(value as Json));
  for (const [path, replacement] of Object.entries(replace ?? {})) {
    const place = parentOf(value as Json, path);
    if (place !== undefined) place[0][place[1]] = replacement;
  }
  for (const path of remove ?? []) {
    const place = parentOf(value as Json, path);
    if (place !== undefined) Reflect.deleteProperty(place[0], place[1]);
  }
  return withJson(answer, value);
}

function withJson(answer: Answer, value: unknown): Answer {
  return { ...answer, body: Buffer.from(JSON.stringify(value)) };
}

function withBody(contentType: string, body: Buffer): Answer {
  return { status: 200, headers: { 'content-type': contentType }, body };
}

function redirect(fault: Fault & { kind: 'redirect' }, path: string): Answer {
  const location = fault.location ?? `${path}?moved=1`;
  return { status: fault.status ?? 302, headers: { location }, body: Buffer.alloc(0) };
}

/** The answer, as a fault changes it; `path` is the request's. */
export function corruptBody(
  answer: Answer,
  fault: Fault | undefined,
  requestId: string,
  path: string,
) {
  switch (fault?.kind) {
    case 'status':
      return statusAnswer(fault, requestId);
    case 'malformedJson':
      return { ...answer, body: answer.body.subarray(0, Math.ceil(answer.body.length * 0.7)) };
    case 'wrongTypes':
      return wrongTypes(answer, fault);
    case 'successFalse': {
      const { code = 50001, msg = 'Storage error' } = fault;
      return jsonAnswer(200, { success: false, code, msg });
    }
    case 'html':
      return withBody('text/html; charset=utf-8', Buffer.from(page));
    case 'wrongContentType': {
      const contentType = fault.contentType ?? 'application/octet-stream';
      return { ...answer, headers: { ...answer.headers, 'content-type': contentType } };
    }
    case 'notAnImage':
      return withBody('image/png', randomBytes(4096));
    case 'expired':
      return goneAnswer(fault.status ?? 410);
    case 'redirect':
      return redirect(fault, path);
    default:
      return answer;
  }
}
