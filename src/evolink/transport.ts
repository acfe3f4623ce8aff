import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Dispatcher } from 'undici';
import { cancelled } from '../appError.ts';
import { EvolinkError } from './errors.ts';
import {
  createDispatcher,
  type NetworkSettings,
  type ProxyEnvironment,
  proxyFor,
} from './network.ts';
import { isCertificateRefused, toNetworkError, wasNothingSent } from './networkErrors.ts';
import { withoutPassword } from './proxyAddress.ts';
import { createResultAddresses } from './resultAddress.ts';
import { isWebUrl } from './webUrl.ts';

/** Time limits of each phase of an exchange. None covers the whole: a long download may be long. */
export interface Timeouts {
  connectMs: number;
  headersMs: number;
  bodyIdleMs: number;
}

export const timeouts: Timeouts = { connectMs: 15_000, headersMs: 60_000, bodyIdleMs: 45_000 };

const redirects = new Set([301, 302, 303, 307, 308]);
const maxRedirects = 5;

/** Calls go to what the user configured; results come from wherever the provider says. */
type Purpose = 'call' | 'result';
/** Made when they are first used. */
type Ways = Partial<Record<Purpose, Promise<Dispatcher>>>;

export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  /**
   * Made anew for each attempt, because chunks can be read only once. A chunk need not hold longer
   * than until the next is asked for.
   */
  body?: () => string | AsyncIterable<Uint8Array>;
  signal: AbortSignal;
  headersTimeoutMs?: number;
}

export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readable;
}

export interface TransportOptions {
  /** Read for every request, so a changed setting counts at once. */
  network: () => NetworkSettings;
  env: ProxyEnvironment;
  /** The editor's own fetch, which alone knows a system or PAC proxy. */
  editorFetch?: typeof fetch;
  userAgent: string;
  /** Of the API and the file service: hosts that the user trusts. Read for every result. */
  baseUrls: () => readonly string[];
  log?: (line: string) => void;
  timeouts?: Timeouts;
}

