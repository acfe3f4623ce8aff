import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { cancelled } from '../../../src/appError.ts';
import { toNetworkError } from '../../../src/evolink/networkErrors.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../../src/evolink/transport.ts';
import type { Chance } from '../chance.ts';
import { apiUrls, filesUrl, mediaUrl, type Provider, refusal, type Reply } from './provider.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimWindow } from './simWindow.ts';

export type Route = 'create' | 'query' | 'batch' | 'account' | 'upload' | 'files' | 'result';

/** What happens to one exchange on its way. `isActedOn`: the provider got the request all the same. */
export type NetworkFault =
  | { kind: 'refused' | 'tlsReset' }
  | { kind: 'reset' | 'hang'; isActedOn: boolean }
  | { kind: 'late' | 'doubled' | 'packed' | 'marked' | 'cut' | 'short' | 'slow' | 'portal' }
  | { kind: 'gateway'; status: number; body: 'html' | 'json' | 'empty'; isActedOn: boolean }
  | { kind: 'rateLimited'; retryAfterS: number }
  /** A 503 that says when to come again. */
  | { kind: 'busyGateway'; retryAfterS: number; isActedOn: boolean }
  | { kind: 'refusal'; status: number; code: string };

export interface Exchange {
  window: SimWindow;
  route: Route;
  url: string;
  idempotencyKey: string | undefined;
}

export interface NetworkOptions {
  scheduler: Scheduler;
  provider: Provider;
  chance: Chance;
  faultOf: (exchange: Exchange) => NetworkFault | undefined;
  onSent: (exchange: Exchange, headers: Readonly<Record<string, string>>) => void;
  onEnded: (exchange: Exchange, outcome: string, wasSent: boolean) => void;
  /** The provider asks to be left alone for so long. */
  onAskedToWait: (exchange: Exchange, waitMs: number) => void;
}

const headersTimeoutMs = 60_000;
const bodyTimeoutMs = 45_000;
const maxRedirects = 5;

/** The way to the provider as one window has it. Stands in for the real transport. */
export function createSimTransport(options: NetworkOptions, window: SimWindow): Transport {
  const { scheduler, provider, chance } = options;

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    window.pass('step');
    if (request.signal.aborted) throw cancelled();
    const { origin } = new URL(request.url);
    const headers = request.headers ?? {};
    const path = request.url.slice(origin.length);
    const exchange: Exchange = {
      window,
      route: routeOf(origin, path, request.method),
      url: request.url,
      idempotencyKey: headers['idempotency-key'],
    };
    options.onSent(exchange, headers);
    const fault = options.faultOf(exchange);
    const body = await bodyOf(request);
    const arrived = { method: request.method, baseUrl: origin, path, headers, body };
    return await new Promise<HttpAnswer>((resolve, reject) => {
      const fail = (error: Error, outcome: string) => {
        options.onEnded(exchange, outcome, fault?.kind !== 'refused' && fault?.kind !== 'tlsReset');
        reject(request.signal.aborted ? cancelled(error) : toNetworkError(error, undefined));
      };
      const onAbort = () => fail(new Error('aborted'), 'aborted');
      if (request.signal.aborted) {
        onAbort();
        return;
      }
      request.signal.addEventListener('abort', onAbort, { once: true });
      const end = (afterMs: number, act: () => void) =>
        scheduler.after(afterMs, window, () => {
          if (request.signal.aborted) return;
          request.signal.removeEventListener('abort', onAbort);
          act();
        });
      const wayMs = chance.between(5, 200);
      const act = (then: (reply: Reply) => void) =>
        // The request is on its way, whatever becomes of the window.
        scheduler.after(wayMs, undefined, () => {
          const reply = isKnownHost(origin) ? provider.act(arrived) : portal;
          if (fault?.kind === 'doubled' && isKnownHost(origin)) provider.act(arrived);
          then(reply);
        });
      const answer = (afterMs: number, reply: Reply) =>
        end(afterMs, () => {
          options.onEnded(exchange, outcomeOf(reply, fault), true);
          if (fault?.kind === 'rateLimited' || fault?.kind === 'busyGateway')
            options.onAskedToWait(exchange, fault.retryAfterS * 1000);
          resolve(toAnswer(reply, fault, request));
        });
      const breakOff = (afterMs: number, error: Error, outcome: string) =>
        end(afterMs, () => fail(error, outcome));
      if (fault && 'isActedOn' in fault && fault.isActedOn) act(() => undefined);
      switch (fault?.kind) {
        case 'refused':
          return void breakOff(wayMs, systemError('ECONNREFUSED', 'connect'), 'refused');
        case 'tlsReset':
          return void breakOff(wayMs, tlsError(), 'reset in the handshake');
        case 'reset': {
          const acted = fault.isActedOn ? ' after it was acted on' : '';
          return void breakOff(2 * wayMs, systemError('ECONNRESET', 'read'), `reset${acted}`);
        }
        case 'hang': {
          const error = Object.assign(new Error('timeout'), { code: 'UND_ERR_HEADERS_TIMEOUT' });
          const limitMs = request.headersTimeoutMs ?? headersTimeoutMs;
          return void breakOff(limitMs, error, fault.isActedOn ? 'hung, acted on' : 'hung');
        }
        case 'gateway':
          return void answer(2 * wayMs, gatewayReply(fault));
        case 'busyGateway': {
          const reply = gatewayReply({ status: 503, body: 'html' });
          reply.headers['retry-after'] = String(fault.retryAfterS);
          answer(2 * wayMs, reply);
          return;
        }
        case 'rateLimited': {
          const reply = refusal(429, 'rate_limit_exceeded', 'Too many requests');
          reply.headers['retry-after'] = String(fault.retryAfterS);
          return void answer(2 * wayMs, reply);
        }
        case 'refusal':
          return void answer(2 * wayMs, refusal(fault.status, fault.code, 'Refused'));
        case 'portal':
          return void answer(wayMs, portal);
        case 'late':
          return void act((reply) => answer(chance.between(5_000, 55_000), reply));
        default:
          return void act((reply) => answer(wayMs, reply));
      }
    });
  }

  /** The body of an answer, as it comes piece by piece. */
  function toAnswer(
    reply: Reply,
    fault: NetworkFault | undefined,
    request: HttpRequest,
  ): HttpAnswer {
    const headers = { ...reply.headers };
    let { body } = reply;
    if (fault?.kind === 'packed') {
      body = gzipSync(body);
      headers['content-encoding'] = 'gzip';
      if (headers['content-length'] !== undefined) headers['content-length'] = String(body.length);
    }
    if (fault?.kind === 'marked' && headers['content-type'] === 'application/json')
      body = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]);
    if (fault?.kind === 'short') body = body.subarray(0, -2);
    const isCut = fault?.kind === 'cut';
    const pieces =
      body.length < 2
        ? [body]
        : [body.subarray(0, body.length >> 1), body.subarray(body.length >> 1)];
    const stream = new Readable({ read: () => undefined });
    const onAbort = () => stream.destroy(new DOMException('aborted', 'AbortError'));
    request.signal.addEventListener('abort', onAbort, { once: true });
    const everyMs = fault?.kind === 'slow' ? chance.between(1_000, bodyTimeoutMs - 1_000) : 0.5;
    const feed = (index: number) => {
      scheduler.after(everyMs, window, () => {
        if (stream.destroyed) return;
        if (isCut && index === 1) {
          const hangs = chance.isHit(0.5);
          const code = hangs ? 'UND_ERR_BODY_TIMEOUT' : 'UND_ERR_SOCKET';
          const error = Object.assign(new Error('cut off'), { code });
          scheduler.after(hangs ? bodyTimeoutMs : 0, window, () => stream.destroy(error));
          return;
        }
        const piece = pieces[index];
        if (piece) {
          stream.push(piece);
          feed(index + 1);
          return;
        }
        request.signal.removeEventListener('abort', onAbort);
        stream.push(null);
      });
    };
    feed(0);
    return { status: reply.status, headers, body: stream };
  }

  async function get(url: string, signal: AbortSignal): Promise<HttpAnswer> {
    let address = url;
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const headers = { 'accept-encoding': 'identity' };
      const answer = await send({ method: 'GET', url: address, headers, signal });
      const location = answer.headers['location'];
      if (answer.status < 300 || answer.status >= 400 || typeof location !== 'string')
        return answer;
      answer.body.on('error', () => undefined);
      answer.body.destroy();
      address = new URL(location, address).href;
    }
    throw new Error('The address of the result redirects without end');
  }

  return { send, get, close: () => Promise.resolve() };
}

