import assert from 'node:assert/strict';
import type { LogOutputChannel } from 'vscode';
import { createLog, type Log } from '../../../src/editor/log.ts';

describe('the log', () => {
  let lines: string[];
  let shown: number;
  let log: Log;
  beforeEach(() => {
    lines = [];
    shown = 0;
    const channel = {
      info: (line: string) => lines.push(`info ${line}`),
      error: (line: string) => lines.push(`error ${line}`),
      show: () => (shown += 1),
    };
    log = createLog(channel as unknown as LogOutputChannel);
  });

  const written = (line: string): string => {
    log.info(line);
    return lines.at(-1)!.replace(/^info /, '');
  };

  it('writes ordinary lines as they are', () => {
    const ordinary = [
      'GET https://api.evolink.ai/v1/tasks/task-unified-1 → 200 in 7 ms',
      'Asking for tasks failed (The proxy http://proxy.example:8080 cannot be used)',
      'mail me@example.org about authorization',
      'a task-sk-1 and a mask-of-many',
    ];
    for (const line of ordinary) assert.equal(written(line), line);
  });

  it('breaks nothing when its channel is closed', () => {
    const closed = () => {
      throw new Error('Channel has been closed');
    };
    const closedLog = createLog({ info: closed, error: closed } as unknown as LogOutputChannel);
    closedLog.info('a');
    closedLog.error('b');
  });

  it('writes information and errors each as such, and can be shown', () => {
    log.info('a');
    log.error('b');
    log.show();
    assert.deepEqual([lines, shown], [['info a', 'error b'], 1]);
  });

  it('leaves out every text it was told to hide, wherever it appears', () => {
    log.hide('an odd key');
    log.hide('another.(key)');
    assert.equal(
      written('an odd key, "an odd key" and another.(key)'),
      '[secret], "[secret]" and [secret]',
    );
    log.error('an odd key');
    assert.equal(lines.at(-1), 'error [secret]');
  });

  const key = 'sk-Odd+key/of=mine&1234';
  const spelt = (spell: (char: string) => string) => Array.from(key, spell).join('');
  const hexOf = (char: string) => char.charCodeAt(0).toString(16);
  const spellings: [string, string][] = [
    ['in capitals', key.toUpperCase()],
    ['escaped for JSON', spelt((char) => `\\u00${hexOf(char)}`)],
    ['escaped for an address', encodeURIComponent(key)],
    ['escaped for an address, all of it', spelt((char) => `%${hexOf(char)}`)],
    ['escaped for a page', spelt((char) => `&#x${hexOf(char)};`)],
    ['in base64', Buffer.from(`Bearer ${key}`).toString('base64')],
    ['in base64 for addresses', Buffer.from(`a:${key}`).toString('base64url')],
    ['in hexadecimal digits', Buffer.from(key).toString('hex')],
    ['backwards', Array.from(key).reverse().join('')],
  ];
  for (const [how, spelling] of spellings)
    it(`leaves out a secret ${how}, also at the end of what it reads`, () => {
      log.hide(key);
      // The rest of an address is left out, so that what stands far behind moves into view.
      const address = (chars: number) => `https://cdn.example/a?${'s'.repeat(chars)}`;
      for (let cut = 0; cut < 200; cut += 13)
        for (const line of [`GET x ${spelling} failed`, `${address(15_970 - cut)} ${spelling} x`]) {
          const text = written(line);
          for (let at = 0; at + 12 <= spelling.length; at += 1)
            assert.ok(!text.includes(spelling.slice(at, at + 12)), text.slice(0, 200));
        }
    });

  it('hides nothing when it is told to hide nothing', () => {
    log.hide('');
    assert.equal(written('abc'), 'abc');
  });

  it('hides a secret that holds another', () => {
    log.hide('key-1');
    log.hide('key-1-of-mine');
    assert.doesNotMatch(written('key-1-of-mine'), /mine/);
  });

  const secret = 'Sup3r.secret~+/=-x';
  const lineShapes: [string, string][] = [
    ['a key by its form', `key sk-abc_DEF-123456 used`],
    ['a bearer token', `Bearer ${secret}`],
    ['a bearer token in small letters', `the bearer ${secret} was refused`],
    ['a header', `authorization: Bearer ${secret}`],
    ['a header in capitals', `AUTHORIZATION: BEARER ${secret}`],
    ['a header as JSON', `{"authorization":"Bearer ${secret}","a":1}`],
    ['a header as an object', `{ authorization: 'Bearer ${secret}' }`],
    ['a header without a scheme', `authorization=${secret}`],
    ['a header of another scheme', `authorization: Negotiate ${secret}`],
    ['a proxy’s header', `Proxy-Authorization: Basic ${secret}`],
    ['a proxy’s header as JSON', `{"proxy-authorization": "Basic ${secret}"}`],
    ['a proxy’s header of another scheme', `Proxy-Authorization: Digest ${secret}`],
    ['a proxy’s address', `http://me:${encodeURIComponent(secret)}@proxy.example:8080`],
    ['a proxy’s address with an @ in it', `http://me:Sup3r@secret@proxy.example:8080`],
    ['an address with no password', `https://Sup3rsecret@proxy.example`],
  ];
  for (const [what, line] of lineShapes) {
    it(`leaves out ${what}`, () => {
      const text = written(line);
      assert.match(text, /\[secret\]/);
      assert.doesNotMatch(text, /Sup3r|secret~|secret@|abc_DEF/);
    });
  }

  it('lets no text look like another entry', () => {
    const forged = '2026-01-01 00:00:00.000 [info] All is well';
    for (const end of ['\n', '\r', '\r\n', '\u2028', '\u2029', '\u0085', '\v', '\f', '\n\n\r'])
      assert.equal(written(`refused: x${end}${forged}`), `refused: x\n  | ${forged}`);
    assert.equal(written('Error: x\n    at a (b.ts:1)'), 'Error: x\n  |     at a (b.ts:1)');
    assert.equal(written('a\u001b[2J\u0000\u0008b\u202ec\u2066\td'), 'a[2Jbc\td');
  });

  it('leaves out the query of an address, which may be signed', () => {
    assert.equal(
      written('fetching "https://cdn.example/a.png?X-Amz-Signature=abc&b=c" failed'),
      'fetching "https://cdn.example/a.png?…" failed',
    );
    assert.equal(
      written('HTTPS://cdn.example/a?sig=abc#d and http://cdn.example/b#sig=abc.'),
      'HTTPS://cdn.example/a?… and http://cdn.example/b?…',
    );
  });

  it('cuts what is long, but not before a secret is found in it', () => {
    assert.equal(written('x'.repeat(4_001)), `${'x'.repeat(4_000)}…`);
    log.hide('an odd key');
    const beforeLimit = 'x'.repeat(3_995);
    assert.equal(written(`${beforeLimit} an odd key`), `${beforeLimit} [sec…`);
    assert.doesNotMatch(written(`${beforeLimit} sk-abc_DEF-123456`), /sk-/);
    assert.doesNotMatch(written(`${beforeLimit} http://me:Sup3r@proxy.example`), /me:/);
  });

  it('writes a huge line at once', () => {
    const parts = [
      'https://',
      '://',
      'authorization ',
      'authorization:',
      'bearer ',
      '\n',
      ' ',
      'sk-',
    ];
    for (const part of parts) {
      const startedMs = performance.now();
      written(part.repeat(80_000 / part.length));
      const tookMs = performance.now() - startedMs;
      assert.ok(tookMs < 50, `${part}: ${String(tookMs)} ms`);
    }
  });

  it('keeps what stands around a secret', () => {
    assert.equal(
      written('via http://me:pw@proxy.example:8080 to https://api.evolink.ai/a'),
      'via http://[secret]@proxy.example:8080 to https://api.evolink.ai/a',
    );
    assert.equal(written('{"authorization":"Bearer x","status":401}'), '{"[secret]","status":401}');
  });
});
