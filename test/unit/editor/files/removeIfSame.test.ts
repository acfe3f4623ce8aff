import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeIfSame } from '../../../../src/editor/files/removeIfSame.ts';
import { sha256OfBytes } from '../../../../src/images/sha256.ts';

describe('removing a file that should be the same', () => {
  let folder: string;
  const sha256 = sha256OfBytes(Buffer.from('ours'));
  const inFolder = (name: string) => join(folder, name);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'same-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('removes it, and nothing else', async () => {
    await writeFile(inFolder('a.png'), 'ours');
    await writeFile(inFolder('b.png'), 'ours');
    await removeIfSame(inFolder('a.png'), sha256);
    assert.deepEqual(await readdir(folder), ['b.png']);
  });

  for (const content of ['theirs', 'our', 'ours ', ''])
    it(`leaves ${JSON.stringify(content)}, which somebody has just written, where it was`, async () => {
      await writeFile(inFolder('a.png'), content);
      await removeIfSame(inFolder('a.png'), sha256);
      assert.deepEqual(await readdir(folder), ['a.png']);
      assert.equal(await readFile(inFolder('a.png'), 'utf8'), content);
    });

  it('says that there is none', async () => {
    await assert.rejects(removeIfSame(inFolder('a.png'), sha256), { code: 'ENOENT' });
    assert.deepEqual(await readdir(folder), []);
  });
});
