/** The steps of every request: log it, look for a fault, handle it, answer it. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { apiHandlers, unknownRoute } from './apiHandlers.ts';
import type { Answer } from './answer.ts';
import { errorAnswer } from './answer.ts';
import { field, parseJson } from './call.ts';
import type { Call, Handler } from './call.ts';
import { deliver, sendWhole } from './deliver.ts';
import { isAccept, isTaskFault } from './faults.ts';
import type { FaultContext } from './faultBook.ts';
import type { Fault } from './faults.ts';
import { fileHandlers } from './fileHandlers.ts';
import { mediaHandlers } from './mediaHandlers.ts';
import type { OriginServer } from './originServer.ts';
import { findRoute } from './routes.ts';
import { corruptBody } from './corruptBody.ts';
import type { LoggedRequest, OriginName, RouteName } from './types.ts';
import type { ServerState } from './serverState.ts';

const handlers: Partial<Record<RouteName, Handler>> = {
  ...apiHandlers,
  ...fileHandlers,
  ...mediaHandlers,
};

/** A base64 upload of the largest file, and some more. */
const maxBodyBytes = 150 * 1024 * 1024;

/** Bodies beyond this, such as base64 images, would make the log heavy. */
const maxLoggedBytes = 256 * 1024;

interface Exchange {
  readonly serverState: ServerState;
  readonly server: OriginServer;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: LoggedRequest;
}

async function readBody({ request, entry }: Exchange): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    entry.bodyBytes += chunk.length;
    if (entry.bodyBytes <= maxBodyBytes) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function faultTasks(call: Call): FaultContext['tasks'] {
  const { serverState, entry } = call;
  if (entry.route === 'create') {
    const prompt = field(entry.json, 'prompt');
    return [{ id: '', prompt: typeof prompt === 'string' ? prompt : '' }];
  }
  const listed = field(entry.json, 'task_ids');
  const ids: unknown[] = entry.route === 'batch' && Array.isArray(listed) ? listed : [call.id];
  return ids.flatMap((id) => {
    const task = serverState.tasks.findForResult(String(id));
    return task === undefined ? [] : [{ id: task.plan.id, prompt: task.plan.request.prompt }];
  });
}

function takeFault(call: Call): Fault | undefined {
  const { origin, route } = call.entry;
  const context = { origin, route, tasks: faultTasks(call) };
  return call.serverState.faults.take(context, (fault) => !isTaskFault(fault) && !isAccept(fault));
}

/** Whether the fault comes before any work is done. */
function isBeforeWork(fault: Fault | undefined): boolean {
  switch (fault?.kind) {
    case 'reset':
      return fault.at === 'beforeBody' || fault.at === 'duringRequest';
    case 'status':
      return fault.after !== true;
    case 'hang':
      return fault.after !== true && fault.part === undefined;
    default:
      return false;
  }
}

const nothing: Answer = { status: 200, headers: {}, body: Buffer.alloc(0) };

async function work(call: Call): Promise<Answer> {
  const handler = handlers[call.entry.route];
  if (handler === undefined) return unknownRoute(call);
  try {
    return await handler(call);
  } catch (error) {
    const message = `The offline server failed: ${String(error)}`;
    const details = { status: 500, code: 'internal_error', message, type: 'server_error' };
    return errorAnswer(details, call.requestId);
  }
}

/** Ends a request that a fault meets before any work; true when an answer is still due. */
async function stopEarly({ server, request, entry }: Exchange, fault: Fault): Promise<boolean> {
  if (fault.kind === 'reset') {
    if (fault.at === 'duringRequest' && !request.readableEnded) {
      const [chunk] = (await once(request, 'data')) as [Buffer];
      entry.bodyBytes += chunk.length;
    }
    server.reset(request);
    return false;
  }
  for await (const chunk of request as AsyncIterable<Buffer>) entry.bodyBytes += chunk.length;
  return fault.kind === 'status';
}

function withRequestId(answer: Answer, call: Call): Answer {
  if (call.entry.origin === 'media' || call.entry.route === 'download') return answer;
  return { ...answer, headers: { 'x-request-id': call.requestId, ...answer.headers } };
}

async function answerCall(exchange: Exchange, call: Call): Promise<void> {
  const { entry, response, server } = exchange;
  const task = entry.route === 'result' ? call.serverState.tasks.findForResult(call.id) : undefined;
  if (task !== undefined) task.resultFetches += 1;
  const fault = takeFault(call);
  if (fault !== undefined) entry.fault = fault.kind;
  const isEarly = fault !== undefined && isBeforeWork(fault);
  if (isEarly && !(await stopEarly(exchange, fault))) return;
  const plain = isEarly ? nothing : await work(call);
  const answer = withRequestId(corruptBody(plain, fault, call.requestId, entry.path), call);
  if (response.destroyed) return;
  entry.status = answer.status;
  if (answer.replayed === true) entry.replayed = true;
  if (fault === undefined) {
    if (task !== undefined && answer.status === 200) {
      response.once('finish', () => (task.resultDelivered += 1));
    }
    sendWhole({ response, answer, server });
  } else await deliver({ response, answer, server }, fault);
}

async function converse(exchange: Exchange, url: URL, id: string): Promise<void> {
  const { serverState, request, entry } = exchange;
  const body = entry.route === 'uploadStream' ? Buffer.alloc(0) : await readBody(exchange);
  if (body.length > 0 && body.length <= maxLoggedBytes) entry.json = parseJson(body);
  const requestId = serverState.newRequestId();
  await answerCall(exchange, { serverState, request, url, entry, requestId, id, body });
}

/** Takes one request of an origin. */
export function handleRequest(
  serverState: ServerState,
  server: OriginServer,
  origin: OriginName,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = new URL(request.url ?? '/', server.url);
  const route = findRoute(origin, request.method ?? '', url.pathname);
  const connection = server.connectionOf(request);
  const entry = serverState.log.add(request, {
    at: serverState.clock.now(),
    origin,
    route: route.name,
    connection,
  });
  response.once('close', () => (entry.endedAt = serverState.clock.now()));
  // Fails only when the client has gone, so that nobody needs the error.
  converse({ serverState, server, request, response, entry }, url, route.id).catch(() => {
    response.destroy();
  });
}
