import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../../../src/jobs/job.ts';
import type { ReferenceUploads } from '../../../../src/jobs/references/referenceUploads.ts';
import { failure, never } from '../../evolink/setup.ts';
import { hourMs, ReferenceScene } from './referenceFixture.ts';
import { sample } from '../sampleJobs.ts';

/** Between two looks for what was broken off, before it is scaled. */
const lookPauseMs = 20_000;

describe('deleting uploads', () => {
  const scene = new ReferenceScene().use();

  it('comes when the last job that needs it has ended', async () => {
    const uri = await scene.png('a.png');
    const [one, two] = [scene.begin(uri), scene.begin(uri)];
    await scene.prepare(one);
    await scene.prepare(two);
    await scene.end(one);
    assert.equal((await scene.present()).length, 1);
    await scene.end(two);
    assert.deepEqual([await scene.present(), scene.store.uploads.list()], [[], []]);
  });

  it('does not come while the job may be submitted or drawn', async () => {
    const job = scene.begin(await scene.png('a.png'));
    const imageUrls = await scene.prepare(job);
    scene.store.advance(job.id, { type: 'submitting', imageUrls });
    await scene.uploads.forget(job);
    scene.store.advance(job.id, { type: 'accepted', taskId: 't', at: scene.now });
    await scene.uploads.forget(job);
    assert.equal((await scene.present()).length, 1);
    scene.store.advance(job.id, { type: 'completed', resultUrl: 'https://x/y.png', at: scene.now });
    await scene.uploads.forget(job);
    assert.equal((await scene.present()).length, 0);
  });

  for (const [what, moves] of [
    ['unconfirmed', [{ type: 'unconfirmed', error: sample.unconfirmed.error }]],
    ['stopped', [{ type: 'accepted', taskId: 't', at: 1 }, { type: 'stopped' }]],
  ] as const)
    it(`comes an hour after a job became ${what}, as it may be drawn unseen`, async () => {
      const job = scene.begin(await scene.png('a.png'));
      const imageUrls = await scene.prepare(job);
      scene.store.advance(job.id, { type: 'submitting', imageUrls });
      for (const event of moves) scene.store.advance(job.id, event);
      scene.now += 0.9 * hourMs;
      await scene.uploads.sweep(never);
      assert.equal((await scene.present()).length, 1);
      scene.now += 0.2 * hourMs;
      await scene.uploads.sweep(never);
      assert.equal((await scene.present()).length, 0);
    });

  it('is tried again when it failed, later and later, and by the next window', async () => {
    const job = scene.begin(await scene.png('a.png'));
    await scene.prepare(job);
    await scene.api.configure({ offline: true });
    await scene.end(job);
    assert.equal(scene.store.uploads.list().length, 1);
    const triesBefore = scene.log.length;
    await scene.uploads.sweep(never);
    assert.equal(scene.log.length, triesBefore, 'not at once');
    await sleep(10);
    await scene.uploads.sweep(never);
    assert.equal(scene.log.length, triesBefore + 1);
    await scene.api.configure({ offline: false });
    scene.store.close();
    scene.store = scene.open('window-2');
    scene.uploads = scene.make();
    await scene.uploads.sweep(never);
    assert.deepEqual([await scene.present(), scene.store.uploads.list()], [[], []]);
  });

  it('tries every file, though one cannot be deleted', async () => {
    const colours = ['red', 'green', 'blue'];
    const uris = await scene.pngs(...colours);
    const job = scene.begin(...uris);
    await scene.prepare(job);
    const refused = { kind: 'status', status: 403 } as const;
    await scene.api.fault({ match: { route: 'deleteFile' }, fault: refused });
    await scene.end(job);
    assert.equal((await scene.present()).length, 1);
    await sleep(20);
    await scene.uploads.sweep(never);
    assert.deepEqual([await scene.present(), scene.store.uploads.list()], [[], []]);
  });

  /** A job whose upload arrived, though the answer was lost and no list tells of it. */
  async function beginLost(): Promise<Job> {
    const lost = { kind: 'reset', at: 'afterRequest' } as const;
    await scene.api.fault({ match: { route: 'uploadStream' }, times: 'always', fault: lost });
    const unlisted = { kind: 'status', status: 404 } as const;
    await scene.api.fault({ match: { route: 'listFiles' }, times: 'always', fault: unlisted });
    const job = scene.begin(await scene.png('a.png'));
    assert.equal((await failure(scene.prepare(job))).code, 'network');
    return job;
  }

  it('finds what arrived though the answer was lost', async () => {
    const job = await beginLost();
    assert.equal((await scene.present()).length, 1);
    await scene.api.clearFaults();
    await scene.end(job);
    assert.deepEqual([await scene.present(), scene.store.uploads.list()], [[], []]);
  });

  it('waits a while for what was broken off, should it arrive yet', async () => {
    const controller = new AbortController();
    await scene.api.fault({ match: { route: 'uploadStream' }, fault: { kind: 'hang' } });
    const job = scene.begin(await scene.png('a.png'));
    const work = failure(scene.prepare(job, controller.signal));
    await sleep(50);
    controller.abort();
    await work;
    await scene.end(job);
    assert.equal(scene.store.uploads.list().length, 1);
    scene.now += 61;
    await sleep(lookPauseMs * 0.001 + 5);
    await scene.uploads.forget(job);
    assert.deepEqual(scene.store.uploads.list(), []);
  });

  const lists = async () => (await scene.api.log({ route: 'listFiles' })).length;

  /** A job that is over, of whose upload nobody knows whether it arrived. */
  async function breakOff(uploads: ReferenceUploads, colour: string): Promise<Job> {
    await scene.api.fault({ match: { route: 'uploadStream' }, fault: { kind: 'hang' } });
    const controller = new AbortController();
    const job = scene.begin(await scene.png(`${colour}.png`, colour));
    const before = await scene.sent();
    const work = failure(uploads.prepare(job, controller.signal));
    while ((await scene.sent()) === before) await sleep(5);
    controller.abort();
    await work;
    scene.store.move(job.id, { type: 'cancelled' });
    return job;
  }

  it('looks for what was broken off only now and then, and at once for what is new', async () => {
    const waitScale = 0.1;
    const uploads = scene.make({ waitScale });
    await uploads.forget(await breakOff(uploads, 'red'));
    assert.equal(await lists(), 1);
    for (let beat = 0; beat < 10; beat += 1) await uploads.sweep(never);
    assert.equal(await lists(), 1);
    const known = scene.begin(await scene.png('green.png', 'green'));
    await uploads.prepare(known, never);
    scene.store.move(known.id, { type: 'cancelled' });
    await uploads.sweep(never);
    assert.deepEqual([(await scene.present()).length, await lists()], [0, 1], 'deleted at once');
    await breakOff(uploads, 'blue');
    for (let beat = 0; beat < 10; beat += 1) await uploads.sweep(never);
    assert.equal(await lists(), 2);
    await sleep(lookPauseMs * waitScale);
    scene.now += 61_000 * waitScale;
    for (let beat = 0; beat < 10; beat += 1) await uploads.sweep(never);
    assert.deepEqual([scene.store.uploads.list(), await lists()], [[], 3]);
  });

  it('does not wait for a list to delete what it knows', async () => {
    const uri = await scene.png('green.png', 'green');
    const known = scene.begin(uri);
    await scene.prepare(known);
    const lost = await breakOff(scene.uploads, 'red');
    await scene.api.fault({
      match: { route: 'listFiles' },
      times: 'always',
      fault: { kind: 'hang' },
    });
    const controller = new AbortController();
    let isLooking = true;
    const looking = scene.uploads
      .forget(lost, controller.signal)
      .finally(() => (isLooking = false));
    while ((await lists()) === 0) await sleep(5);
    scene.store.move(known.id, { type: 'cancelled' });
    const deleting = scene.uploads.sweep(controller.signal);
    while ((await scene.present()).length > 0) await sleep(5);
    assert.ok(isLooking, 'it waited');
    controller.abort();
    await Promise.all([looking, deleting]);
    assert.equal(scene.store.uploads.list().length, 1);
  });

  it('keeps in mind what is there when a list cannot be understood', async () => {
    const job = await beginLost();
    scene.store.move(job.id, { type: 'cancelled' });
    scene.now += hourMs;
    await scene.api.clearFaults();
    const strange = { kind: 'wrongTypes', remove: ['data.files'] } as const;
    await scene.api.fault({ match: { route: 'listFiles' }, times: 'always', fault: strange });
    await scene.uploads.sweep(never);
    assert.match(scene.log.at(-1) ?? '', /Failed to look for uploads .*cannot be read/);
    assert.deepEqual([(await scene.present()).length, scene.store.uploads.list().length], [1, 1]);
    await scene.api.clearFaults();
    await sleep(lookPauseMs * 0.001 + 5);
    await scene.uploads.sweep(never);
    assert.deepEqual([await scene.present(), scene.store.uploads.list()], [[], []]);
  });

  it('counts only what is gone when room is asked for', async () => {
    scene.choices.keepsUploads = true;
    await breakOff(scene.uploads, 'red');
    const job = scene.begin(await scene.png('blue.png', 'blue'));
    await scene.prepare(job);
    await scene.end(job);
    assert.equal(await scene.uploads.removeOldest(2, never), 1);
  });

  it('is not done where uploads are to be kept, until that changes or they are gone', async () => {
    scene.choices.keepsUploads = true;
    const uri = await scene.png('a.png');
    const [first, second] = [scene.begin(uri), scene.begin(uri)];
    const addresses = await scene.prepare(first);
    await scene.end(first);
    assert.deepEqual(await scene.prepare(second), addresses);
    await scene.end(second);
    assert.deepEqual([(await scene.present()).length, await scene.sent()], [1, 1]);
    scene.choices.keepsUploads = false;
    await scene.uploads.sweep(never);
    assert.deepEqual([await scene.present(), scene.store.uploads.list()], [[], []]);
    scene.choices.keepsUploads = true;
    const third = scene.begin(uri);
    await scene.prepare(third);
    await scene.end(third);
    scene.now += 73 * hourMs;
    await scene.uploads.sweep(never);
    assert.deepEqual(scene.store.uploads.list(), []);
    assert.equal((await scene.api.log({ route: 'deleteFile' })).length, 1, 'nothing to delete');
  });

  it('is never begun of what a job has just begun to use', async () => {
    scene.choices.keepsUploads = true;
    const uri = await scene.png('a.png');
    const first = scene.begin(uri);
    await scene.prepare(first);
    await scene.end(first);
    await scene.prepare(scene.begin(uri));
    assert.equal(await scene.uploads.removeOldest(5, never), 0);
    assert.equal((await scene.present()).length, 1);
  });

  it('makes room: the oldest of ours that no job needs', async () => {
    scene.choices.keepsUploads = true;
    await scene.files.upload(
      {
        fileName: 'not-ours.png',
        mimeType: 'image/png',
        sizeBytes: 8,
        open: () => Readable.from([Buffer.from('89504e470d0a1a0a', 'hex')]),
      },
      never,
    );
    const urls: string[] = [];
    for (const colour of ['red', 'green', 'blue', 'white']) {
      scene.now += 1000;
      const job = scene.begin(await scene.png(`${colour}.png`, colour));
      urls.push(...(await scene.prepare(job)));
      if (colour !== 'red') await scene.end(job);
    }
    assert.equal(await scene.uploads.removeOldest(2, never), 2);
    const left = (await scene.present()).map(({ url }) => url);
    assert.deepEqual(left.slice(1), [urls[0], urls[3]]);
    assert.match(left[0] ?? '', /not-ours/);
  });
});
