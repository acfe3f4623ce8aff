import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256OfFile } from '../../../src/images/sha256.ts';

describe('the hash of a file', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sha256-'));
  });
  after(() => rm(folder, { recursive: true }));

  const known: [string, string | Buffer, string][] = [
    ['no bytes', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['three bytes', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'a million bytes',
      'a'.repeat(1_000_000),
      'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
    ],
  ];
  for (const [what, bytes, hash] of known) {
    it(`is the known one for ${what}`, async () => {
      const path = join(folder, 'file');
      await writeFile(path, bytes);
      assert.equal(await sha256OfFile(path), hash);
    });
  }

  it('says so when there is no file', async () => {
    await assert.rejects(sha256OfFile(join(folder, 'absent')), { code: 'ENOENT' });
  });
});
