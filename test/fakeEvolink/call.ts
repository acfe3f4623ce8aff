import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import type { LoggedRequest } from './types.ts';
import type { ServerState } from './serverState.ts';

/** One request on its way to a handler. */
export interface Call {
  readonly serverState: ServerState;
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly entry: LoggedRequest;
  readonly requestId: string;
  /** What the path names: a task, a file. */
  readonly id: string;
  /** Empty for a streamed upload, which its handler reads. */
  readonly body: Buffer;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** The body as JSON; undefined when it is none. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A field of a JSON object, whatever the value is. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
