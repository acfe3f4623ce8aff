import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { readBody, retryAfterMs } from '../../../src/evolink/transport.ts';
import { failure, never } from './setup.ts';

describe('reading an answer', () => {
  const read = (body: Readable, signal = never) =>
    readBody({ status: 200, headers: {}, body }, signal);

  it('gives JSON, and text when it is none', async () => {
    assert.deepEqual(await read(Readable.from([Buffer.from('{"a":'), Buffer.from('1}')])), {
      a: 1,
    });
    assert.equal(await read(Readable.from([Buffer.from('{"a":')])), '{"a":');
    assert.equal(await read(Readable.from([])), '');
  });

  it('keeps characters whole that arrive in parts', async () => {
    const bytes = Buffer.from('"狐🦊"');
    const parts = Array.from(bytes, (byte) => Buffer.from([byte]));
    assert.equal(await read(Readable.from(parts)), '狐🦊');
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
    assert.ok(given < 40, `${String(given)} MB were read`);
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
