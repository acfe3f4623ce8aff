import assert from 'node:assert/strict';
import { isExempt } from '../../../src/evolink/noProxy.ts';

describe('what is gone to without a proxy', () => {
  const exempt: [string, string][] = [
    ['*', 'https://anything.example/'],
    ['evolink.ai', 'https://evolink.ai/'],
    ['evolink.ai', 'https://api.evolink.ai/v1'],
    ['EVOLINK.AI', 'https://api.evolink.ai/v1'],
    [' .corp ', 'https://files.corp/'],
    ['.corp', 'https://corp/'],
    ['*.corp', 'https://a.b.corp/'],
    ['corp.', 'https://a.corp./'],
    ['https://a.corp', 'https://a.corp/'],
    ['a.corp:443', 'https://a.corp/'],
    ['a.corp:8080', 'http://a.corp:8080/'],
    ['10.0.0.0/8', 'https://10.20.30.40/'],
    ['10.1.2.3', 'https://10.1.2.3:8443/'],
    ['10.1.2.3:8443', 'https://10.1.2.3:8443/'],
    ['192.168.*', 'https://192.168.7.7/'],
    ['::1', 'https://[::1]:8443/'],
    ['[::1]:8443', 'https://[::1]:8443/'],
    ['[::1]', 'https://[0:0:0:0:0:0:0:1]/'],
    ['fd00::/8', 'https://[fd12::1]/'],
    ['[fd00::]/8', 'https://[fd12::1]/'],
    ['10.0.0.0/8', 'https://[::ffff:10.1.2.3]/'],
    ['狐.example', 'https://狐.example/'],
  ];
  for (const [entry, url] of exempt)
    it(`is ${url} for ${entry}`, () => {
      assert.equal(isExempt(url, ['else.example', entry]), true);
    });

  const others: [string, string][] = [
    ['', 'https://evolink.ai/'],
    ['.', 'https://evolink.ai/'],
    ['link.ai', 'https://evolink.ai/'],
    ['evolink.ai.example', 'https://evolink.ai/'],
    ['evolink.ai:80', 'https://evolink.ai/'],
    ['10.0.0.0/8', 'https://11.0.0.1/'],
    ['10.0.0.0/8', 'https://10.example/'],
    ['10.0.0.0/99', 'https://10.0.0.1/'],
    ['10.*', 'https://10.example/'],
    ['0.0.0.0/0', 'https://[2001:db8::1]/'],
    ['::1', 'https://[::2]/'],
    ['0.0.1', 'https://127.0.0.1/'],
  ];
  for (const [entry, url] of others)
    it(`is not ${url} for ${entry === '' ? 'nothing' : entry}`, () => {
      assert.equal(isExempt(url, ['else.example', entry]), false);
    });
});
