import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import {
  createTransport,
  type HttpAnswer,
  type Transport,
  type TransportOptions,
} from '../../../src/evolink/transport.ts';
import { nodeClientPlatform } from '../../../src/evolink/clientPlatform.ts';
import { readBody } from '../../../src/evolink/readAnswer.ts';
import type { NetworkSettings } from '../../../src/evolink/network.ts';
import { makeCertificates } from '../../fakeEvolink/makeCertificates.ts';
import { answerJson, deadUrl, startServer, type TestServer } from './httpServer.ts';
import { direct, failure, never } from './setup.ts';
import { startSocksServer } from './socksServer.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function make(options: Partial<TransportOptions> = {}): Transport {
  const transport = createTransport({
    baseUrls: () => ['http://127.0.0.1'],
    network: () => direct,
    env: {},
    userAgent: 'image-studio-test/1',
    ...options,
  });
  closing.unshift(() => transport.close());
  return transport;
}

async function serve(handler: Parameters<typeof startServer>[0]): Promise<TestServer> {
  const server = await startServer(handler);
  closing.push(() => server.close());
  return server;
}

async function textOf(answer: HttpAnswer): Promise<unknown> {
  return await readBody(answer, { signal: never, platform: nodeClientPlatform });
}

describe('sending a request', () => {
  it('gives any status as an answer, and repeats nothing', async () => {
    const server = await serve((_, response) => answerJson(response, { a: 1 }, 503));
    const answer = await make().send({ method: 'GET', url: `${server.url}/x`, signal: never });
    assert.deepEqual([answer.status, await textOf(answer)], [503, { a: 1 }]);
    assert.equal(server.seen.length, 1);
    assert.equal(server.seen[0]?.headers['user-agent'], 'image-studio-test/1');
  });

  it('sends a body that is text, and one that is a stream', async () => {
    const server = await serve((request, response) => answerJson(response, request.body));
    const transport = make();
    for (const body of [() => 'words', () => Readable.from([Buffer.from('words')])]) {
      const answer = await transport.send({ method: 'POST', url: server.url, body, signal: never });
      assert.equal(await textOf(answer), 'words');
    }
  });

  it('tells nothing of the query string or the headers in the log', async () => {
    const server = await serve((_, response) => answerJson(response, {}));
    const lines: string[] = [];
    const transport = make({ log: (line) => lines.push(line) });
    const headers = { authorization: 'Bearer sk-of-mine' };
    await transport.send({ method: 'GET', url: `${server.url}/a?token=7`, headers, signal: never });
    await failure(
      transport.send({
        method: 'GET',
        url: `${await deadUrl()}/a?token=7`,
        headers,
        signal: never,
      }),
    );
    assert.equal(lines.length, 2);
    assert.match(lines[0]!, new RegExp(`^GET ${server.url}/a → 200 in \\d+ ms$`));
    assert.doesNotMatch(lines.join(), /token|sk-of-mine/);
  });

  it('sends nothing when it was cancelled before', async () => {
    const server = await serve((_, response) => answerJson(response, {}));
    const work = make().send({ method: 'GET', url: server.url, signal: AbortSignal.abort() });
    assert.equal((await failure(work)).code, 'cancelled');
    assert.equal(server.seen.length, 0);
  });

  it('is cancelled while it waits for an answer', async () => {
    const server = await serve(() => undefined);
    const controller = new AbortController();
    const { signal } = controller;
    const work = failure(make().send({ method: 'GET', url: server.url, signal }));
    while (server.seen.length === 0) await new Promise(setImmediate);
    controller.abort();
    assert.equal((await work).code, 'cancelled');
  });

  it('does not wait for an answer without end', async () => {
    const server = await serve(() => undefined);
    const work = make().send({
      method: 'GET',
      url: server.url,
      signal: never,
      headersTimeoutMs: 50,
    });
    const error = await failure(work);
    assert.deepEqual([error.code, error.details.sent], ['timeout', 'maybe']);
  });

  it('knows that nothing was sent when no connection could be made', async () => {
    const error = await failure(
      make().send({ method: 'GET', url: await deadUrl(), signal: never }),
    );
    assert.deepEqual([error.code, error.details.sent], ['network', 'no']);
  });

  it('does not know when the connection broke', async () => {
    const server = await serve((_, response) => void response.socket?.destroy());
    const error = await failure(make().send({ method: 'GET', url: server.url, signal: never }));
    assert.deepEqual([error.code, error.details.sent], ['network', 'maybe']);
  });

  it('takes up new settings with the next request', async () => {
    const proxy = await serve((_, response) => answerJson(response, 'by proxy'));
    const server = await serve((_, response) => answerJson(response, 'straight'));
    let network: NetworkSettings = direct;
    const transport = make({ network: () => network });
    const send = () => transport.send({ method: 'GET', url: server.url, signal: never });
    await textOf(await send());
    await textOf(await send());
    assert.equal(proxy.seen.length, 0);
    network = { ...direct, proxy: proxy.url };
    await textOf(await send());
    assert.equal(proxy.seen.length, 1);
    network = { ...network, isProxyEnabled: false };
    assert.equal(await textOf(await send()), 'straight');
    assert.equal(proxy.seen.length, 1);
  });

  it('lets what is under way end when the settings change', async () => {
    let finish = (): void => assert.fail('no request came');
    const server = await serve((request, response) => {
      if (request.path === '/quick') answerJson(response, 'quick');
      else finish = () => answerJson(response, 'slow');
    });
    let network: NetworkSettings = direct;
    const transport = make({ network: () => network });
    const slow = transport.send({ method: 'GET', url: `${server.url}/slow`, signal: never });
    while (server.seen.length === 0) await new Promise(setImmediate);
    network = { ...direct, isStrictTls: false };
    const quick = await transport.send({
      method: 'GET',
      url: `${server.url}/quick`,
      signal: never,
    });
    assert.equal(await textOf(quick), 'quick');
    finish();
    assert.equal(await textOf(await slow), 'slow');
  });

  it('checks certificates where no proxy stands between, whatever is said of proxies', async () => {
    const { key, cert } = await makeCertificates();
    const https = createHttpsServer({ key, cert }, (_, response) => response.end('"told"'));
    https.listen(0, '127.0.0.1');
    await once(https, 'listening');
    closing.push(async () => {
      https.closeAllConnections();
      https.close();
      await once(https, 'close');
    });
    const url = `https://127.0.0.1:${String((https.address() as AddressInfo).port)}/`;
    const proxy = await serve((_, response) => answerJson(response, {}));
    const loose: NetworkSettings = { ...direct, isStrictTls: false };
    const send = (network: NetworkSettings) =>
      make({ network: () => network }).send({ method: 'GET', url, signal: never });
    let editorCalls = 0;
    const editorFetch: typeof fetch = () => {
      editorCalls += 1;
      return Promise.resolve(new Response('"by the editor"'));
    };
    const { code, details } = await failure(
      make({ network: () => loose, editorFetch }).send({ method: 'GET', url, signal: never }),
    );
    assert.deepEqual([code, details.sent, editorCalls], ['network', 'no', 0]);
    assert.equal(await textOf(await send({ ...loose, proxy: proxy.url })), 'told');
    assert.equal((await failure(send({ ...direct, proxy: proxy.url }))).code, 'network');
    const socks = await startSocksServer((https.address() as AddressInfo).port);
    closing.push(socks.close);
    const socksUrl = `socks5h://127.0.0.1:${String(socks.port)}`;
    assert.equal(await textOf(await send({ ...loose, proxy: socksUrl })), 'told');
    const refused = await failure(send({ ...direct, proxy: socksUrl }));
    assert.deepEqual(
      [refused.code, refused.details],
      ['network', { sent: 'no', isUntrusted: true }],
    );
    assert.match(refused.message, /certificate/);
  });

  for (const proxy of ['http://[', 'ftp://proxy.example', 'http://a b']) {
    it(`names a proxy it cannot use: ${proxy}`, async () => {
      const server = await serve((_, response) => answerJson(response, {}));
      const transport = make({ network: () => ({ ...direct, proxy }) });
      const error = await failure(
        transport.send({ method: 'GET', url: server.url, signal: never }),
      );
      assert.deepEqual([error.code, error.details.sent], ['network', 'no']);
      assert.equal(typeof error.details.proxy, 'string');
      assert.equal(server.seen.length, 0);
    });
  }

  it('names a proxy that cannot be reached, without its password', async () => {
    const server = await serve((_, response) => answerJson(response, {}));
    const dead = await deadUrl();
    const proxy = dead.replace('//', '//me:secret@');
    const transport = make({ network: () => ({ ...direct, proxy }) });
    const error = await failure(transport.send({ method: 'GET', url: server.url, signal: never }));
    assert.deepEqual(error.details, { proxy: dead, sent: 'no' });
    assert.ok(error.message.includes(dead));
    assert.doesNotMatch(error.message, /secret/);
    assert.equal(server.seen.length, 0);
  });

  it('names a proxy that refuses the tunnel', async () => {
    const proxy = await serve((_, response) => answerJson(response, {}));
    const transport = make({ network: () => ({ ...direct, proxy: proxy.url }) });
    const url = 'https://nowhere.example/';
    const error = await failure(transport.send({ method: 'GET', url, signal: never }));
    assert.deepEqual([error.code, error.details.proxy], ['network', proxy.url]);
    assert.equal(error.details.sent, 'no');
  });

  it('is an error of the network when the answer breaks off', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"a"', () => response.socket?.destroy());
    });
    const answer = await make().send({ method: 'GET', url: server.url, signal: never });
    const error = await failure(readBody(answer, { signal: never, platform: nodeClientPlatform }));
    assert.deepEqual([error.code, error.details.sent], ['network', 'maybe']);
  });
});

