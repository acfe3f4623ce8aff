import assert from 'node:assert/strict';
import { EvolinkError } from '../../../src/evolink/errors.ts';
import { toNetworkError, wasNothingSent } from '../../../src/evolink/networkErrors.ts';

function coded(code: string, message = code.toLowerCase(), more: object = {}): Error {
  return Object.assign(new Error(message), { code }, more);
}

/** As `fetch` tells of what happened below it. */
function wrapped(cause: unknown): Error {
  return new TypeError('fetch failed', { cause });
}

const proxy = 'http://proxy.example:8080';
const unsent = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
];
const perhapsSent = [
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
];

describe('a failed exchange', () => {
  for (const code of unsent) {
    it(`sent nothing when it failed with ${code}, however deep that lies`, () => {
      const error = coded(code);
      for (const thrown of [
        error,
        wrapped(error),
        new AggregateError([error]),
        wrapped(wrapped(error)),
      ]) {
        assert.equal(wasNothingSent(thrown), true);
        assert.equal(toNetworkError(thrown, undefined).details.sent, 'no');
      }
    });
  }

  for (const code of perhapsSent) {
    it(`may have sent something when it failed with ${code}`, () => {
      assert.equal(wasNothingSent(wrapped(coded(code))), false);
      assert.equal(toNetworkError(coded(code), undefined).details.sent, 'maybe');
    });
  }

  const ofSystem = [...unsent, ...perhapsSent].filter(
    (code) => /^E[A-Z]+/.test(code) && !code.startsWith('ERR_'),
  );
  for (const code of ofSystem)
    for (const syscall of ['read', 'write', 'writev'])
      it(`may have sent something when it was ${syscall} that failed with ${code}`, () => {
        const error = coded(code, `${syscall} ${code}`, { syscall });
        for (const thrown of [
          error,
          wrapped(error),
          coded(code, 'told on', { cause: error }),
          new AggregateError([coded('ECONNREFUSED', 'x', { syscall: 'connect' }), error]),
        ]) {
          assert.equal(wasNothingSent(thrown), false);
          assert.equal(toNetworkError(thrown, undefined).details.sent, 'maybe');
          // A proxy whose name stands in the words is not at fault either.
          assert.equal(toNetworkError(thrown, `http://${syscall}:80`).details.sent, 'maybe');
        }
      });

  it('sent nothing when it was connecting that failed, at one address or several', () => {
    const refused = coded('ECONNREFUSED', 'x', { syscall: 'connect' });
    const slow = coded('ETIMEDOUT', 'x', { syscall: 'connect' });
    const unknown = coded('EAI_AGAIN', 'x', { syscall: 'getaddrinfo' });
    for (const thrown of [refused, unknown, wrapped(new AggregateError([slow, refused]))])
      assert.equal(wasNothingSent(thrown), true);
  });

  it('sent nothing when the handshake failed', () => {
    const ended = coded(
      'ECONNRESET',
      'Client network socket disconnected before secure TLS connection was established',
    );
    for (const thrown of [ended, wrapped(ended)]) {
      assert.equal(wasNothingSent(thrown), true);
      assert.equal(toNetworkError(thrown, undefined).details.sent, 'no');
    }
    for (const thrown of [coded('ECONNRESET'), coded('ERR_SSL_WRONG_VERSION_NUMBER')])
      assert.equal(wasNothingSent(thrown), false);
  });

  it('may have sent something when nothing is known', () => {
    for (const thrown of [new Error('x'), 'text', undefined, null, { code: 'ECONNREFUSED' }])
      assert.equal(wasNothingSent(thrown), false);
  });

  it('is a timeout when time was the matter', () => {
    for (const code of [
      'UND_ERR_HEADERS_TIMEOUT',
      'UND_ERR_BODY_TIMEOUT',
      'UND_ERR_CONNECT_TIMEOUT',
      'ETIMEDOUT',
    ])
      assert.equal(toNetworkError(wrapped(coded(code)), undefined).code, 'timeout');
  });

  it('names the certificate when that was the matter', () => {
    for (const code of ['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN']) {
      const error = toNetworkError(coded(code), undefined);
      assert.equal(error.code, 'network');
      assert.match(error.message, new RegExp(`certificate.*${code}`));
    }
  });

  it('tells the innermost code, else the outermost words', () => {
    const deep = wrapped(coded('UND_ERR_SOCKET', 'other side closed', { cause: coded('EPIPE') }));
    assert.match(toNetworkError(deep, undefined).message, /\(EPIPE\)/);
    assert.match(toNetworkError(new Error('odd'), undefined).message, /\(odd\)/);
    assert.match(toNetworkError('text', undefined).message, /\(text\)/);
  });

  it('stays itself when it is one of ours', () => {
    const error = new EvolinkError('cancelled', 'x');
    assert.equal(toNetworkError(error, proxy), error);
  });
});

describe('a failed exchange through a proxy', () => {
  const cases: [string, unknown, boolean][] = [
    [
      'the proxy refused the tunnel',
      new Error('Proxy response (407) !== 200 when HTTP Tunneling'),
      true,
    ],
    ['its name is not known', coded('ENOTFOUND', 'x', { hostname: 'proxy.example' }), true],
    ['it refused the connection', coded('ECONNREFUSED', 'x', { port: 8080 }), true],
    [
      'it could not be reached in time',
      coded('UND_ERR_CONNECT_TIMEOUT', 'proxy.example:8080'),
      true,
    ],
    ['another name is not known', coded('ENOTFOUND', 'x', { hostname: 'api.example' }), false],
    ['another port refused the connection', coded('ECONNREFUSED', 'x', { port: 443 }), false],
    [
      'another could not be reached in time',
      coded('UND_ERR_CONNECT_TIMEOUT', 'api.example'),
      false,
    ],
    ['the connection broke', coded('ECONNRESET', 'proxy.example', { port: 8080 }), false],
  ];
  for (const [what, thrown, isItsFault] of cases) {
    it(`is ${isItsFault ? '' : 'not '}its fault when ${what}`, () => {
      const { code, details, message } = toNetworkError(wrapped(thrown), proxy);
      assert.equal(details.proxy, isItsFault ? proxy : undefined);
      if (!isItsFault) return;
      assert.deepEqual([code, details.sent], ['network', 'no']);
      assert.ok(message.includes(proxy));
    });
  }

  it('knows the usual port of a proxy whose address names none', () => {
    const thrown = coded('ECONNREFUSED', 'x', { port: 80 });
    assert.equal(
      toNetworkError(thrown, 'http://proxy.example').details.proxy,
      'http://proxy.example',
    );
    const safe = coded('ECONNREFUSED', 'x', { port: 443 });
    assert.equal(
      toNetworkError(safe, 'https://proxy.example').details.proxy,
      'https://proxy.example',
    );
  });
});