/** HTTP over undici, with the editor's proxies and certificates. Retries nothing by itself. */
export interface Transport {
  /** @throws EvolinkError `network`, `timeout` or `cancelled`; any status is an answer. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /**
   * A GET that follows redirects, and asks for the bytes as they are: nothing is gained by packing
   * an image. For addresses of results: never with a key, and never into a private network.
   * @throws ResultAddressError also for what it redirects to.
   */
  get(url: string, signal: AbortSignal): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export function createTransport(options: TransportOptions): Transport {
  const limits = options.timeouts ?? timeouts;
  const resultAddresses = createResultAddresses(options.baseUrls);
  let current: { settings: string; ways: Ways } | undefined;

  function wayFor(purpose: Purpose): Promise<Dispatcher> {
    const network = options.network();
    const settings = JSON.stringify(network);
    if (current?.settings !== settings) {
      const outdated = current;
      current = { settings, ways: {} };
      // What is under way ends in peace.
      if (outdated) void endWays(outdated.ways, (old) => old.close());
    }
    const lookup = purpose === 'result' ? resultAddresses.lookup : undefined;
    return (current.ways[purpose] ??= createDispatcher(network, options.env, limits, lookup));
  }

  async function send(request: HttpRequest, purpose: Purpose = 'call'): Promise<HttpAnswer> {
    if (request.signal.aborted) throw cancelled();
    const startedMs = performance.now();
    const answer = await sendOneWayOrTheOther(request, purpose);
    const tookMs = Math.round(performance.now() - startedMs);
    const { origin, pathname } = new URL(request.url);
    const status = String(answer.status);
    options.log?.(`${request.method} ${origin}${pathname} → ${status} in ${String(tookMs)} ms`);
    return answer;
  }

  async function sendOneWayOrTheOther(request: HttpRequest, purpose: Purpose): Promise<HttpAnswer> {
    const proxy = proxyOf(request.url);
    if (purpose === 'result' && proxy !== undefined)
      await resultAddresses.checkResolved(request.url, 'some');
    const way = await wayFor(purpose).catch((thrown: unknown) => {
      throw unusable(thrown, proxy);
    });
    try {
      return await sendByUndici(request, way);
    } catch (thrown) {
      if (request.signal.aborted) throw cancelled(thrown);
      const error = toNetworkError(thrown, proxy);
      options.log?.(`${request.method} ${new URL(request.url).origin} failed: ${error.message}`);
      if (proxy !== undefined || !options.editorFetch || !wasNothingSent(thrown)) throw error;
      // To the editor, loose certificates of proxies are loose for all.
      if (isCertificateRefused(thrown) && !options.network().isStrictTls) throw error;
      if (purpose === 'result') await resultAddresses.checkResolved(request.url, 'every');
      return await sendByEditor(request, options.editorFetch, error);
    }
  }

  function proxyOf(url: string): string | undefined {
    const proxy = proxyFor(url, options.network(), options.env);
    return proxy === undefined ? undefined : withoutPassword(proxy);
  }

  async function sendByUndici(request: HttpRequest, way: Dispatcher): Promise<HttpAnswer> {
    const { request: undiciRequest } = await import('undici');
    const { statusCode, headers, body } = await undiciRequest(request.url, {
      method: request.method,
      headers: { 'user-agent': options.userAgent, ...request.headers },
      signal: request.signal,
      dispatcher: way,
      // What undici takes piece by piece it has given to the system before it asks for the next.
      ...(request.body && { body: request.body() as string | Readable }),
      ...(request.headersTimeoutMs !== undefined && { headersTimeout: request.headersTimeoutMs }),
    });
    return { status: statusCode, headers, body };
  }

  /** Only after no connection could be made at all: nothing was sent, so nothing is sent twice. */
  async function sendByEditor(
    request: HttpRequest,
    editorFetch: typeof fetch,
    first: EvolinkError,
  ): Promise<HttpAnswer> {
    const body = request.body?.();
    try {
      const response = await editorFetch(request.url, {
        method: request.method,
        headers: { 'user-agent': options.userAgent, ...request.headers },
        signal: request.signal,
        redirect: 'manual',
        ...(body !== undefined && {
          body: typeof body === 'string' ? body : Readable.toWeb(Readable.from(copied(body))),
          duplex: 'half',
        }),
      } as RequestInit);
      return {
        status: response.status,
        headers: unpackedHeaders(response.headers),
        body: response.body ? Readable.fromWeb(response.body as ReadableStream) : Readable.from([]),
      };
    } catch (thrown) {
      if (request.signal.aborted) throw cancelled(thrown);
      // The first error is the one to tell, unless the second way got further.
      throw wasNothingSent(thrown) ? first : toNetworkError(thrown, undefined);
    }
  }

  async function get(url: string, signal: AbortSignal): Promise<HttpAnswer> {
    let address = url;
    resultAddresses.check(address);
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const headers = { 'accept-encoding': 'identity' };
      const answer = await send({ method: 'GET', url: address, headers, signal }, 'result');
      const location = headerOf(answer, 'location');
      if (!redirects.has(answer.status) || location === undefined) return answer;
      discard(answer);
      const target = redirectTarget(location, address);
      resultAddresses.check(target, address);
      address = target;
    }
    throw new EvolinkError('server', 'The address of the result redirects without end');
  }

  return {
    send: (request) => send(request),
    get,
    async close() {
      const last = current;
      current = undefined;
      if (last) await endWays(last.ways, (way) => way.destroy());
    },
  };
}

/** One that could not be made has nothing to end. */
async function endWays(ways: Ways, end: (way: Dispatcher) => Promise<void>): Promise<void> {
  await Promise.all(Object.values(ways).map((way) => way.then(end).catch(() => undefined)));
}

/** The editor's fetch has unpacked the body already: what is said of the packed one is wrong now. */
function unpackedHeaders(headers: Headers): Record<string, string> {
  const all = Object.fromEntries(headers);
  if (all['content-encoding'] === undefined) return all;
  const { 'content-encoding': _, 'content-length': __, ...rest } = all;
  return rest;
}

/** For who reads ahead and keeps what was read. */
async function* copied(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield Uint8Array.from(chunk);
}

/** There is no way to the network at all; mostly because a proxy's address is none. */
function unusable(thrown: unknown, proxy: string | undefined): EvolinkError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  if (proxy === undefined) return new EvolinkError('network', reason, { sent: 'no' }, thrown);
  const message = `The proxy ${proxy} cannot be used (${reason})`;
  return new EvolinkError('network', message, { proxy, sent: 'no' }, thrown);
}

function redirectTarget(location: string, from: string): string {
  if (!URL.canParse(location, from) || !isWebUrl(new URL(location, from).href)) {
    throw new EvolinkError('server', 'The address of the result redirects to no web address');
  }
  return new URL(location, from).href;
}

export function headerOf(answer: HttpAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Gives the connection back without reading what nobody wants. */
export function discard(answer: HttpAnswer): void {
  answer.body.on('error', () => undefined);
  answer.body.destroy();
}
