import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openParts, type Part } from '../../../src/images/parts.ts';

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
