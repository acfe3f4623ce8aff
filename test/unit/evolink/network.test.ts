import assert from 'node:assert/strict';
import { request } from 'undici';
import {
  bypassList,
  createDispatcher,
  type NetworkSettings,
  proxiesOf,
  type ProxyEnvironment,
  withoutPassword,
} from '../../../src/evolink/network.ts';
import { toNetworkError } from '../../../src/evolink/networkErrors.ts';
import { answerJson, startServer, type TestServer } from './httpServer.ts';
import { direct } from './setup.ts';

const ofSetting = 'http://setting.example:1';
const ofHttp = 'http://plain.example:2';
const ofHttps = 'http://safe.example:3';

describe('the proxies that apply', () => {
  const none = { http: undefined, https: undefined };
  const cases: [string, Partial<NetworkSettings>, ProxyEnvironment, object][] = [
    ['none without any', {}, {}, none],
    ['the setting, for both', { proxy: ofSetting }, {}, { http: ofSetting, https: ofSetting }],
    [
      'the setting before the environment',
      { proxy: ofSetting },
      { http_proxy: ofHttp, HTTPS_PROXY: ofHttps },
      { http: ofSetting, https: ofSetting },
    ],
    [
      'each variable for its own',
      {},
      { http_proxy: ofHttp, https_proxy: ofHttps },
      { http: ofHttp, https: ofHttps },
    ],
    [
      'variables in capitals',
      {},
      { HTTP_PROXY: ofHttp, HTTPS_PROXY: ofHttps },
      { http: ofHttp, https: ofHttps },
    ],
    [
      'small letters before capitals',
      {},
      { http_proxy: ofHttp, HTTP_PROXY: 'http://no.example' },
      { http: ofHttp, https: ofHttp },
    ],
    [
      'the one for http also for https',
      {},
      { HTTP_PROXY: ofHttp },
      { http: ofHttp, https: ofHttp },
    ],
    ['only https', {}, { HTTPS_PROXY: ofHttps }, { http: undefined, https: ofHttps }],
    ['none for empty variables', {}, { http_proxy: '', HTTPS_PROXY: '' }, none],
    [
      'a variable without a scheme as http',
      {},
      { http_proxy: 'plain.example:2', https_proxy: 'me:pw@safe.example:3' },
      { http: ofHttp, https: 'http://me:pw@safe.example:3' },
    ],
    [
      'none when proxies are off',
      { isProxyEnabled: false, proxy: ofSetting },
      { http_proxy: ofHttp, https_proxy: ofHttps },
      none,
    ],
  ];
  for (const [what, network, env, expected] of cases) {
    it(`are ${what}`, () => {
      assert.deepEqual(proxiesOf({ ...direct, ...network }, env), expected);
    });
  }
});

describe('a proxy told to people', () => {
  const cases: [string, string][] = [
    ['http://proxy.example:8080', 'http://proxy.example:8080'],
    ['http://me:secret@proxy.example:8080/', 'http://proxy.example:8080'],
    ['https://me@proxy.example', 'https://proxy.example'],
    ['http://me:sec%40ret@[::1]:8080', 'http://[::1]:8080'],
    ['http://proxy.example/path?password=secret', 'http://proxy.example'],
    ['http://me:sec ret@pro xy', 'pro xy'],
    ['http://me:secret@[', '['],
  ];
  for (const [proxy, told] of cases) {
    it(`is ${told} for ${proxy}`, () => {
      assert.equal(withoutPassword(proxy), told);
    });
  }
});

describe('hosts to go to directly', () => {
  const cases: [string[], string][] = [
    [[], ''],
    [['evolink.ai'], 'evolink.ai,.evolink.ai'],
    [['.evolink.ai', '*.example'], '.evolink.ai,*.example'],
    [['localhost:3000'], 'localhost:3000,.localhost:3000'],
    [['evolink.ai', '*'], '*'],
  ];
  for (const [noProxy, expected] of cases) {
    it(`of ${JSON.stringify(noProxy)} are "${expected}"`, () => {
      assert.equal(bypassList(noProxy), expected);
    });
  }
});

