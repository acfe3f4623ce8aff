import assert from 'node:assert/strict';
import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';
import {
  createResultAddresses,
  isPublicAddress,
  ResultAddressError,
} from '../../../src/evolink/resultAddress.ts';
import { createTransport, type Transport } from '../../../src/evolink/transport.ts';
import type { NetworkSettings } from '../../../src/evolink/network.ts';
import { answerJson, startServer, type TestServer } from './httpServer.ts';
import { direct, failure, never } from './setup.ts';

const provider = ['https://api.example.com', 'https://files.example.com'];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function make(baseUrls: readonly string[], network: NetworkSettings = direct): Transport {
  const transport = createTransport({
    baseUrls: () => baseUrls,
    network: () => network,
    env: {},
    userAgent: 'image-studio-test/1',
  });
  closing.unshift(() => transport.close());
  return transport;
}

async function serve(handler: Parameters<typeof startServer>[0]): Promise<TestServer> {
  const server = await startServer(handler);
  closing.push(() => server.close());
  return server;
}

/** Makes every host but the API's be found at these addresses, until the test ends. */
function resolveAllTo(...addresses: string[]): void {
  resolve({ api: ['8.8.4.4'], others: addresses });
}

function resolve({ api, others }: { api: string[]; others: string[] }): void {
  const { lookup } = dns;
  const found = (addresses: string[]) =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const look = (host: string) =>
    Promise.resolve(found(host === new URL(provider[0]!).hostname ? api : others));
  dns.lookup = look as unknown as typeof dns.lookup;
  syncBuiltinESMExports();
  closing.push(() => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
    return Promise.resolve();
  });
}

/** One address of each kind that no host of the Internet has, in many spellings. */
const privateHosts = [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'anything.localhost',
  'router',
  'intranet.',
  '127.0.0.1',
  '127.1',
  '0x7f.1',
  '2130706433',
  '017700000001',
  '①②⑦.0.0.1',
  '0.0.0.0',
  '0',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '240.0.0.1',
  '192.0.2.1',
  '169.254.169.254.',
  '0251.0376.0251.0376',
  '0xa9fea9fe',
  '[::]',
  '[::1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:a9fe:a9fe]',
  '[::ffff:0:10.0.0.1]',
  '[64:ff9b::a00:1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::c0a8:1]',
  '[::ffff:100.64.0.1]',
  '[2002:a00:1::1]',
  '[2002:7f00:1::]',
  '[2001::1]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fec0::1]',
  '[ff02::1]',
];

const publicHosts = [
  'files.example.org',
  'example.org.',
  '8.8.8.8',
  '172.32.0.1',
  '[2606:4700::1111]',
  // What networks without IPv4 make of it.
  '[64:ff9b::808:808]',
  // What VPN programs make of every name.
  '198.18.0.7',
];

describe('the address of a result', () => {
  const { check } = createResultAddresses(() => provider);

  for (const host of privateHosts)
    it(`may not lead to ${host}`, () => {
      assert.throws(() => {
        check(`https://${host}/image.png`);
      }, ResultAddressError);
    });

  for (const host of publicHosts)
    it(`may lead to ${host}`, () => {
      check(`https://${host}/image.png?sig=1`);
    });

  it('is https, and has no user name', () => {
    for (const url of [
      'http://files.example.org/a.png',
      'ftp://files.example.org/a.png',
      'https://user@files.example.org/a.png',
      'https://:secret@files.example.org/a.png',
      'https://api.example.com@files.example.org/a.png',
    ])
      assert.throws(() => {
        check(url);
      }, ResultAddressError);
  });

  it('may be on this machine when the API is, and nowhere else in its network', () => {
    for (const base of ['http://localhost:8080', 'http://127.0.0.1:8080', 'https://[::1]:8080']) {
      const addresses = createResultAddresses(() => [base]);
      addresses.check('http://127.0.0.1:9999/a.png');
      addresses.check('http://localhost:9999/a.png');
      for (const url of ['http://192.168.0.1/a.png', 'https://192.168.0.1/a.png'])
        assert.throws(() => {
          addresses.check(url);
        }, ResultAddressError);
    }
  });

  it('may be where the API itself is, in a network of one’s own', () => {
    const addresses = createResultAddresses(() => ['https://images.corp:8443']);
    addresses.check('https://images.corp:8443/a.png');
    assert.throws(() => {
      addresses.check('http://images.corp:8443/a.png');
    }, ResultAddressError);
  });

  it('trusts nothing for a setting that is no address', () => {
    const addresses = createResultAddresses(() => ['', 'localhost']);
    assert.throws(() => {
      addresses.check('http://localhost/a.png');
    }, ResultAddressError);
  });
});

