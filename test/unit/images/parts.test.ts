import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openParts,
  type Part,
  readerOf,
  readWindowed,
  type ReadBytes,
  UnreadableError,
} from '../../../src/images/parts.ts';

describe('parts of a file', () => {
  const bytes = randomBytes(1_500_000);
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parts-'));
    path = join(folder, 'file');
    await writeFile(path, bytes);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function read(parts: readonly Part[]): Promise<Buffer> {
    const copies: Uint8Array[] = [];
    for await (const chunk of openParts(path, parts)) copies.push(Uint8Array.from(chunk));
    return Buffer.concat(copies);
  }

  it('come in their order, byte for byte', async () => {
    const parts = [
      { start: 3, end: 10 },
      Buffer.from('between'),
      { start: 10, end: 1_100_007 },
      { start: 0, end: bytes.length },
    ];
    const expected = [
      bytes.subarray(3, 10),
      Buffer.from('between'),
      bytes.subarray(10, 1_100_007),
      bytes,
    ];
    assert.ok((await read(parts)).equals(Buffer.concat(expected)));
  });

  it('hold until the next is asked for, while that is read already', async () => {
    let at = 0;
    for await (const chunk of openParts(path, [{ start: 0, end: bytes.length }])) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      assert.ok(bytes.subarray(at, at + chunk.length).equals(chunk), `at ${String(at)}`);
      at += chunk.length;
    }
    assert.equal(at, bytes.length);
  });

  it('end where the file now ends', async () => {
    await truncate(path, 1_000_000);
    assert.ok((await read([{ start: 0, end: bytes.length }])).equals(bytes.subarray(0, 1_000_000)));
  });

  it('can be left, and fail when there is no file', async () => {
    for await (const _ of openParts(path, [{ start: 0, end: bytes.length }])) break;
    await rm(path);
    await assert.rejects(read([{ start: 0, end: 1 }]), { code: 'ENOENT' });
  });
});

describe('a window of a file', () => {
  const bytes = randomBytes(700_000);

  function counted() {
    const asked: number[] = [];
    const read: ReadBytes = (offset, length) => {
      asked.push(length);
      return Promise.resolve(bytes.subarray(offset, offset + length));
    };
    return { asked, windowed: readWindowed(read, bytes.length) };
  }

  it('brings what is asked for, and reads no more than once for what lies together', async () => {
    const { asked, windowed } = counted();
    for (const [at, length] of [
      [0, 12],
      [5, 100_000],
      [262_143, 1],
      [262_143, 2],
      [600_000, 65_536],
      [3, 3],
    ] as const)
      assert.ok((await windowed.bytes(at, length)).equals(bytes.subarray(at, at + length)));
    assert.deepEqual(asked, [262_144, 262_144, 100_000, 262_144]);
  });

  it('ends where the file ends', async () => {
    const { asked, windowed } = counted();
    for (const beyond of [bytes.length, bytes.length + 1, bytes.length + 1_000_000])
      assert.equal((await windowed.upTo(beyond, 9)).length, 0);
    assert.deepEqual(asked, []);
    assert.equal((await windowed.upTo(bytes.length - 5, 9)).length, 5);
    await assert.rejects(windowed.bytes(bytes.length - 5, 9), UnreadableError);
    await assert.rejects(windowed.bytes(bytes.length + 9, 9), UnreadableError);
    assert.deepEqual(asked, [5]);
  });

  it('uses the same memory again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'window-'));
    await writeFile(join(folder, 'file'), bytes);
    const file = await open(join(folder, 'file'));
    const windowed = readWindowed(readerOf(file), bytes.length);
    const memory = new Set<ArrayBufferLike>();
    for (let at = 0; at < bytes.length; at += 50_000) {
      const found = await windowed.bytes(at, 50_000);
      assert.ok(found.equals(bytes.subarray(at, at + 50_000)));
      memory.add(found.buffer);
    }
    await file.close();
    await rm(folder, { recursive: true });
    assert.equal(memory.size, 1);
  });
});
