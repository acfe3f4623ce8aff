import assert from 'node:assert/strict';
import { request } from 'undici';
import {
  createDispatcher,
  type NetworkSettings,
  proxiesOf,
  type ProxyEnvironment,
} from '../../../src/evolink/network.ts';
import { toNetworkError } from '../../../src/evolink/networkErrors.ts';
import { answerJson, startServer, type TestServer } from './httpServer.ts';
import { direct } from './setup.ts';
import { type SocksServer, startSocksServer } from './socksServer.ts';

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
      'the one for all, in either spelling',
      {},
      { ALL_PROXY: 'socks5h://all.example:4' },
      { http: 'socks5h://all.example:4', https: 'socks5h://all.example:4' },
    ],
    [
      'the one for all where there is none of its own',
      {},
      { all_proxy: 'all.example:4', https_proxy: ofHttps },
      { http: 'http://all.example:4', https: ofHttps },
    ],
    [
      'the one for http before the one for all',
      {},
      { all_proxy: 'all.example:4', http_proxy: ofHttp },
      { http: ofHttp, https: ofHttp },
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

  for (const entry of ['127.0.0.1', '*', '127.0.0.0/8', '127.*', 'http://127.0.0.1']) {
    it(`goes past the proxy for ${entry}`, async () => {
      const noProxy = ['example.org', entry];
      assert.equal((await proxyRequests({ proxy: proxy.url, noProxy })).length, 0);
    });
  }

  it('goes through the proxy for hosts that noProxy does not name', async () => {
    const noProxy = ['27.0.0.1', '10.0.0.0/8', '127.0.0.1:1', '::1/128', '', '.'];
    assert.equal((await proxyRequests({ proxy: proxy.url, noProxy })).length, 1);
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

  it('shows the proxy a password of odd signs, escaped or not, and a name alone', async () => {
    const credentials: [string, string][] = [
      ['me:p@ss', 'me:p@ss'],
      ['me:a/b?c#d', 'me:a/b?c#d'],
      ['me:100%', 'me:100%'],
      ['me:a:b', 'me:a:b'],
      ['me:%E7%8B%90', 'me:狐'],
      ['me:狐', 'me:狐'],
      ['corp%5Cme:x', 'corp\\me:x'],
      ['me', 'me:'],
    ];
    for (const [written, meant] of credentials) {
      const seen = await proxyRequests({ proxy: proxy.url.replace('//', `//${written}@`) });
      const basic = `Basic ${Buffer.from(meant).toString('base64')}`;
      assert.equal(seen.at(-1)?.headers['proxy-authorization'], basic, written);
    }
  });

  describe('through SOCKS', () => {
    let socks: SocksServer;
    afterEach(() => socks.close());

    async function draw(proxyUrl: string, url: string): Promise<unknown> {
      const dispatcher = await createDispatcher({ ...direct, proxy: proxyUrl }, {}, limits);
      try {
        const options = { dispatcher, headersTimeout: 30_000, bodyTimeout: 30_000 };
        return await (await request(url, options)).body.json();
      } finally {
        await dispatcher.destroy();
      }
    }

    const port = () => Number(new URL(server.url).port);
    const versions: [string, string][] = [
      ['socks', '5 evolink.example'],
      ['socks5', '5 evolink.example'],
      ['socks5h', '5 evolink.example'],
      ['SOCKS5', '5 evolink.example'],
      ['socks4', '4 @evolink.example'],
      ['socks4a', '4 @evolink.example'],
    ];
    for (const [scheme, asked] of versions)
      it(`goes as ${scheme}, and lets the proxy look up the name`, async () => {
        socks = await startSocksServer(port());
        const proxyUrl = `${scheme}://127.0.0.1:${String(socks.port)}`;
        assert.equal(await draw(proxyUrl, 'http://evolink.example/'), 'straight');
        assert.deepEqual(socks.seen, [`${asked}:80`]);
      });

    it('names addresses as what they are', async () => {
      socks = await startSocksServer(port());
      const at = `127.0.0.1:${String(socks.port)}`;
      await draw(`socks5://${at}`, 'http://10.1.2.3:81/');
      await draw(`socks5://${at}`, 'http://[2001:db8::1]:82/');
      await draw(`socks4://me@${at}`, 'http://10.1.2.3:83/');
      const version6 = '20010db8000000000000000000000001';
      assert.deepEqual(socks.seen, ['5 10.1.2.3:81', `5 ${version6}:82`, '4 me@10.1.2.3:83']);
    });

    it('gives the password', async () => {
      socks = await startSocksServer(port(), { password: 'p@ss#狐' });
      const proxyUrl = `socks5h://me:p@ss#狐@127.0.0.1:${String(socks.port)}`;
      assert.equal(await draw(proxyUrl, 'http://evolink.example/'), 'straight');
      assert.deepEqual(socks.seen, ['5 me:p@ss#狐@evolink.example:80']);
    });

    const faults: [string, { password?: string; status?: number }, string, RegExp][] = [
      ['wants a password', { password: 'x' }, '', /wants a password/],
      ['refuses the password', { password: 'x' }, 'me:y@', /password is refused/],
      ['may not connect', { status: 2 }, '', /rules forbid/],
      ['refuses without a known reason', { status: 77 }, '', /error 77/],
    ];
    for (const [what, options, credentials, words] of faults)
      it(`says that the proxy is at fault when it ${what}, and that nothing was sent`, async () => {
        socks = await startSocksServer(port(), options);
        const at = `127.0.0.1:${String(socks.port)}`;
        const thrown: unknown = await draw(
          `socks5://${credentials}${at}`,
          'http://a.example/',
        ).catch((reason: unknown) => reason);
        const error = toNetworkError(thrown, `socks5://${at}`);
        assert.deepEqual(error.details, { proxy: `socks5://${at}`, sent: 'no' });
        assert.match(error.message, words);
      });

    it('says so when the proxy is another, or is gone', async () => {
      socks = await startSocksServer(port());
      const gone = `127.0.0.1:${String(socks.port)}`;
      for (const at of [new URL(proxy.url).host, gone]) {
        if (at === gone) await socks.close();
        const thrown: unknown = await draw(`socks5://${at}`, 'http://a.example/').catch(
          (reason: unknown) => reason,
        );
        const error = toNetworkError(thrown, `socks5://${at}`);
        assert.deepEqual(error.details, { proxy: `socks5://${at}`, sent: 'no' });
      }
      socks = await startSocksServer(port());
    });
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
