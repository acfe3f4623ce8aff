import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { nodePlatform } from '../../../src/jobs/nodePlatform.ts';
import { openJobSystem } from '../../../src/jobs/openJobSystem.ts';
import { closeAllToOthers } from '../../../src/jobs/ownFiles.ts';
import type { FileRights } from '../../../src/jobs/platform.ts';
import { createOpenReference } from '../../../src/jobs/references/openReference.ts';
import { placeOnDisk } from '../../../src/jobs/steps/placeOnDisk.ts';
import { writeBody } from '../../../src/jobs/steps/writeBody.ts';
import { storageLayout } from '../../../src/jobs/storageLayout.ts';
import { newJob } from '../../support/jobSystemOptions.ts';

const never = new AbortController().signal;

describe('our own files', () => {
  let root: string;
  let storage: string;

  before(function () {
    // Windows has no such rights.
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'own-files-'));
    storage = join(root, 'globalStorage', 'ours');
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const modeOf = async (path: string) => ((await lstat(path)).mode & 0o777).toString(8);

  /** Every file and folder of the storage folder that others of the machine may touch. */
  async function openToOthers(): Promise<string[]> {
    const paths = [storage];
    for (const entry of await readdir(storage, { recursive: true, withFileTypes: true }))
      if (!entry.isSymbolicLink()) paths.push(join(entry.parentPath, entry.name));
    const open: string[] = [];
    for (const path of paths)
      if (((await stat(path)).mode & 0o077) !== 0) open.push(relative(storage, path) || '.');
    return open.toSorted();
  }

  function openSystem() {
    return openJobSystem({
      storageFolder: storage,
      apiKey: () => Promise.resolve('key'),
      apiBaseUrl: () => 'https://api.example',
      filesBaseUrl: () => 'https://files.example',
      network: {
        send: () => new Promise<never>(() => undefined),
        get: () => new Promise<never>(() => undefined),
        close: () => Promise.resolve(),
      },
      isOpen: () => true,
    });
  }

  it('are closed to others from the first: the store, its journals, the marker', async () => {
    const system = openSystem();
    system.engine.add([newJob('a fox', root)]);
    const names = await readdir(storage);
    assert.deepEqual(names.toSorted(), [
      'jobs.sqlite',
      'jobs.sqlite-shm',
      'jobs.sqlite-wal',
      'unfinished-jobs',
    ]);
    assert.deepEqual(await openToOthers(), []);
    assert.equal(await modeOf(storage), '700');
    assert.equal(await modeOf(join(storage, 'jobs.sqlite')), '600');
    // Those above are the editor's.
    const fresh = join(root, 'fresh');
    await mkdir(fresh);
    assert.equal(await modeOf(join(root, 'globalStorage')), await modeOf(fresh));
    await system.close();
  });

  it('are closed while they are written: downloads and copies of references', async () => {
    await mkdir(storage, { mode: 0o700, recursive: true });
    await writeBody(
      Readable.from([Buffer.from('x')]),
      join(storage, 'a.part'),
      never,
      nodePlatform.files,
    );
    const { copies } = storageLayout(storage);
    const open = createOpenReference(
      copies,
      () => Promise.resolve(new Uint8Array(1)),
      nodePlatform,
    );
    await open('memory:/fox.png');
    assert.equal((await readdir(copies)).length, 1);
    assert.deepEqual(await openToOthers(), []);
  });

  it('of older versions are closed when a window opens them, and links of others are left', async () => {
    const { pasted, thumbnails, store } = storageLayout(storage);
    const old = openSystem();
    await old.close();
    const secret = join(root, 'of-others');
    await writeFile(secret, '', { mode: 0o644 });
    await chmod(secret, 0o644);
    for (const folder of [pasted, thumbnails]) {
      await mkdir(folder);
      await writeFile(join(folder, 'fox.png'), '');
      await chmod(folder, 0o755);
      await chmod(join(folder, 'fox.png'), 0o644);
    }
    await writeFile(`${store}.damaged-2026`, '');
    await symlink(secret, join(pasted, 'link'));
    await chmod(`${store}.damaged-2026`, 0o644);
    await chmod(store, 0o644);
    await chmod(storage, 0o755);
    assert.equal((await openToOthers()).length, 7);
    const system = openSystem();
    assert.equal(await modeOf(storage), '700');
    assert.equal(await modeOf(store), '600');
    system.start();
    while ((await openToOthers()).length > 0) await sleep(5);
    await system.close();
    assert.equal(await modeOf(secret), '644');
  });

  it('stay as they are where the system refuses', async () => {
    await mkdir(join(storage, 'pasted'), { recursive: true });
    const refused = Object.assign(new Error('not yours'), { code: 'EPERM' });
    const rights: FileRights = {
      lookAt: () => Promise.resolve({ mode: 0o755, kind: 'file' }),
      setMode: () => Promise.reject(refused),
      setModeSync: () => {
        throw refused;
      },
    };
    await closeAllToOthers(storage, { files: nodePlatform.files, rights });
    const system = openJobSystem({
      storageFolder: storage,
      apiKey: () => Promise.resolve('key'),
      apiBaseUrl: () => '',
      filesBaseUrl: () => '',
      network: {
        send: () => Promise.reject(refused),
        get: () => Promise.reject(refused),
        close: () => Promise.resolve(),
      },
      isOpen: () => true,
      platform: { ...nodePlatform, rights },
    });
    system.start();
    await system.close();
  });

  it('become an ordinary file where the user has asked for the image', async () => {
    const sourcePath = join(root, 'whole.image');
    await writeFile(sourcePath, 'the image', { mode: 0o600 });
    const folder = join(root, 'images');
    const umask = process.umask(0o027);
    try {
      for (const links of [true, false]) {
        const refuse = () => Promise.reject(Object.assign(new Error(), { code: 'EPERM' }));
        const files = links ? nodePlatform.files : { ...nodePlatform.files, link: refuse };
        const path = await placeOnDisk(
          {
            sourcePath,
            sha256: 'a',
            folderUri: `file://${folder}`,
            name: links ? 'linked' : 'moved',
            extension: '.png',
            jobId: 'job',
            choose: () => true,
          },
          { ...nodePlatform, files },
        );
        assert.equal(await modeOf(path.slice('file://'.length)), '640');
        assert.equal(await readFile(path.slice('file://'.length), 'utf8'), 'the image');
      }
      assert.equal(await modeOf(folder), '750');
      assert.equal(await modeOf(sourcePath), '600');
    } finally {
      process.umask(umask);
    }
  });
});