describe('fetching a result', () => {
  it('asks no server of the user’s own', async () => {
    const server = await serve((_, response) => answerJson(response, {}));
    const error = await failure(make(provider).get(`${server.url}/admin?reboot=1`, never));
    assert.equal(error.name, 'ResultAddressError');
    assert.equal(server.seen.length, 0);
  });

  for (const target of [
    'http://10.0.0.1/',
    'https://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    '//192.168.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://user@files.example.org/',
    'http://files.example.org/',
  ])
    it(`follows no redirect to ${target}`, async () => {
      const server = await serve((_, response) => {
        response.writeHead(302, { location: target }).end();
      });
      const error = await failure(make([server.url]).get(`${server.url}/a.png`, never));
      assert.equal(error.name, 'ResultAddressError');
      assert.equal(server.seen.length, 1);
    });

  it('follows no redirect from https to http, be it on a host that is trusted', () => {
    const { check } = createResultAddresses(() => ['http://localhost:1', 'https://localhost:2']);
    assert.throws(() => {
      check('http://localhost:1/', 'https://localhost:2/');
    }, ResultAddressError);
    check('https://localhost:2/', 'http://localhost:1/');
  });

  it('connects to no private address that a public name is found at', async () => {
    const server = await serve((_, response) => answerJson(response, {}));
    const { port } = new URL(server.url);
    resolveAllTo('127.0.0.1', '::1', '10.0.0.1');
    const error = await failure(make(provider).get(`https://files.example.org:${port}/`, never));
    assert.equal(error.name, 'ResultAddressError');
    assert.equal(server.connections, 0);
  });

  it('takes of several addresses those that are public', async () => {
    const { lookup } = createResultAddresses(() => provider);
    resolveAllTo('10.0.0.1', '8.8.8.8', 'fe80::1', '2606:4700::1111');
    const all = await new Promise((resolve) => {
      lookup('files.example.org', { all: true }, (_, found) => {
        resolve(found);
      });
    });
    assert.deepEqual(all, [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it('asks no proxy for a name that is found in a private network', async () => {
    const proxy = await serve((_, response) => answerJson(response, {}));
    resolveAllTo('192.168.0.1');
    const transport = make(provider, { ...direct, proxy: proxy.url });
    const error = await failure(transport.get('https://files.example.org/', never));
    assert.equal(error.name, 'ResultAddressError');
    assert.equal(proxy.connections, 0);
  });

  it('lets the editor connect only where every address is public', async () => {
    resolveAllTo('8.8.8.8', '10.0.0.1');
    const { checkResolved } = createResultAddresses(() => provider);
    await checkResolved('https://files.example.org/', 'some');
    await assert.rejects(checkResolved('https://files.example.org/', 'every'), ResultAddressError);
  });

  it('trusts special addresses of the kind that the API itself is reached by', async () => {
    const { checkResolved } = createResultAddresses(() => provider);
    for (const [api, other] of [
      ['100.64.3.4', '100.65.0.1'],
      ['127.8.0.1', '127.8.0.9'],
      ['fc00::7', 'fc00::9'],
      ['240.0.0.7', '240.0.0.9'],
      ['10.0.0.5', '10.0.0.5'],
    ] as const) {
      resolve({ api: [api], others: [other] });
      await checkResolved('https://files.example.org/', 'every');
      resolve({ api: [api, '8.8.4.4'], others: [other] });
      await assert.rejects(checkResolved('https://files.example.org/', 'some'), ResultAddressError);
      resolve({ api: [api], others: ['169.254.169.254'] });
      await assert.rejects(checkResolved('https://files.example.org/', 'some'), ResultAddressError);
    }
  });

  it('leaves a name that is found nowhere to the proxy', async () => {
    const proxy = await serve((_, response) => answerJson(response, {}));
    resolveAllTo();
    const transport = make(provider, { ...direct, proxy: proxy.url });
    const error = await failure(transport.get('https://files.example.org/', never));
    assert.equal(error.details.proxy, proxy.url);
    assert.ok(proxy.connections > 0);
  });
});

describe('whether a host of the Internet can have an address', () => {
  it('is not so of what is no address', () => {
    for (const text of ['', 'example.org', '999.1.1.1', '::ffff:999.1.1.1', 'fe80::1%eth0'])
      assert.equal(isPublicAddress(text), false, text);
  });
});
