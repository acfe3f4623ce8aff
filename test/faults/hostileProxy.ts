import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';

/** Answers in the provider's place. */
export type Trick = (asked: IncomingMessage, response: ServerResponse) => void;

/** Stands between a window and a server, and plays a trick in place of some answers. */
export interface HostileProxy {
  url: string;
  /**
   * Answers the next request to each route (method and beginning of path) by a trick, after the
   * server has acted on it, as a gateway does that changes what comes back.
   */
  playOnce(routes: readonly string[], trick: Trick): void;
  /** Names another address in the first answer that has a result. */
  misleadOnce(resultUrl: string): void;
  /** The routes whose trick nobody has met yet. */
  unmet(): string[];
  /** What was asked at addresses of its own, which begin with /own/. */
  own: Map<string, Trick>;
  close(): Promise<void>;
}

export async function startHostileProxy(target: string): Promise<HostileProxy> {
  const waiting = new Map<string, Trick>();
  const own = new Map<string, Trick>();
  let misleading: string | undefined;

  function mislead(body: string): string {
    if (misleading === undefined || !body.includes('"results":["')) return body;
    const url = misleading;
    misleading = undefined;
    return body.replace(/"results":\["[^"]*"/, () => `"results":[${JSON.stringify(url)}`);
  }

  const server = createServer((asked, response) => {
    const { method = '', url = '' } = asked;
    response.on('error', () => undefined);
    const ownTrick = own.get(url);
    if (ownTrick) {
      ownTrick(asked, response);
      return;
    }
    const route = [...waiting.keys()].find((each) => `${method} ${url}`.startsWith(each));
    const trick = route === undefined ? undefined : waiting.get(route);
    if (route !== undefined) waiting.delete(route);
    const forwarded = request(`${target}${url}`, { method, headers: asked.headers }, (answer) => {
      if (trick) {
        answer.resume().once('end', () => {
          trick(asked, response);
        });
        return;
      }
      void textOf(answer).then((body) => {
        const { 'content-length': _, ...headers } = answer.headers;
        response.writeHead(answer.statusCode ?? 500, headers).end(mislead(body));
      });
    });
    forwarded.on('error', () => response.destroy());
    asked.pipe(forwarded);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    playOnce(routes, trick) {
      for (const route of routes) waiting.set(route, trick);
    },
    misleadOnce(resultUrl) {
      misleading = resultUrl;
    },
    unmet: () => [...waiting.keys()],
    own,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
