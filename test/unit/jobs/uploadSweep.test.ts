import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, never } from '../evolink/setup.ts';
import { hourMs, ReferenceScene } from './referenceScene.ts';
import { sample } from './sampleJobs.ts';

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

  it('finds what arrived though the answer was lost', async () => {
    const lost = { kind: 'reset', at: 'afterRequest' } as const;
    await scene.api.fault({ match: { route: 'uploadStream' }, times: 'always', fault: lost });
    const unlisted = { kind: 'status', status: 404 } as const;
    await scene.api.fault({ match: { route: 'listFiles' }, times: 'always', fault: unlisted });
    const job = scene.begin(await scene.png('a.png'));
    assert.equal((await failure(scene.prepare(job))).code, 'network');
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
    await scene.uploads.forget(job);
    assert.deepEqual(scene.store.uploads.list(), []);
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
