import assert from 'node:assert/strict';
import { parseTask } from '../../../src/evolink/schema.ts';
import { isWebUrl } from '../../../src/evolink/webUrl.ts';

describe('a web address', () => {
  it('begins with http:// or https://, in any letters, and has a host', () => {
    for (const url of ['http://a', 'HTTPS://a.b/c d.png?e=f%2Bg', 'https://[::1]:8/x'])
      assert.ok(isWebUrl(url), url);
  });

  it('is nothing else', () => {
    for (const text of [
      '',
      'https',
      'https:a.png',
      'https://',
      ' https://a',
      'file:///a',
      '/a.png',
    ])
      assert.ok(!isWebUrl(text), text);
  });

  it('is found in an answer that surrounds it with blanks: the image behind it is paid', () => {
    const { resultUrls } = parseTask({ id: 't', status: 'completed', results: [' https://a/b\n'] });
    assert.deepEqual(resultUrls, ['https://a/b']);
  });
});
