import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '../../../../src/jobs/job.ts';
import type { ReferenceUploads } from '../../../../src/jobs/references/referenceUploads.ts';
import { failure, never } from '../../evolink/setup.ts';
import { hourMs, ReferenceFixture } from './referenceFixture.ts';
import { sample } from '../sampleJobs.ts';

/** Between two looks for what was broken off, before it is scaled. */
const lookPauseMs = 20_000;

describe('deleting uploads', () => {
  const fixture = new ReferenceFixture().use();

  it('comes when the last job that needs it has ended', async () => {
    const uri = await fixture.png('a.png');
    const [one, two] = [fixture.begin(uri), fixture.begin(uri)];
    await fixture.prepare(one);
    await fixture.prepare(two);
    await fixture.end(one);
    assert.equal((await fixture.present()).length, 1);
    await fixture.end(two);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('does not come while the job may be submitted or drawn', async () => {
    const job = fixture.begin(await fixture.png('a.png'));
    const imageUrls = await fixture.prepare(job);
    fixture.store.advance(job.id, { type: 'submitting', imageUrls });
    await fixture.uploads.forget(job);
    fixture.store.advance(job.id, { type: 'accepted', taskId: 't', at: fixture.now });
    await fixture.uploads.forget(job);
    assert.equal((await fixture.present()).length, 1);
    fixture.store.advance(job.id, {
      type: 'completed',
      resultUrl: 'https://x/y.png',
      at: fixture.now,
    });
    await fixture.uploads.forget(job);
    assert.equal((await fixture.present()).length, 0);
  });

  for (const [what, moves] of [
    ['unconfirmed', [{ type: 'unconfirmed', error: sample.unconfirmed.error }]],
    ['stopped', [{ type: 'accepted', taskId: 't', at: 1 }, { type: 'stopped' }]],
  ] as const)
    it(`comes an hour after a job became ${what}, as it may be drawn unseen`, async () => {
      const job = fixture.begin(await fixture.png('a.png'));
      const imageUrls = await fixture.prepare(job);
      fixture.store.advance(job.id, { type: 'submitting', imageUrls });
      for (const event of moves) fixture.store.advance(job.id, event);
      fixture.now += 0.9 * hourMs;
      await fixture.uploads.sweep(never);
      assert.equal((await fixture.present()).length, 1);
      fixture.now += 0.2 * hourMs;
      await fixture.uploads.sweep(never);
      assert.equal((await fixture.present()).length, 0);
    });

  it('is tried again when it failed, later and later, and by the next window', async () => {
    const job = fixture.begin(await fixture.png('a.png'));
    await fixture.prepare(job);
    await fixture.api.configure({ offline: true });
    await fixture.end(job);
    assert.equal(fixture.store.uploads.list().length, 1);
    const triesBefore = fixture.log.length;
    await fixture.uploads.sweep(never);
    assert.equal(fixture.log.length, triesBefore, 'not at once');
    await sleep(10);
    await fixture.uploads.sweep(never);
    assert.equal(fixture.log.length, triesBefore + 1);
    await fixture.api.configure({ offline: false });
    fixture.store.close();
    fixture.store = fixture.open();
    fixture.uploads = fixture.make();
    await fixture.uploads.sweep(never);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('tries every file, though one cannot be deleted', async () => {
    const colours = ['red', 'green', 'blue'];
    const uris = await fixture.pngs(...colours);
    const job = fixture.begin(...uris);
    await fixture.prepare(job);
    const refused = { kind: 'status', status: 403 } as const;
    await fixture.api.fault({ match: { route: 'deleteFile' }, fault: refused });
    await fixture.end(job);
    assert.equal((await fixture.present()).length, 1);
    await sleep(20);
    await fixture.uploads.sweep(never);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('is left alone for as long as the service asks', async () => {
    const job = fixture.begin(...(await fixture.pngs('red', 'green', 'blue', 'black', 'white')));
    await fixture.prepare(job);
    const limited = { kind: 'status', status: 429, retryAfter: 60 } as const;
    await fixture.api.fault({ match: { route: 'deleteFile' }, fault: limited });
    await fixture.end(job);
    const asked = async () => (await fixture.api.log({ route: 'deleteFile' })).length;
    const before = await asked();
    await sleep(20);
    await fixture.uploads.sweep(never);
    assert.equal(await asked(), before);
    fixture.pass(61_000);
    await fixture.uploads.sweep(never);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  for (const [whose, status] of [
    ['a gateway says that the file is not there', 404],
    ['a page to sign in to a network answers in the service’s place', 200],
    ['a proxy answers with nothing', 204],
  ] as const)
    it(`is tried again when ${whose}`, async () => {
      const job = fixture.begin(await fixture.png('a.png'));
      await fixture.prepare(job);
      const body = status === 204 ? 'empty' : 'html';
      const fault = { kind: 'status', status, body } as const;
      await fixture.api.fault({ match: { route: 'deleteFile' }, fault });
      await fixture.end(job);
      assert.equal((await fixture.present()).length, 1);
      await sleep(20);
      await fixture.uploads.sweep(never);
      assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
    });

  it('is over for a file that the list does not have, whoever says that it is not there', async () => {
    const job = fixture.begin(await fixture.png('a.png'));
    await fixture.prepare(job);
    const [file] = await fixture.present();
    await fixture.files.delete(file?.id ?? '', never);
    const fault = { kind: 'status', status: 404, body: 'html' } as const;
    await fixture.api.fault({ match: { route: 'deleteFile' }, fault });
    await fixture.end(job);
    assert.deepEqual(fixture.store.uploads.list(), []);
  });

  /** A job whose upload arrived, though the answer was lost and no list tells of it. */
  async function beginLost(): Promise<Job> {
    const lost = { kind: 'reset', at: 'afterRequest' } as const;
    await fixture.api.fault({ match: { route: 'uploadStream' }, times: 'always', fault: lost });
    const unlisted = { kind: 'status', status: 404 } as const;
    await fixture.api.fault({ match: { route: 'listFiles' }, times: 'always', fault: unlisted });
    const job = fixture.begin(await fixture.png('a.png'));
    assert.equal((await failure(fixture.prepare(job))).code, 'network');
    return job;
  }

  it('finds what arrived though the answer was lost', async () => {
    const job = await beginLost();
    assert.equal((await fixture.present()).length, 1);
    await fixture.api.clearFaults();
    await fixture.end(job);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('finds what arrived though a gateway refused it afterwards', async () => {
    const fault = { kind: 'status', status: 413, body: 'html', after: true } as const;
    await fixture.api.fault({ match: { route: 'uploadStream' }, fault });
    const job = fixture.begin(await fixture.png('a.png'));
    assert.equal((await failure(fixture.prepare(job))).code, 'tooLarge');
    assert.equal((await fixture.present()).length, 1);
    await fixture.end(job);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('does not look for what the service itself refused', async () => {
    const fault = { kind: 'status', status: 413, shape: 'msg' } as const;
    await fixture.api.fault({ match: { route: 'uploadStream' }, fault });
    const job = fixture.begin(await fixture.png('a.png'));
    assert.equal((await failure(fixture.prepare(job))).code, 'tooLarge');
    assert.deepEqual(fixture.store.uploads.list(), []);
  });

  it('waits a while for what was broken off, should it arrive yet', async () => {
    const controller = new AbortController();
    await fixture.api.fault({ match: { route: 'uploadStream' }, fault: { kind: 'hang' } });
    const job = fixture.begin(await fixture.png('a.png'));
    const before = await fixture.sent();
    const work = failure(fixture.prepare(job, controller.signal));
    while ((await fixture.sent()) === before) await sleep(5);
    controller.abort();
    await work;
    await fixture.end(job);
    assert.equal(fixture.store.uploads.list().length, 1);
    fixture.pass(61);
    await sleep(lookPauseMs * 0.001 + 5);
    await fixture.uploads.forget(job);
    assert.deepEqual(fixture.store.uploads.list(), []);
  });

  const lists = async () => (await fixture.api.log({ route: 'listFiles' })).length;

  /** A job that is over, of whose upload nobody knows whether it arrived. */
  async function breakOff(uploads: ReferenceUploads, colour: string): Promise<Job> {
    await fixture.api.fault({ match: { route: 'uploadStream' }, fault: { kind: 'hang' } });
    const controller = new AbortController();
    const job = fixture.begin(await fixture.png(`${colour}.png`, colour));
    const before = await fixture.sent();
    const work = failure(uploads.prepare(job, controller.signal));
    while ((await fixture.sent()) === before) await sleep(5);
    controller.abort();
    await work;
    fixture.store.move(job.id, { type: 'cancelled' });
    return job;
  }

  it('looks for what was broken off only now and then, and at once for what is new', async () => {
    const waitScale = 0.1;
    const uploads = fixture.make({ waitScale });
    await uploads.forget(await breakOff(uploads, 'red'));
    assert.equal(await lists(), 1);
    for (let beat = 0; beat < 10; beat += 1) await uploads.sweep(never);
    assert.equal(await lists(), 1);
    const known = fixture.begin(await fixture.png('green.png', 'green'));
    await uploads.prepare(known, never);
    fixture.store.move(known.id, { type: 'cancelled' });
    await uploads.sweep(never);
    assert.deepEqual([(await fixture.present()).length, await lists()], [0, 1], 'deleted at once');
    await breakOff(uploads, 'blue');
    for (let beat = 0; beat < 10; beat += 1) await uploads.sweep(never);
    assert.equal(await lists(), 2);
    await sleep(lookPauseMs * waitScale);
    fixture.pass(61_000 * waitScale);
    for (let beat = 0; beat < 10; beat += 1) await uploads.sweep(never);
    assert.deepEqual([fixture.store.uploads.list(), await lists()], [[], 3]);
  });

  it('does not wait for a list to delete what it knows', async () => {
    const uri = await fixture.png('green.png', 'green');
    const known = fixture.begin(uri);
    await fixture.prepare(known);
    const lost = await breakOff(fixture.uploads, 'red');
    await fixture.api.fault({
      match: { route: 'listFiles' },
      times: 'always',
      fault: { kind: 'hang' },
    });
    const controller = new AbortController();
    let isLooking = true;
    const looking = fixture.uploads
      .forget(lost, controller.signal)
      .finally(() => (isLooking = false));
    while ((await lists()) === 0) await sleep(5);
    fixture.store.move(known.id, { type: 'cancelled' });
    const deleting = fixture.uploads.sweep(controller.signal);
    while ((await fixture.present()).length > 0) await sleep(5);
    // It is gone there a moment before that is known here.
    while (fixture.store.uploads.list().length > 1) await sleep(5);
    assert.ok(isLooking, 'it waited');
    controller.abort();
    await Promise.all([looking, deleting]);
    assert.equal(fixture.store.uploads.list().length, 1);
  });

  it('keeps in mind what is there when a list cannot be understood', async () => {
    const job = await beginLost();
    fixture.store.move(job.id, { type: 'cancelled' });
    fixture.now += hourMs;
    await fixture.api.clearFaults();
    const strange = { kind: 'wrongTypes', remove: ['data.files'] } as const;
    await fixture.api.fault({ match: { route: 'listFiles' }, times: 'always', fault: strange });
    await fixture.uploads.sweep(never);
    assert.match(fixture.log.at(-1) ?? '', /Failed to look for uploads .*cannot be read/);
    assert.deepEqual(
      [(await fixture.present()).length, fixture.store.uploads.list().length],
      [1, 1],
    );
    await fixture.api.clearFaults();
    await sleep(lookPauseMs * 0.001 + 5);
    await fixture.uploads.sweep(never);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('counts only what is gone when room is asked for', async () => {
    fixture.choices.keepsUploads = true;
    await breakOff(fixture.uploads, 'red');
    const job = fixture.begin(await fixture.png('blue.png', 'blue'));
    await fixture.prepare(job);
    await fixture.end(job);
    assert.equal(await fixture.uploads.removeOldest(2, never), 1);
  });

  it('is not done where uploads are to be kept, until that changes or they are gone', async () => {
    fixture.choices.keepsUploads = true;
    const uri = await fixture.png('a.png');
    const [first, second] = [fixture.begin(uri), fixture.begin(uri)];
    const addresses = await fixture.prepare(first);
    await fixture.end(first);
    assert.deepEqual(await fixture.prepare(second), addresses);
    await fixture.end(second);
    assert.deepEqual([(await fixture.present()).length, await fixture.sent()], [1, 1]);
    fixture.choices.keepsUploads = false;
    await fixture.uploads.sweep(never);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
    fixture.choices.keepsUploads = true;
    const third = fixture.begin(uri);
    await fixture.prepare(third);
    await fixture.end(third);
    fixture.now += 73 * hourMs;
    await fixture.uploads.sweep(never);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('is done soon, though the clock was ahead when the job ended', async () => {
    const job = fixture.begin(await fixture.png('a.png'));
    await fixture.prepare(job);
    await fixture.api.configure({ offline: true });
    fixture.now += 80 * hourMs;
    await fixture.end(job);
    await fixture.api.configure({ offline: false });
    fixture.now -= 80 * hourMs;
    await sleep(20);
    await fixture.uploads.sweep(never);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('is done at the service, though by a clock that jumped its time is over', async () => {
    const job = fixture.begin(await fixture.png('a.png'));
    await fixture.prepare(job);
    fixture.now += 80 * hourMs;
    const unrelated = fixture.begin(await fixture.png('b.png', 'blue'));
    await fixture.end(unrelated);
    assert.equal(fixture.store.uploads.list().length, 1, 'a job needs it');
    await fixture.end(job);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
    assert.equal((await fixture.api.log({ route: 'deleteFile' })).length, 1);
  });

  it('takes "not there" from the account alone that has the file', async () => {
    const job = fixture.begin(await fixture.png('a.png'));
    await fixture.prepare(job);
    const lost = await breakOff(fixture.uploads, 'blue');
    let asked = 0;
    const account = 'other';
    const files: typeof fixture.files = {
      ...fixture.files,
      account: () => Promise.resolve(account),
      delete: () => {
        asked += 1;
        return Promise.resolve({ wasThere: 'no', account });
      },
      list: () => Promise.resolve([]),
    };
    const stranger = fixture.make({ files });
    fixture.store.move(job.id, { type: 'cancelled' });
    for (let tries = 0; tries < 3; tries += 1) {
      await stranger.forget(lost);
      fixture.pass(hourMs);
    }
    assert.deepEqual([fixture.store.uploads.list().length, asked], [2, 1]);
    await fixture.uploads.forget(job);
    fixture.pass(hourMs);
    await fixture.uploads.forget(lost);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('is never begun of what a job has just begun to use', async () => {
    fixture.choices.keepsUploads = true;
    const uri = await fixture.png('a.png');
    const first = fixture.begin(uri);
    await fixture.prepare(first);
    await fixture.end(first);
    await fixture.prepare(fixture.begin(uri));
    assert.equal(await fixture.uploads.removeOldest(5, never), 0);
    assert.equal((await fixture.present()).length, 1);
  });

  it('makes room: the oldest of ours that no job needs', async () => {
    fixture.choices.keepsUploads = true;
    await fixture.files.upload(
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
      fixture.now += 1000;
      const job = fixture.begin(await fixture.png(`${colour}.png`, colour));
      urls.push(...(await fixture.prepare(job)));
      if (colour !== 'red') await fixture.end(job);
    }
    assert.equal(await fixture.uploads.removeOldest(2, never), 2);
    const left = (await fixture.present()).map(({ url }) => url);
    assert.deepEqual(left.slice(1), [urls[0], urls[3]]);
    assert.match(left[0] ?? '', /not-ours/);
  });
});
