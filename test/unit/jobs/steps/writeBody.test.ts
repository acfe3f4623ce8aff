import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BadImageError } from '../../../../src/images/imageFacts.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { maxImageBytes } from '../../../../src/images/imageLimits.ts';
import { writeBody } from '../../../../src/jobs/steps/writeBody.ts';

const never = new AbortController().signal;
const megabyte = 1024 * 1024;

describe('receiving a file', () => {
  let folder: string;
  let path: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'receive-'));
    path = join(folder, 'file');
  });
  after(() => rm(folder, { recursive: true }));

  /** A chunk that is the whole of its memory, as a socket gives it. */
  const chunk = (sizeBytes: number, filling: number) =>
    Buffer.allocUnsafeSlow(sizeBytes).fill(filling);

  it('writes every byte in its order, however many batches that takes', async () => {
    const sizes = [1, 65_536, 3 * megabyte, 17, megabyte, megabyte, 5];
    const whole = Buffer.concat(sizes.map((size, index) => chunk(size, index)));
    await writeBody(Readable.from(sizes.map(chunk)), path, never, nodePlatform.files);
    assert.ok((await readFile(path)).equals(whole));
  });

  it('gives back the memory of what is written', async () => {
    const chunks = Array.from({ length: 80 }, (_, index) => chunk(65_536, index));
    await writeBody(Readable.from(chunks), path, never, nodePlatform.files);
    assert.equal(chunks.filter(({ buffer }) => !buffer.detached).length, 0);
  });

  it('leaves alone the memory that a chunk shares with others', async () => {
    const slab = chunk(4 * megabyte, 7);
    await writeBody(
      Readable.from([slab.subarray(0, 3 * megabyte)]),
      path,
      never,
      nodePlatform.files,
    );
    assert.equal(slab.length, 4 * megabyte);
    assert.equal(slab.at(-1), 7);
    assert.equal((await readFile(path)).length, 3 * megabyte);
  });

  it('writes chunks whose memory cannot be given back', async () => {
    const pinned = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer).fill(7);
    await writeBody(Readable.from([pinned, chunk(5, 8)]), path, never, nodePlatform.files);
    assert.deepEqual(await readFile(path), Buffer.concat([pinned, chunk(5, 8)]));
  });

  it('lets go of a body for which there is no file', async () => {
    const body = Readable.from([chunk(65_536, 1)]);
    const work = writeBody(body, join(folder, 'no such folder', 'file'), never, nodePlatform.files);
    await assert.rejects(work, { code: 'ENOENT', syscall: 'open' });
    assert.equal(body.destroyed, true);
  });

  it('takes no more than an image can be', async () => {
    const body = Readable.from([chunk(65_536, 1), Buffer.alloc(maxImageBytes)]);
    await assert.rejects(writeBody(body, path, never, nodePlatform.files), BadImageError);
    assert.ok((await readFile(path)).length <= 65_536);
  });

  it('says why it broke off when the body does', async () => {
    function* broken() {
      yield chunk(65_536, 1);
      throw new Error('gone');
    }
    await assert.rejects(
      writeBody(Readable.from(broken()), path, never, nodePlatform.files),
      /gone/,
    );
  });
});
