import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import type { FileRecord } from '../fakeEvolink/types.ts';
import type { JobSystem } from '../../src/jobs/openJobSystem.ts';
import { newJob } from '../support/jobSystemOptions.ts';
import { audit } from './audit.ts';
import { leaveJobs, never, until, useFixture } from './fixture.ts';
import { choicesFor } from './seed.ts';
import { buildWorker, spawnWorker } from './spawnWorker.ts';
import { counters } from './counters.ts';

const randomKills = 12;

describe('uploaded references', () => {
  before(buildWorker);
  const fixture = useFixture({ taskMs: 150 });

  /** An image no other has the bytes of, at least so long: noise cannot be packed. */
  async function image(name: string, leastBytes = 0): Promise<string> {
    const path = join(fixture.stateFolder, `${name}.png`);
    const [width, channels] = [100, 3 as const];
    const height = Math.ceil(leastBytes / (width * channels)) + 1;
    const raw = { width, height, channels };
    await sharp(randomBytes(width * height * channels), { raw })
      .png()
      .toFile(path);
    return pathToFileURL(path).href;
  }

  async function askFor(prompt: string, references: readonly string[]): Promise<string> {
    const [id] = await leaveJobs(fixture, [{ ...newJob(prompt, fixture.outFolder), references }]);
    return id!;
  }

  /** @returns the files, after the job has been saved and nothing is left to delete. */
  async function finish(id: string): Promise<FileRecord[]> {
    const node = fixture.open();
    const [job] = await node.engine.whenSettled([id], never);
    await untilDeleted(node);
    await node.close();
    assert.equal(job?.state, 'saved', JSON.stringify(job));
    await audit(fixture, [job]);
    return await allDeleted();
  }

  async function untilDeleted(node: JobSystem): Promise<void> {
    for (let looks = 0; node.store.uploads.list().length > 0; looks += 1) {
      assert.ok(looks < 500, 'something is left to delete');
      await sleep(20);
    }
  }

  async function allDeleted(): Promise<FileRecord[]> {
    const files = await fixture.api.files();
    assert.deepEqual(
      files.filter(({ deletedAt }) => deletedAt === undefined),
      [],
    );
    return files;
  }

  /** How often bytes became a file that had been one before. */
  function twice(files: readonly FileRecord[]): number {
    return files.length - new Set(files.map(({ sha256 }) => sha256)).size;
  }

  async function imageUrls(): Promise<unknown> {
    const [task, ...more] = await fixture.api.tasks();
    assert.equal(more.length, 0);
    return task?.body['image_urls'];
  }

  it('are sent again by the next window only as far as they had not arrived', async () => {
    const references = [await image('one'), await image('two'), await image('three')];
    const id = await askFor('killed between two uploads', references);
    await fixture.api.fault({ match: { route: 'uploadStream', nth: 3 }, fault: { kind: 'hang' } });
    const worker = spawnWorker(fixture);
    while ((await fixture.api.files()).length < 2) await sleep(10);
    await sleep(100);
    await worker.kill();
    counters.kills += 1;
    const files = await finish(id);
    assert.deepEqual([files.length, twice(files)], [3, 0]);
    assert.equal((await fixture.api.log({ route: 'uploadStream' })).length, 4);
    const sha256s = new Map(files.map((file) => [file.url, file.sha256]));
    const drawn = (await imageUrls()) as string[];
    assert.equal(new Set(drawn.map((url) => sha256s.get(url))).size, 3);
  });

  it('are not sent again when the window was killed before it heard that they had arrived', async () => {
    const id = await askFor('killed before the answer', [await image('one', 100_000)]);
    await fixture.api.fault({
      match: { route: 'uploadStream' },
      fault: { kind: 'hang', after: true },
    });
    const worker = spawnWorker(fixture);
    while ((await fixture.api.files()).length < 1) await sleep(10);
    await worker.kill();
    counters.kills += 1;
    const files = await finish(id);
    assert.equal(files.length, 1);
    assert.deepEqual(await imageUrls(), [files[0]?.url]);
  });

  it('are not sent again when the window was killed between upload and submit', async () => {
    const references = [await image('one'), await image('two')];
    const id = await askFor('killed before the submit', references);
    const worker = spawnWorker(fixture);
    await worker.line((line) => line.startsWith('submitting'));
    await worker.kill();
    counters.kills += 1;
    const files = await finish(id);
    assert.deepEqual([files.length, twice(files)], [2, 0]);
    const creates = await fixture.api.log({ route: 'create' });
    const urls = creates.map(
      ({ json }) => (json as { image_urls?: unknown } | undefined)?.image_urls,
    );
    for (const sent of urls.filter((each) => each !== undefined))
      assert.deepEqual(sent, await imageUrls());
  });

  for (const state of ['running', 'downloading', 'saved'])
    it(`are deleted after the window was killed as soon as the job was ${state}`, async () => {
      const id = await askFor(`killed when ${state}`, [await image('one'), await image('two')]);
      await fixture.api.fault({
        match: { route: 'deleteFile' },
        times: 1,
        fault: { kind: 'hang' },
      });
      const worker = spawnWorker(fixture);
      await worker.line((line) => line.startsWith(state));
      await worker.kill();
      counters.kills += 1;
      const files = await finish(id);
      assert.deepEqual([files.length, twice(files)], [2, 0]);
    });

  it('stay as long as another job needs them', async () => {
    const shared = await image('shared');
    const node = fixture.open();
    const job = (prompt: string) => ({
      ...newJob(prompt, fixture.outFolder),
      references: [shared],
    });
    await fixture.api.fault({
      match: { route: 'create', promptIncludes: 'slow' },
      fault: { kind: 'takes', ms: 60_000 },
    });
    const [slow, quick] = node.engine.add([job('slow'), job('quick')]);
    await node.engine.whenSettled([quick!.id], never);
    await until(node, slow!.id, (job) => job.state === 'running');
    await sleep(100);
    assert.equal(
      (await fixture.api.files()).filter(({ deletedAt }) => deletedAt === undefined).length,
      1,
    );
    await fixture.api.advanceClock(60_000);
    const jobs = await node.engine.whenSettled([slow!.id, quick!.id], never);
    await untilDeleted(node);
    await node.close();
    await audit(fixture, jobs);
    assert.equal((await allDeleted()).length, 1);
  });

  for (const [what, fault] of [
    ['refused', { kind: 'status', status: 400 }],
    ['failed', { kind: 'failed' }],
  ] as const)
    it(`are deleted when the job is ${what}`, async () => {
      const node = fixture.open();
      await fixture.api.fault({ match: { route: 'create' }, fault });
      const references = [await image('one')];
      const [job] = node.engine.add([{ ...newJob('in vain', fixture.outFolder), references }]);
      const [ended] = await node.engine.whenSettled([job!.id], never);
      await untilDeleted(node);
      await node.close();
      assert.equal(ended?.state, 'failed');
      assert.equal((await allDeleted()).length, 1);
    });

  it('are deleted when the job is cancelled while they are sent', async () => {
    const node = fixture.open();
    const references = [await image('one'), await image('two', 200_000), await image('three')];
    await fixture.api.fault({ match: { route: 'uploadStream', nth: 2 }, fault: { kind: 'hang' } });
    const [job] = node.engine.add([{ ...newJob('unwanted', fixture.outFolder), references }]);
    while ((await fixture.api.files()).length < 2) await sleep(10);
    assert.equal(node.engine.cancel(job!.id), true);
    await untilDeleted(node);
    await node.close();
    await allDeleted();
    assert.deepEqual(await fixture.api.tasks(), []);
  });

  it('are deleted later when the service cannot be reached at the end', async () => {
    const id = await askFor('cut off at the end', [await image('one')]);
    const gone = { kind: 'reset', at: 'beforeBody' } as const;
    await fixture.api.fault({ match: { route: 'deleteFile' }, times: 3, fault: gone });
    await finish(id);
    assert.equal((await fixture.api.log({ route: 'deleteFile' })).length, 4);
  });

  it(`leave nothing behind, killed ${String(randomKills)} times at any moment`, async function () {
    this.timeout(120_000);
    const choices = choicesFor('uploads');
    const references = await Promise.all(['a', 'b', 'c', 'd'].map((name) => image(name, 300_000)));
    const ids: string[] = [];
    for (let kill = 0; kill < randomKills; kill += 1) {
      const own = [references[kill % 4] ?? '', await image(`own ${String(kill)}`, 300_000)];
      ids.push(await askFor(`random ${String(kill)}`, own));
      const worker = spawnWorker(fixture);
      await worker.line((line) => line === 'ready');
      await sleep(choices.random() * 400);
      await worker.kill();
      counters.kills += 1;
    }
    const node = fixture.open();
    const jobs = await node.engine.whenSettled(ids, never);
    for (const job of jobs) if (job.state === 'unconfirmed') node.engine.retry(job.id);
    const all = node.engine.listRecent(100).map((job) => job.id);
    await node.engine.whenSettled(all, never);
    await untilDeleted(node);
    await node.close();
    await allDeleted();
  });
});
