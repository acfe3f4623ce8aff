import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePlatform } from '../../src/jobs/nodePlatform.ts';
import { placeFile } from '../../src/jobs/steps/placeFile.ts';

const sizeBytes = 64 * 1024 * 1024;

describe('a large file', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-studio-placing-'));
    await mkdir(join(folder, 'images'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is never seen half under its final name', async () => {
    const bytes = randomBytes(sizeBytes);
    const sourcePath = join(folder, 'source');
    await writeFile(sourcePath, bytes);
    const finalPath = join(folder, 'images', 'fox.png');
    const sizes = new Set<number>();
    const state = { isPlaced: false };
    const placing = placeFile(
      {
        sourcePath,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        folderPath: join(folder, 'images'),
        name: 'fox',
        extension: '.png',
        jobId: 'job',
        choose: (path) => path === finalPath,
      },
      nodePlatform,
    ).finally(() => (state.isPlaced = true));
    for (;;) {
      const facts = statSync(finalPath, { throwIfNoEntry: false });
      if (facts) sizes.add(facts.size);
      // Looked at once more after the end, so that something was seen.
      if (state.isPlaced) break;
      await new Promise(setImmediate);
    }
    assert.equal(await placing, finalPath);
    assert.deepEqual([...sizes], [sizeBytes]);
    assert.deepEqual(await readdir(join(folder, 'images')), ['fox.png']);
  });
});