describe('the way to the network', () => {
  const limits = { connectMs: 30_000, headersMs: 60, bodyIdleMs: 60 };
  const variables = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const;
  const inherited = Object.fromEntries(
    variables.flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]]],
    ),
  );
  let server: TestServer;
  let proxy: TestServer;

  beforeEach(async () => {
    server = await startServer((seen, response) => {
      if (seen.path === '/silent') return;
      if (seen.path === '/stuck') response.writeHead(200).write('{');
      else answerJson(response, 'straight');
    });
    proxy = await startServer((_, response) => answerJson(response, 'by proxy'));
  });
  afterEach(async () => {
    for (const name of variables) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, inherited);
    await Promise.all([server.close(), proxy.close()]);
  });

  async function proxyRequests(
    network: Partial<NetworkSettings>,
    env: ProxyEnvironment = {},
  ): Promise<TestServer['seen']> {
    const dispatcher = await createDispatcher({ ...direct, ...network }, env, limits);
    const answer = await request(server.url, {
      dispatcher,
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
    });
    await answer.body.dump();
    await dispatcher.destroy();
    return proxy.seen;
  }

  it('is straight when no proxy is set, whatever this process’s own environment says', async () => {
    for (const name of variables) process.env[name] = proxy.url;
    assert.equal((await proxyRequests({})).length, 0);
    assert.equal((await proxyRequests({}, { HTTPS_PROXY: proxy.url })).length, 0);
    assert.equal(server.seen.length, 2);
  });

  it('goes through the proxy of the setting, and of the environment', async () => {
    assert.equal((await proxyRequests({ proxy: proxy.url })).length, 1);
    assert.equal((await proxyRequests({}, { HTTP_PROXY: proxy.url })).length, 2);
  });

  for (const entry of ['127.0.0.1', '*']) {
    it(`goes past the proxy for ${entry}`, async () => {
      const noProxy = ['example.org', entry];
      assert.equal((await proxyRequests({ proxy: proxy.url, noProxy })).length, 0);
    });
  }

  it('goes through the proxy for hosts that noProxy does not name', async () => {
    assert.equal((await proxyRequests({ proxy: proxy.url, noProxy: ['27.0.0.1'] })).length, 1);
  });

  it('shows the proxy its password, from the setting or its address', async () => {
    const proxyAuthorization = 'Basic b2Y6c2V0dGluZw==';
    const [first] = await proxyRequests({ proxy: proxy.url, proxyAuthorization });
    assert.equal(first?.headers['proxy-authorization'], proxyAuthorization);
    const withUser = proxy.url.replace('//', '//me:sec%40ret@');
    const [, second] = await proxyRequests({ proxy: withUser });
    const basic = `Basic ${Buffer.from('me:sec@ret').toString('base64')}`;
    assert.equal(second?.headers['proxy-authorization'], basic);
  });

  it('does not show the server the proxy’s password', async () => {
    await proxyRequests({ proxy: proxy.url, proxyAuthorization: 'Basic abc' });
    for (const { headers } of server.seen) assert.equal(headers['proxy-authorization'], undefined);
  });

  for (const path of ['/silent', '/stuck']) {
    it(`has an end when the answer is ${path.slice(1)}`, async () => {
      const dispatcher = await createDispatcher(direct, {}, limits);
      const work = async () => {
        const { body } = await request(`${server.url}${path}`, { dispatcher });
        await body.text();
      };
      const thrown: unknown = await work().catch((reason: unknown) => reason);
      await dispatcher.destroy();
      const error = toNetworkError(thrown, undefined);
      assert.deepEqual([error.code, error.details.sent], ['timeout', 'maybe']);
    });
  }
});
