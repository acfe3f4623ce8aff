import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { nodeClientPlatform } from '../../../src/evolink/clientPlatform.ts';
import { keyRedactor } from '../../../src/evolink/keyRedactor.ts';
import { readBody, retryAfterMs } from '../../../src/evolink/readAnswer.ts';
import { failure, never } from './setup.ts';

/** The most processor time between two turns of the event loop, in milliseconds. */
async function longestTurnMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  const state = { isOver: false };
  const watching = (async () => {
    let before = process.cpuUsage();
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const { user, system } = process.cpuUsage(before);
      longest = Math.max(longest, (user + system) / 1000);
      if (state.isOver) return;
      before = process.cpuUsage();
    }
  })();
  await work().finally(() => (state.isOver = true));
  await watching;
  return longest;
}

describe('reading an answer', () => {
  const platform = nodeClientPlatform;
  const read = (body: Readable, signal = never) =>
    readBody({ status: 200, headers: {}, body }, { signal, platform });

  it('gives JSON, and text when it is none', async () => {
    assert.deepEqual(await read(Readable.from([Buffer.from('{"a":'), Buffer.from('1}')])), {
      a: 1,
    });
    assert.equal(await read(Readable.from([Buffer.from('{"a":')])), '{"a":');
    assert.equal(await read(Readable.from([])), '');
  });

  const key = 'sk-0123456789abcdefghijklmnopqrstuvwxyzABCDEF01234';
  const almost = Array.from(key.slice(0, -1), (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  const wholeOf = (unit: string, chars = 980_000) => unit.repeat(chars / unit.length);
  const textsOf = (unit: string) =>
    JSON.stringify(Array.from({ length: 48 }, () => wholeOf(unit, 10_000)));
  const heavy: Record<string, string> = {
    'one text of what is almost the key': JSON.stringify({
      message: wholeOf(almost.join(''), 800_000),
    }),
    'what is almost the key, and no JSON': wholeOf(almost.join('')),
    'many texts of escapes': textsOf('\\'),
    'many texts of percents': textsOf('s%73'),
    'very many fields': `{${Array.from({ length: 60_000 }, (_, at) => `"${String(at)}":"s"`).join()}}`,
    'very many numbers': `[${wholeOf('1,')}1]`,
  };
  for (const [what, text] of Object.entries(heavy))
    it(`lets others work while it takes the key out of ${what}`, async () => {
      const limitMs = 50;
      let leastMs = Number.POSITIVE_INFINITY;
      for (let count = 0; count < 5 && leastMs > limitMs; count += 1)
        leastMs = Math.min(
          leastMs,
          await longestTurnMs(() =>
            readBody(
              { status: 401, headers: {}, body: Readable.from([Buffer.from(text)]) },
              { signal: never, platform, clean: keyRedactor(key) },
            ),
          ),
        );
      assert.ok(leastMs <= limitMs, `${String(leastMs)} ms at once`);
    });

  it('ends when it is no longer wanted, be it in the middle of its work', async () => {
    const leaving = new AbortController();
    const body = Readable.from([Buffer.from(heavy['many texts of escapes']!)]);
    const clean = (given: string) => {
      leaving.abort();
      return given;
    };
    const work = readBody(
      { status: 200, headers: {}, body },
      { signal: leaving.signal, platform, clean },
    );
    assert.equal((await failure(work)).code, 'cancelled');
  });

  it('keeps characters whole that arrive in parts', async () => {
    const bytes = Buffer.from('"狐🦊"');
    const parts = Array.from(bytes, (byte) => Buffer.from([byte]));
    assert.equal(await read(Readable.from(parts)), '狐🦊');
  });

  const json = Buffer.from('{"a":1}');
  const packed: [string, string | undefined, Buffer][] = [
    ['packed by gzip', 'gzip', gzipSync(json)],
    ['packed by gzip without a word', undefined, gzipSync(json)],
    ['packed by brotli', 'br', brotliCompressSync(json)],
    ['packed by deflate', 'deflate', deflateSync(json)],
    ['packed twice', 'gzip, br', brotliCompressSync(gzipSync(json))],
    ['said to be packed, and not', 'gzip', json],
    ['behind a byte order mark', undefined, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), json])],
  ];
  for (const [what, encoding, bytes] of packed) {
    it(`understands what is ${what}`, async () => {
      const headers = { 'content-encoding': encoding };
      const parts = Array.from(bytes, (byte) => Buffer.from([byte]));
      for (const body of [Readable.from([bytes]), Readable.from(parts, { objectMode: false })])
        assert.deepEqual(
          await readBody({ status: 200, headers, body }, { signal: never, platform }),
          {
            a: 1,
          },
        );
    });
  }

  for (const [encoding, pack] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)
    it(`fails, as what was answered and cannot be read, when ${encoding} was cut off or is something else`, async () => {
      const whole = pack(Buffer.from('a'.repeat(10_000)));
      const headers = { 'content-encoding': encoding };
      for (const bytes of [whole.subarray(0, whole.length - 4), Buffer.from('not packed at all')]) {
        const work = readBody(
          { status: 200, headers, body: Readable.from([bytes]) },
          { signal: never, platform },
        );
        const { code, details } = await failure(work);
        assert.deepEqual([code, details], ['server', { sent: 'yes' }]);
      }
    });

  it('fails as a connection does when it breaks off', async () => {
    async function* broken() {
      yield await Promise.resolve(Buffer.from('{'));
      throw Object.assign(new Error('reset'), { code: 'ECONNRESET', syscall: 'read' });
    }
    const { code, details } = await failure(read(Readable.from(broken())));
    assert.deepEqual([code, details.sent], ['network', 'maybe']);
  });

  it('stops at an answer that is too long once it is unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const headers = { 'content-encoding': 'gzip' };
    const error = await failure(
      readBody({ status: 200, headers, body: Readable.from([bomb]) }, { signal: never, platform }),
    );
    assert.match(error.message, /too long/);
    assert.deepEqual([error.code, error.details], ['server', { sent: 'yes' }]);
  });

  it('stops at an answer that is too long', async () => {
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 1;
        yield Buffer.alloc(1024 * 1024);
      }
    }
    const error = await failure(read(Readable.from(endless())));
    assert.match(error.message, /too long/);
    assert.deepEqual([error.code, error.details], ['server', { sent: 'yes' }]);
    assert.ok(given < 40, `${String(given)} MB were read`);
  });
});

