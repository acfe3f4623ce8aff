import assert from 'node:assert/strict';
import { parseProxy, withoutPassword } from '../../../src/evolink/proxyAddress.ts';

describe('a proxy told to people', () => {
  const cases: [string, string][] = [
    ['http://proxy.example:8080', 'http://proxy.example:8080'],
    ['http://me:secret@proxy.example:8080/', 'http://proxy.example:8080'],
    ['https://me@proxy.example', 'https://proxy.example'],
    ['http://me:sec%40ret@[::1]:8080', 'http://[::1]:8080'],
    ['http://proxy.example/path?password=secret', 'http://proxy.example'],
    ['http://me:sec ret@pro xy', 'pro xy'],
    ['http://me:secret@[', '['],
    ['http://me:a/b?c#d@proxy.example:8080', 'http://proxy.example:8080'],
    ['http://me:p@ss@proxy.example', 'http://proxy.example'],
    ['socks5h://me:secret@proxy.example:1080', 'socks5h://proxy.example:1080'],
  ];
  for (const [proxy, told] of cases) {
    it(`is ${told} for ${proxy}`, () => {
      assert.equal(withoutPassword(proxy), told);
    });
  }
});

describe('the address of a proxy', () => {
  const addresses: [string, string, string, number, string, string][] = [
    ['http://proxy.example', 'http', 'proxy.example', 80, '', ''],
    ['HTTPS://Proxy.Example', 'https', 'proxy.example', 443, '', ''],
    ['https://proxy.example:80', 'https', 'proxy.example', 80, '', ''],
    ['socks://proxy.example', 'socks5', 'proxy.example', 1080, '', ''],
    ['socks5h://a:b@proxy.example:9050/', 'socks5', 'proxy.example', 9050, 'a', 'b'],
    ['socks4a://proxy.example:80', 'socks4', 'proxy.example', 80, '', ''],
    ['http://[::1]:3128', 'http', '[::1]', 3128, '', ''],
    ['socks5://[::1]:80', 'socks5', '[::1]', 80, '', ''],
    ['http://a:b:c@d@proxy.example:1', 'http', 'proxy.example', 1, 'a', 'b:c@d'],
    ['http://a%40corp:%2525%ZZ@proxy.example', 'http', 'proxy.example', 80, 'a@corp', '%25%ZZ'],
  ];
  for (const [address, kind, hostname, port, user, password] of addresses)
    it(`is read from ${address}`, () => {
      const { url: _, ...parsed } = parseProxy(address);
      assert.deepEqual(parsed, { kind, hostname, port, user, password });
    });

  it('is none without a scheme that a proxy has, or without a host', () => {
    for (const address of ['ftp://a', 'pac+http://a', 'constructor://a', 'http://[', 'http://a b'])
      assert.throws(() => parseProxy(address), TypeError, address);
  });
});
