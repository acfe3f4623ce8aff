import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { type JobSystem, openJobSystemWhenFree } from '../../src/jobs/openJobSystem.ts';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import { isBusy } from '../../src/jobs/store/storeErrors.ts';
import { jobSystemOptions, newJob } from '../support/jobSystemOptions.ts';
import { audit } from './audit.ts';
import { counters } from './counters.ts';
import { ask, never, useFixture } from './fixture.ts';

describe('a store that another program locks', () => {
  const fixture = useFixture({ taskMs: 300 });
  let locker: DatabaseSync | undefined;

  afterEach(() => unlock());

  function lock(): void {
    locker = new DatabaseSync(storageLayout(fixture.stateFolder).store);
    locker.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
    counters['faults injected'] += 1;
  }

  function unlock(): void {
    locker?.close();
    locker = undefined;
  }

  async function untilTrouble(node: JobSystem, kind: 'locked' | undefined): Promise<void> {
    while (node.engine.storeTrouble() !== kind) await sleep(20);
  }

  it('keeps the task that was accepted meanwhile, and the rest goes on by itself', async () => {
    const node = fixture.open({ maxConcurrent: 2 });
    let submitted = 0;
    // Before the answers can be there.
    node.engine.onDidChangeJob(({ state }) => {
      if (state === 'submitting' && (submitted += 1) === 2) lock();
    });
    const ids = ask(node, fixture, 'accepted while locked', 'and another', 'still queued');
    await untilTrouble(node, 'locked');
    assert.throws(() => ask(node, fixture, 'refused'), isBusy);
    assert.equal(node.engine.listRecent(10).length, 3);
    unlock();
    const jobs = await node.engine.whenSettled(ids, never);
    await untilTrouble(node, undefined);
    await node.close();
    assert.ok(jobs.every((job) => job.state === 'saved'));
    assert.equal((await fixture.api.tasks()).length, 3, 'none is paid twice');
    assert.equal(existsSync(storageLayout(fixture.stateFolder).unfinishedMarker), false);
    await audit(fixture, jobs);
  });

  it('lets a user who asks wait for some moments', async () => {
    const node = fixture.open();
    lock();
    setTimeout(unlock, 500);
    const wanted = [newJob('patient', fixture.outFolder)];
    const [job] = await node.engine.whenFree(() => node.engine.add(wanted));
    const jobs = await node.engine.whenSettled([job?.id ?? ''], never);
    await node.close();
    await audit(fixture, jobs);
  });

  it('is opened when it is free, and the user is told once if that takes long', async () => {
    await fixture.open().close();
    lock();
    locker?.exec('ROLLBACK; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    let told = 0;
    const { urls, key } = fixture.api;
    const place = {
      apiUrl: urls.api,
      filesUrl: urls.files,
      key,
      storageFolder: fixture.stateFolder,
    };
    const opening = openJobSystemWhenFree(jobSystemOptions(place), never, () => (told += 1));
    while (told === 0) await sleep(20);
    await sleep(500);
    unlock();
    await (await opening).close();
    assert.equal(told, 1);
  });

  it('keeps nobody waiting who ends the wait', async () => {
    await fixture.open().close();
    lock();
    locker?.exec('ROLLBACK; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const { urls, key } = fixture.api;
    const place = {
      apiUrl: urls.api,
      filesUrl: urls.files,
      key,
      storageFolder: fixture.stateFolder,
    };
    const controller = new AbortController();
    const opening = openJobSystemWhenFree(
      jobSystemOptions(place),
      controller.signal,
      () => undefined,
    );
    controller.abort();
    await assert.rejects(opening, /cancelled/i);
  });

  it('is emptied of what waits in parts, with the queue paused until that is done', async () => {
    const node = fixture.open({ maxConcurrent: 1 });
    node.engine.pauseQueue('credits');
    const prompts = Array.from({ length: 450 }, (_, n) => `waiting ${String(n)}`);
    const ids = ask(node, fixture, ...prompts);
    node.engine.pauseQueue('person');
    const cancelling = node.engine.cancelQueue();
    await sleep(0);
    assert.ok(node.engine.countQueued() > 0, 'not in one');
    assert.equal(node.engine.pause()?.reason, 'person');
    await cancelling;
    assert.equal(node.engine.pause(), undefined);
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.ok(jobs.every((job) => job.state === 'cancelled'));
    assert.deepEqual(await fixture.api.tasks(), []);
  });
});