/** The page that stands in the way of everything until somebody signs in. */
const portal = gatewayReply({ status: 200, body: 'html' });

function isKnownHost(origin: string): boolean {
  return origin === mediaUrl || keyHosts.includes(origin);
}

export function routeOf(origin: string, path: string, method: string): Route {
  if (origin === mediaUrl) return 'result';
  if (origin === filesUrl) return method === 'POST' ? 'upload' : 'files';
  if (path === '/v1/images/generations') return 'create';
  if (path === '/v1/tasks/batch') return 'batch';
  return path.startsWith('/v1/tasks/') ? 'query' : 'account';
}

/** Where a key may be sent to. */
export const keyHosts: readonly string[] = [...apiUrls, filesUrl];

async function bodyOf(request: HttpRequest): Promise<Buffer> {
  const body = request.body?.() ?? '';
  if (typeof body === 'string') return Buffer.from(body);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function outcomeOf({ status }: Reply, fault: NetworkFault | undefined): string {
  if (!fault) return String(status);
  const acted = 'isActedOn' in fault && fault.isActedOn && fault.kind === 'gateway';
  return `${String(status)} (${fault.kind}${acted ? ', acted on' : ''})`;
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
}

function tlsError(): Error {
  const message = 'Client network socket disconnected before secure TLS connection was established';
  return Object.assign(new Error(message), { code: 'ECONNRESET', host: 'api', port: 443 });
}

function gatewayReply({
  status,
  body,
}: {
  status: number;
  body: 'html' | 'json' | 'empty';
}): Reply {
  const text =
    body === 'html'
      ? '<html><body><h1>Sign in to continue</h1></body></html>'
      : body === 'json'
        ? '{"error":{"code":"policy_blocked","message":"Blocked by policy","type":"gateway"}}'
        : '';
  const type = body === 'json' ? 'application/json' : 'text/html';
  return {
    status,
    headers: {
      'content-type': type,
      ...(status >= 300 && status < 400 && { location: 'https://portal.example.test/login' }),
    },
    body: Buffer.from(text),
  };
}
