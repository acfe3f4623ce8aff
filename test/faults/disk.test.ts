import assert from 'node:assert/strict';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import { startOfflineApi } from '../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../fakeEvolink/types.ts';
import { audit } from './audit.ts';
import { ask, never, openFixture, type FaultFixture, until } from './fixture.ts';
import { canMount, makeSmallDisk, type SmallDisk } from './tmpfs.ts';
import { counters } from './counters.ts';

const mebibyte = 1024 * 1024;

describe('a disk that is full or read-only', () => {
  let api: OfflineApi;
  let disk: SmallDisk;
  let fixture: FaultFixture;

  before(async function () {
    // Only an administrator can make disks.
    if (!canMount()) this.skip();
    api = await startOfflineApi({ taskMs: 100, credits: 1e6 });
  });
  after(() => api.close());
  beforeEach(async () => {
    await api.reset();
    disk = await makeSmallDisk(4 * mebibyte);
  });
  afterEach(async () => {
    await fixture.close();
    await disk.remove();
  });

  async function openOnDisk(name: 'stateFolder' | 'outFolder'): Promise<void> {
    const folder = join(disk.path, name);
    await mkdir(folder);
    fixture = await openFixture(api, { [name]: folder });
  }

  const creates = async () => (await api.log({ route: 'create' })).length;

  /** The image is refused by the disk, and saved once the disk takes it; it was paid once. */
  async function saveAfter(spoil: () => unknown, mend: () => unknown, reason: RegExp) {
    await spoil();
    counters['faults injected'] += 1;
    const node = fixture.open();
    const ids = ask(node, fixture, 'first', 'second');
    const refused = await node.engine.whenSettled(ids, never);
    for (const job of refused) {
      assert.equal(job.state === 'failed' && job.error.code, 'writeFailed');
      assert.match(job.state === 'failed' ? job.error.message : '', reason);
    }
    await mend();
    for (const id of ids) node.engine.resume(id);
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.ok(jobs.every((job) => job.state === 'saved'));
    assert.equal(await creates(), 2);
    await audit(fixture, jobs);
  }

  it('is full where the image belongs', async () => {
    await openOnDisk('outFolder');
    await saveAfter(
      () => disk.fill(),
      () => rm(join(disk.path, '.ballast')),
      /the disk is full/,
    );
  });

  it('is read-only where the image belongs', async () => {
    await openOnDisk('outFolder');
    await saveAfter(
      () => disk.setReadOnly(true),
      () => disk.setReadOnly(false),
      /read-only/,
    );
  });

  it('is full while the image is fetched', async () => {
    await openOnDisk('outFolder');
    const temp = storageLayout(fixture.stateFolder).temp;
    await mkdir(temp);
    // The folder for what is unfinished alone is on the small disk; the store is not.
    const small = await makeSmallDisk(64 * 1024);
    await rm(temp, { recursive: true });
    await symlink(small.path, temp);
    try {
      await saveAfter(
        () => small.fill(),
        () => rm(join(small.path, '.ballast')),
        /the disk is full/,
      );
    } finally {
      await small.remove();
    }
  });

  it('is full where the store is: what was accepted is not forgotten', async () => {
    await openOnDisk('stateFolder');
    const log: string[] = [];
    const node = fixture.open({ log: (line) => log.push(line) });
    await api.configure({ taskMs: 300 });
    await api.fault({ match: { route: 'create' }, fault: { kind: 'slow', firstByteMs: 800 } });
    const ids = ask(node, fixture, 'first', 'second', 'third');
    // On a full disk none of them could be submitted.
    for (const id of ids) await until(node, id, (job) => job.state === 'submitting');
    await disk.fill();
    counters['faults injected'] += 1;
    // Until the provider has accepted all, and the store could not be told.
    while ((await api.tasks()).length < 3) await new Promise(setImmediate);
    while (!log.some((line) => /its task .* cannot be written/.test(line)))
      await new Promise(setImmediate);
    await rm(join(disk.path, '.ballast'));
    const jobs = await node.engine.whenSettled(ids, never);
    const failed = jobs.filter((job) => job.state === 'failed');
    for (const job of failed) node.engine.resume(job.id);
    const ended = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.ok(ended.every((job) => job.state === 'saved'));
    assert.equal(await creates(), 3);
    await audit(fixture, ended);
  });
});