describe('an answer that comes in drops', () => {
  it('is given up after three minutes, however long each part may take', async () => {
    let nowMs = 0;
    async function* drops() {
      for (;;) {
        nowMs += 40_000;
        yield Buffer.from(' ');
      }
    }
    const answer = { status: 200, headers: {}, body: Readable.from(drops()) };
    const error = await failure(
      readBody(answer, { signal: never, platform: { monotonicMs: () => nowMs } }),
    );
    assert.deepEqual([error.code, error.details.sent], ['timeout', 'maybe']);
  });
});

describe('Retry-After', () => {
  const nowMs = Date.UTC(2026, 0, 1, 12, 0, 0);
  const of = (value: string | string[] | undefined) =>
    retryAfterMs(
      { status: 429, headers: { 'retry-after': value }, body: Readable.from([]) },
      nowMs,
    );
  const hourMs = 3600_000;
  const cases: [string | string[] | undefined, number | undefined][] = [
    ['7', 7000],
    ['0', 0],
    ['1.5', 1500],
    [' 7 ', 7000],
    [['7', '9'], 7000],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 12:00:30 GMT', 30_000],
    ['2026-01-01T12:00:30Z', 30_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
    // A timer of Node's that is to run longer than 24 days runs at once.
    ['99999999999', hourMs],
    ['Fri, 01 Jan 2027 12:00:00 GMT', hourMs],
    ['soon', undefined],
    ['', undefined],
    ['-7', undefined],
    [undefined, undefined],
  ];
  for (const [value, expected] of cases) {
    it(`of ${value === undefined ? 'nothing' : JSON.stringify(value)} is ${String(expected)} ms`, () => {
      assert.equal(of(value), expected);
    });
  }
});