describe('the editor’s own fetch', () => {
  interface Call {
    url: string;
    init: RequestInit;
  }

  function fakeFetch(answer: () => Response | Error): { calls: Call[]; editorFetch: typeof fetch } {
    const calls: Call[] = [];
    const editorFetch: typeof fetch = (url, init = {}) => {
      calls.push({ url: url as string, init });
      const given = answer();
      return given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
    };
    return { calls, editorFetch };
  }

  const refused = () => Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });

  it('is tried once when no connection could be made', async () => {
    const { calls, editorFetch } = fakeFetch(() =>
      Response.json({ by: 'editor' }, { status: 201, headers: { 'x-request-id': 'r7' } }),
    );
    const url = await deadUrl();
    const answer = await make({ editorFetch }).send({
      method: 'POST',
      url,
      headers: { authorization: 'Bearer k' },
      body: () => 'words',
      signal: never,
    });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers['x-request-id'], 'r7');
    assert.deepEqual(await textOf(answer), { by: 'editor' });
    assert.equal(calls.length, 1);
    const { method, body, redirect, headers } = calls[0]!.init;
    assert.deepEqual([calls[0]!.url, method, body, redirect], [url, 'POST', 'words', 'manual']);
    assert.deepEqual(headers, { 'user-agent': 'image-studio-test/1', authorization: 'Bearer k' });
  });

  it('gets the body anew when that is a stream', async () => {
    let sent = '';
    const editorFetch: typeof fetch = async (_, init) => {
      sent = await new Response(init?.body as ReadableStream).text();
      return new Response(null, { status: 204 });
    };
    const answer = await make({ editorFetch }).send({
      method: 'POST',
      url: await deadUrl(),
      body: () => Readable.from([Buffer.from('wor'), Buffer.from('ds')]),
      signal: never,
    });
    assert.deepEqual([answer.status, await textOf(answer), sent], [204, '', 'words']);
  });

  it('is left alone when all goes well', async () => {
    const { calls, editorFetch } = fakeFetch(refused);
    const server = await serve((_, response) => answerJson(response, {}, 500));
    await make({ editorFetch }).send({ method: 'GET', url: server.url, signal: never });
    assert.equal(calls.length, 0);
  });

  it('is left alone when something may have been sent', async () => {
    const { calls, editorFetch } = fakeFetch(() => Response.json({}));
    const server = await serve((_, response) => void response.socket?.destroy());
    const transport = make({ editorFetch });
    await failure(transport.send({ method: 'POST', url: server.url, signal: never }));
    assert.equal(calls.length, 0);
  });

  for (const code of ['ENETDOWN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ETIMEDOUT'])
    it(`is left alone when the connection broke with ${code} after a request was sent`, async () => {
      const { calls, editorFetch } = fakeFetch(() => Response.json({}));
      let breakOff = (): unknown => assert.fail('nothing was sent');
      const server = await serve(() => breakOff());
      const note = (message: unknown) => {
        const { socket } = message as { socket: Socket };
        const details = { code, syscall: 'read' };
        breakOff = () => socket.destroy(Object.assign(new Error(`read ${code}`), details));
      };
      subscribe('undici:client:sendHeaders', note);
      const transport = make({ editorFetch });
      const work = transport.send({ method: 'POST', url: server.url, signal: never });
      const error = await failure(work).finally(() =>
        unsubscribe('undici:client:sendHeaders', note),
      );
      assert.deepEqual([error.details.sent, calls.length, server.seen.length], ['maybe', 0, 1]);
    });

  it('is left alone when a proxy is set', async () => {
    const { calls, editorFetch } = fakeFetch(() => Response.json({}));
    const proxy = await deadUrl();
    const transport = make({ editorFetch, network: () => ({ ...direct, proxy }) });
    const error = await failure(
      transport.send({ method: 'GET', url: await deadUrl(), signal: never }),
    );
    assert.equal(error.details.proxy, proxy);
    assert.equal(calls.length, 0);
  });

  it('is left alone when the request was cancelled', async () => {
    const { calls, editorFetch } = fakeFetch(() => Response.json({}));
    const controller = new AbortController();
    const { signal } = controller;
    const network = () => {
      queueMicrotask(() => controller.abort());
      return direct;
    };
    const work = make({ editorFetch, network }).send({
      method: 'GET',
      url: await deadUrl(),
      signal,
    });
    assert.equal((await failure(work)).code, 'cancelled');
    assert.equal(calls.length, 0);
  });

  it('leaves the first error to be told when it cannot connect either', async () => {
    const { calls, editorFetch } = fakeFetch(() =>
      Object.assign(new Error('x'), {
        cause: Object.assign(new Error('y'), { code: 'ENOTFOUND' }),
      }),
    );
    const work = make({ editorFetch }).send({ method: 'GET', url: await deadUrl(), signal: never });
    const error = await failure(work);
    assert.match(error.message, /ECONNREFUSED/);
    assert.equal(error.details.sent, 'no');
    assert.equal(calls.length, 1);
  });

  it('tells its own error when it got further', async () => {
    const { editorFetch } = fakeFetch(() =>
      Object.assign(new Error('x'), {
        cause: Object.assign(new Error('y'), { code: 'ECONNRESET' }),
      }),
    );
    const work = make({ editorFetch }).send({ method: 'GET', url: await deadUrl(), signal: never });
    const error = await failure(work);
    assert.match(error.message, /ECONNRESET/);
    assert.equal(error.details.sent, 'maybe');
  });
});

