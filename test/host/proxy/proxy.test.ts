import { strict as assert } from 'node:assert';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { activated, generate, offlineApi, setKey, withSettings } from '../hostContext.ts';

/** What test/host/run.ts says of the proxies it started. */
interface Proxies {
  open: string;
  closed: string;
  withPassword: string;
  authorization: string;
  stopped: string;
  /** What the extension host has in its environment. */
  environment: 'none' | 'open';
}

/** One line for each tunnel through a proxy, kept in a file the launcher fills. */
async function tunnels(): Promise<Record<'open' | 'closed', string[]>> {
  const response = await fetch(`${process.env['IMAGE_STUDIO_TEST_LAUNCHER'] ?? ''}/tunnels`);
  return (await response.json()) as Record<'open' | 'closed', string[]>;
}

describe('through a proxy, over TLS behind a private authority', () => {
  const proxies = JSON.parse(process.env['IMAGE_STUDIO_TEST_PROXIES'] ?? '{}') as Proxies;
  let api: OfflineApi;

  before(async () => {
    api = await offlineApi();
    await activated();
    await setKey(api.key);
  });

  const draw = (prompt: string) => generate({ prompt, open: false });

  async function tunnelsDuring(which: 'open' | 'closed', work: () => Promise<unknown>) {
    const before = (await tunnels())[which].length;
    await work();
    return (await tunnels())[which].slice(before);
  }

  if (proxies.environment === 'open') {
    it('draws through the proxy of the environment', async () => {
      const used = await tunnelsDuring('open', async () =>
        assert.deepEqual((await draw('by environment')).failures, []),
      );
      assert(used.length > 0);
    });

    it('passes it by when proxies are switched off', async () => {
      const used = await tunnelsDuring('open', () =>
        withSettings('http', { proxySupport: 'off' }, async () =>
          assert.deepEqual((await draw('switched off')).failures, []),
        ),
      );
      assert.deepEqual(used, []);
    });
    return;
  }

  it('draws through the proxy of the settings', async () => {
    const used = await tunnelsDuring('open', () =>
      withSettings('http', { proxy: proxies.open }, async () =>
        assert.deepEqual((await draw('by setting')).failures, []),
      ),
    );
    const { host } = new URL(api.urls.api);
    assert(used.includes(host), `no tunnel to ${host} in ${used.join(', ')}`);
  });

  it('passes it by for a host of noProxy', async () => {
    const used = await tunnelsDuring('open', () =>
      withSettings('http', { proxy: proxies.open, noProxy: ['127.0.0.1'] }, async () =>
        assert.deepEqual((await draw('past the proxy')).failures, []),
      ),
    );
    assert.deepEqual(used, []);
  });

  it('gives the password in the address of the proxy', async () => {
    const used = await tunnelsDuring('closed', () =>
      withSettings('http', { proxy: proxies.withPassword }, async () =>
        assert.deepEqual((await draw('with password')).failures, []),
      ),
    );
    assert(used.length > 0);
  });

  it('gives the password of proxyAuthorization', async () => {
    const settings = { proxy: proxies.closed, proxyAuthorization: proxies.authorization };
    const used = await tunnelsDuring('closed', () =>
      withSettings('http', settings, async () =>
        assert.deepEqual((await draw('with authorization')).failures, []),
      ),
    );
    assert(used.length > 0);
  });

  it('says that the proxy is at fault when it wants a password', async () => {
    await withSettings('http', { proxy: proxies.closed }, async () => {
      const { failures } = await draw('without password');
      assert.equal(failures[0]?.code, 'network');
      assert.match(failures[0].message, /proxy .* is at fault/i);
    });
  });

  it('says that the proxy is at fault when it is not there', async () => {
    await withSettings('http', { proxy: proxies.stopped }, async () => {
      const { failures } = await draw('no proxy there');
      assert.equal(failures[0]?.code, 'network');
      assert.match(failures[0].message, new RegExp(`proxy ${proxies.stopped} is at fault`));
    });
  });

  it('says so when the certificate is not trusted', async () => {
    await withSettings('http', { systemCertificates: false }, async () => {
      const { failures } = await draw('who are you');
      assert.equal(failures[0]?.code, 'network');
      assert.match(failures[0].message, /certificate/);
    });
  });

  it('draws what waited for the way to be open, once each', async () => {
    const waited = ['without password', 'no proxy there', 'who are you'];
    const drawn = async () => {
      const prompts = (await api.tasks()).map((task) => task.prompt);
      return waited.map((prompt) => prompts.filter((each) => each === prompt).length);
    };
    while ((await drawn()).includes(0)) await new Promise((resolve) => setTimeout(resolve, 200));
    assert.deepEqual(await drawn(), [1, 1, 1]);
  });
});
