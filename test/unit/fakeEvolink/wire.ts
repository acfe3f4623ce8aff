/** A client as bare as can be, so that tests see what is really on the wire. */
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { once } from 'node:events';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { jsonOf } from './wireJson.ts';

export interface WireRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | AsyncIterable<Buffer>;
  readonly ca?: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The connection ended before the answer did. */
  readonly isCut: boolean;
}

async function readBody(response: IncomingMessage): Promise<{ body: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch {
    return { body: Buffer.concat(chunks), isCut: true };
  }
  return { body: Buffer.concat(chunks), isCut: !response.complete };
}

/** Sends one request on a connection of its own; rejects when no answer begins. */
export async function wire(url: string, sent: WireRequest = {}): Promise<WireAnswer> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const { method = 'GET', headers = {}, body, ca } = sent;
  const outgoing = send(url, {
    method,
    headers,
    agent: false,
    ...(ca === undefined ? {} : { ca }),
  });
  // What breaks after the answer has begun is seen in its body.
  outgoing.on('error', () => undefined);
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) outgoing.end(body);
  else {
    answered.catch(() => undefined);
    for await (const chunk of body) {
      if (outgoing.destroyed) break;
      if (!outgoing.write(chunk)) await Promise.race([once(outgoing, 'drain'), answered]);
    }
    outgoing.end();
  }
  const [response] = await answered;
  const read = await readBody(response);
  return { status: response.statusCode ?? 0, headers: response.headers, ...read };
}

export function auth(api: OfflineApi): Record<string, string> {
  return { authorization: `Bearer ${api.key}` };
}

export const goodBody = { model: 'gpt-image-1.5-lite', prompt: 'A red fox in the snow' };

/** The create call. */
export function create(
  api: OfflineApi,
  fields: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<WireAnswer> {
  return wire(`${api.urls.api}/v1/images/generations`, {
    method: 'POST',
    headers: { ...auth(api), 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ ...goodBody, ...fields }),
  });
}

/** Creates a task and gives its id. */
export async function createId(
  api: OfflineApi,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return jsonOf(await create(api, fields)).id;
}

export function query(api: OfflineApi, id: string): Promise<WireAnswer> {
  return wire(`${api.urls.api}/v1/tasks/${id}`, { headers: auth(api) });
}

export function batch(api: OfflineApi, ids: readonly string[]): Promise<WireAnswer> {
  return wire(`${api.urls.api}/v1/tasks/batch`, {
    method: 'POST',
    headers: auth(api),
    body: JSON.stringify({ task_ids: ids }),
  });
}

/** A finished task's id and the URL of its image. */
export async function finished(
  api: OfflineApi,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<{ id: string; url: string }> {
  const id = await createId(api, fields);
  await api.advanceClock(taskMs);
  return { id, url: String(jsonOf(await query(api, id)).results[0]) };
}

/** Long, so that only the shifted clock ends a task. */
export const taskMs = 60_000;

/** The code of the error that ended a connection. */
export async function failureCode(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Error && 'code' in error
    ? String(error.code)
    : `no error: ${String(error)}`;
}
