import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { storageLayout } from '../../src/jobs/storageLayout.ts';
import { newJob, platformWith } from '../support/jobSystemOptions.ts';
import { audit } from './audit.ts';
import { leaveJobs, never, until, useFixture } from './fixture.ts';
import { choicesFor } from './seed.ts';
import { buildWorker, spawnWorker } from './spawnWorker.ts';
import { counters } from './counters.ts';

const square = { width: 8, height: 8 };

describe('two engines on one store', () => {
  before(buildWorker);
  const fixture = useFixture({ taskMs: 200, jitter: 0.5 });
  const choices = choicesFor('two engines');

  async function askForMany(count: number): Promise<string[]> {
    const numbers = Array.from({ length: count }, (_, n) => String(n));
    const newJobs = numbers.map((n) => newJob(`shared ${n}`, fixture.outFolder));
    return await leaveJobs(fixture, newJobs);
  }

  function isLocked(): boolean {
    const database = new DatabaseSync(storageLayout(fixture.stateFolder).store);
    try {
      database.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ROLLBACK');
      return false;
    } catch {
      return true;
    } finally {
      database.close();
    }
  }

  it('makes one store when eight open it at the same moment', async () => {
    const workers = Array.from({ length: 8 }, () => spawnWorker(fixture));
    const lines = await Promise.all(
      workers.map((worker) => worker.line((line) => line === 'ready')),
    );
    await Promise.all(workers.map((worker) => worker.kill()));
    assert.deepEqual(lines, Array<string>(8).fill('ready'));
  });

  it('shares the work, and downloads and places each image once', async () => {
    const ids = await askForMany(24);
    const worker = spawnWorker(fixture);
    const node = fixture.open();
    const jobs = await node.engine.whenSettled(ids, never);
    await worker.kill();
    await node.close();
    const fetches = (await fixture.api.tasks()).map((task) => task.resultFetches);
    assert.deepEqual(fetches, Array<number>(24).fill(1));
    await audit(fixture, jobs);
  });

  for (const state of ['submitting', 'running', 'downloading', 'saved']) {
    it(`takes over when the other is killed while a job is ${state}`, async () => {
      const ids = await askForMany(8);
      const worker = spawnWorker(fixture);
      let left = 1 + choices.below(3);
      await worker.line((line) => line.startsWith(state) && --left === 0);
      const node = fixture.open();
      await worker.kill();
      counters.kills += 1;
      const jobs = await node.engine.whenSettled(ids, never);
      await node.close();
      assert.ok(jobs.every((job) => job.state === 'saved'));
      await audit(fixture, jobs);
    });
  }

  it('lets a window that was held up do nothing with what it lost', async () => {
    const ids = await askForMany(4);
    await fixture.api.configure({ taskMs: 1_000 });
    const worker = spawnWorker(fixture);
    await worker.line((line) => line.startsWith('running'));
    worker.child.kill('SIGSTOP');
    // Held up while it writes, it would hold the lock too, and nobody could take anything over.
    while (isLocked()) {
      worker.child.kill('SIGCONT');
      await sleep(3);
      worker.child.kill('SIGSTOP');
    }
    const node = fixture.open({ platform: platformWith({ processes: { isAlive: () => false } }) });
    const jobs = await node.engine.whenSettled(ids, never);
    worker.child.kill('SIGCONT');
    await worker.line((line) => line.startsWith('saved') || line === 'done');
    await worker.kill();
    await node.close();
    await audit(fixture, jobs);
  });

  it('takes over from one whose window is gone, though its process lives on', async () => {
    const job = { ...newJob('orphaned', fixture.outFolder), references: ['virtual:/a.png'] };
    const reading = Promise.withResolvers<Uint8Array>();
    const orphan = fixture.open({
      isWindowResponsive: () => new Promise(() => undefined),
      readVirtualFile: () => reading.promise,
    });
    const ids = orphan.engine.add([job]).map(({ id }) => id);
    await until(orphan, ids[0] ?? '', ({ state }) => state === 'uploading');
    const bytes = await sharp({ create: { ...square, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    const node = fixture.open({
      isWindowResponsive: () => Promise.resolve(),
      readVirtualFile: () => Promise.resolve(bytes),
    });
    const jobs = await node.engine.whenSettled(ids, never);
    assert.deepEqual(
      jobs.map(({ state }) => state),
      ['saved'],
    );
    reading.reject(new Error('The window is gone'));
    await node.close();
    await audit(fixture, jobs);
  });

  it('keeps to the number of tasks at once, over both', async () => {
    const ids = await askForMany(12);
    await fixture.api.configure({ taskMs: 300, jitter: 0 });
    const worker = spawnWorker(fixture, { maxConcurrent: 2 });
    const node = fixture.open({ maxConcurrent: 2 });
    const jobs = await node.engine.whenSettled(ids, never);
    await worker.kill();
    await node.close();
    assert.equal(mostAtOnce(await fixture.api.tasks()), 2);
    await audit(fixture, jobs);
  });

  it('pays once for what is tried again in both windows', async () => {
    const [here, there] = [fixture.open(), fixture.open()];
    await fixture.api.fault({ match: {}, fault: { kind: 'failed' }, times: 1 });
    const ids = here.engine.add([newJob('twice', fixture.outFolder)]).map(({ id }) => id);
    const [failed] = await here.engine.whenSettled(ids, never);
    assert.equal(failed?.state, 'failed');
    const asked = [here, there].map(({ engine }) => engine.retry(failed.id));
    assert.deepEqual(
      asked.map(({ isNew }) => isNew),
      [true, false],
    );
    const retries = await here.engine.whenSettled([asked[0]?.job.id ?? ''], never);
    assert.equal(there.engine.retry(failed.id).job.state, 'saved');
    assert.equal((await fixture.api.tasks()).length, 2, 'one that failed, and one');
    await here.close();
    await there.close();
    await audit(fixture, [failed, ...retries]);
  });

  it('cancels and stops in the other window too', async () => {
    const ids = await askForMany(3);
    await fixture.api.configure({ taskMs: 60_000 });
    const [running = '', waiting = '', another = ''] = ids;
    const worker = spawnWorker(fixture, { maxConcurrent: 1 });
    const node = fixture.open({ maxConcurrent: 1 });
    const first = await until(node, running, (job) => job.state === 'running');
    assert.equal(node.engine.cancel(running), false, 'it is paid');
    assert.equal(node.engine.cancel(waiting), true);
    assert.equal(node.engine.cancel(another), true);
    assert.equal(node.engine.stop(running), true);
    await until(node, running, (job) => job.state === 'stopped');
    const jobs = ids.flatMap((id) => node.engine.get(id) ?? []);
    await worker.kill();
    await node.close();
    assert.deepEqual(
      jobs.map((job) => job.state),
      ['stopped', 'cancelled', 'cancelled'],
    );
    assert.equal((await fixture.api.log({ route: 'create' })).length, 1);
    assert.ok('taskId' in first);
    await audit(fixture, jobs);
  });
});

/** The most tasks between being made and being fetched. */
function mostAtOnce(tasks: readonly { createdAt: number; finishedAt?: number }[]): number {
  return Math.max(
    ...tasks.map(
      ({ createdAt }) =>
        tasks.filter(
          (other) => other.createdAt <= createdAt && (other.finishedAt ?? Infinity) > createdAt,
        ).length,
    ),
  );
}
