/** Steers the server from another process: `POST /__offline/<call>` with a JSON array of arguments. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { OfflineApi } from './types.ts';

type Method = {
  [Name in keyof OfflineApi]: OfflineApi[Name] extends CallableFunction ? Name : never;
};

/** The calls that may be made from outside. */
export type ControlCall = Method[keyof OfflineApi];

const calls: Readonly<Record<ControlCall, true>> = {
  log: true,
  tasks: true,
  files: true,
  billing: true,
  fault: true,
  faults: true,
  clearFaults: true,
  configure: true,
  now: true,
  advanceClock: true,
  connections: true,
  dropConnections: true,
  reset: true,
  close: true,
};

function isCall(name: string): name is ControlCall {
  return Object.hasOwn(calls, name);
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(value));
}

export class ControlServer {
  readonly #api: OfflineApi;
  readonly #port: number;
  readonly #server = createServer((request, response) => {
    this.#take(request, response).catch((error: unknown) => {
      answer(response, 500, { error: String(error) });
    });
  });
  #boundPort = 0;

  constructor(api: OfflineApi, port: number) {
    this.#api = api;
    this.#port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.#boundPort)}`;
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#boundPort = (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = /^\/__offline\/(\w*)$/.exec(request.url ?? '')?.[1];
    if (request.method === 'GET' && name === 'about') {
      answer(response, 200, { urls: this.#api.urls, key: this.#api.key });
      return;
    }
    if (request.method !== 'POST' || name === undefined || !isCall(name)) {
      answer(response, 404, { error: `There is no ${request.method ?? ''} ${request.url ?? ''}` });
      return;
    }
    const body = await text(request);
    const args = body === '' ? [] : (JSON.parse(body) as unknown[]);
    if (name === 'close') {
      // The caller gets the answer before this server is closed.
      answer(response, 200, {});
      await this.#api.close();
      return;
    }
    const api = this.#api as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    answer(response, 200, { value: await api[name]?.(...args) });
  }
}
