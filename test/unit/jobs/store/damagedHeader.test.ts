import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { openStore } from '../../../../src/jobs/store/store.ts';
import { NewerStoreError } from '../../../../src/jobs/store/storeErrors.ts';

const headerBytes = 100;
/** SQLite only reads a file with an unknown write version: the store says that it cannot write. */
const writeVersionAt = 18;
/** Of a version that is a little higher than ours a damaged one cannot be told. */
const userVersionAt = 63;

describe('a store with a wrong byte in its header', () => {
  let folder: string;
  let whole: Buffer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'header-'));
    const path = join(folder, 'jobs.sqlite');
    openStore({ path, platform: nodePlatform }).close();
    whole = await readFile(path);
  });
  after(() => rm(folder, { recursive: true }));

  for (const value of [0, 1, 5, 0xff])
    it(`is used or put aside, be it ${String(value)} and wherever`, async () => {
      for (let at = 0; at < headerBytes; at += 1) {
        if (at === writeVersionAt || whole[at] === value) continue;
        await opens(at, value);
      }
    });

  async function opens(at: number, value: number): Promise<void> {
    const own = join(folder, `${String(at)}-${String(value)}`);
    await mkdir(own);
    const damaged = Buffer.from(whole);
    damaged[at] = value;
    const path = join(own, 'jobs.sqlite');
    await writeFile(path, damaged);
    try {
      const store = openStore({ path, platform: nodePlatform });
      assert.deepEqual(store.listRecent(10), []);
      store.close();
    } catch (thrown) {
      const isNewer = thrown instanceof NewerStoreError && at === userVersionAt;
      if (!isNewer) throw new Error(`byte ${String(at)} as ${String(value)}`, { cause: thrown });
    }
  }
});