describe('fetching the address of a result', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    it(`follows a ${String(status)}, also to another host, and says no more there`, async () => {
      const far = await serve((_, response) => answerJson(response, 'far'));
      const near = await serve((_, response) => {
        response.writeHead(status, { location: `${far.url}/b` }).end('moved');
      });
      const answer = await make().get(`${near.url}/a`, never);
      assert.equal(await textOf(answer), 'far');
      const { method, path, headers } = far.seen[0]!;
      assert.deepEqual([method, path], ['GET', '/b']);
      const said = ['accept-encoding', 'connection', 'host', 'user-agent'];
      assert.deepEqual(Object.keys(headers).toSorted(), said);
      assert.equal(headers['accept-encoding'], 'identity');
    });
  }

  it('follows an address without a host', async () => {
    const server = await serve((request, response) => {
      if (request.path === '/b/c') answerJson(response, 'there');
      else response.writeHead(302, { location: 'c' }).end();
    });
    assert.equal(await textOf(await make().get(`${server.url}/b/a`, never)), 'there');
  });

  it('asks the editor’s own fetch for the bytes as they are too', async () => {
    const server = await serve((request, response) => {
      const { 'accept-encoding': accepted } = request.headers;
      answerJson(response, accepted);
    });
    // As if undici could not connect, and the editor’s fetch, which is Node’s, could.
    const editorFetch: typeof fetch = (_, init) => fetch(server.url, init);
    const answer = await make({ editorFetch }).get(await deadUrl(), never);
    assert.equal(await textOf(answer), 'identity');
  });

  it('gives a redirect to nowhere as it is', async () => {
    const server = await serve((_, response) => void response.writeHead(302).end());
    assert.equal((await make().get(server.url, never)).status, 302);
  });

  it('does not go round in circles', async () => {
    const server = await serve((_, response) => {
      response.writeHead(302, { location: '/again' }).end();
    });
    const error = await failure(make().get(server.url, never));
    assert.equal(error.code, 'server');
    assert.match(error.message, /without end/);
    assert.equal(server.seen.length, 6);
  });

  for (const location of ['file:///etc/passwd', 'ftp://files.example/a', 'data:,x', 'http://[']) {
    it(`does not follow ${location}`, async () => {
      const server = await serve((_, response) => {
        response.writeHead(302, { location }).end();
      });
      const error = await failure(make().get(server.url, never));
      assert.match(error.message, /no web address/);
    });
  }
});
