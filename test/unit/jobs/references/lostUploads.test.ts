import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Job } from '../../../../src/jobs/job.ts';
import { failure, never } from '../../evolink/setup.ts';
import { hourMs, plain, ReferenceScene } from './referenceFixture.ts';

describe('an upload that arrived though no answer said so', () => {
  const scene = new ReferenceScene().use();

  /** Sent by a window that does not live to hear the answer. */
  async function sendUnheard(job: Job): Promise<void> {
    const fault = { kind: 'hang', after: true } as const;
    await scene.api.fault({ match: { route: 'uploadStream' }, fault });
    const controller = new AbortController();
    const work = failure(scene.prepare(job, controller.signal));
    const before = (await scene.present()).length;
    while ((await scene.present()).length === before) await sleep(5);
    controller.abort();
    await work;
  }

  /** The same bytes under another name, wanted by another job. */
  async function again(uri: string): Promise<Job> {
    const copy = await scene.write('copy.png', Buffer.alloc(0));
    await copyFile(fileURLToPath(uri), fileURLToPath(copy));
    return scene.begin(copy);
  }

  it('is used, and lives no longer than since it was sent', async () => {
    const uri = await scene.png('a.png');
    const job = scene.begin(uri);
    await sendUnheard(job);
    const startedAt = scene.now;
    scene.now += 60 * hourMs;
    const [address] = await scene.prepare(job);
    assert.deepEqual([address, await scene.sent()], [(await scene.present())[0]?.url, 1]);
    assert.equal(scene.store.uploads.list()[0]?.expiresAt, startedAt + 72 * hourMs);
    scene.now += 11 * hourMs;
    assert.notEqual((await scene.prepare(await again(uri)))[0], address);
    assert.equal(await scene.sent(), 2);
  });

  it('is used by nobody when the file has changed since', async () => {
    const uri = await scene.png('a.png');
    const job = scene.begin(uri);
    await sendUnheard(job);
    const other = await again(uri);
    await writeFile(fileURLToPath(uri), await plain('blue').png().toBuffer());
    const [address] = await scene.prepare(job);
    const [first, second] = await scene.present();
    assert.equal(address, second?.url);
    assert.notEqual((await scene.prepare(other))[0], first?.url);
    for (const each of [job, other]) await scene.end(each);
    assert.deepEqual([await scene.present(), scene.store.uploads.list()], [[], []]);
  });

  it('is used by nobody when the file changed while it was sent', async () => {
    const uri = await scene.png('a.png');
    const job = scene.begin(uri);
    const other = await again(uri);
    const lost = { kind: 'reset', at: 'afterRequest' } as const;
    await scene.api.fault({ match: { route: 'uploadStream' }, fault: lost });
    const work = scene.uploads.prepare(job, never, () => writeFileSync(fileURLToPath(uri), 'else'));
    const error = await failure(work);
    assert.equal(error.message, 'a.png: The file changed while it was sent');
    assert.deepEqual(error.details.reference, { name: 'a.png', problem: 'changed' });
    const [first, ...more] = await scene.present();
    assert.deepEqual(more, []);
    assert.notEqual((await scene.prepare(other))[0], first?.url);
    for (const each of [job, other]) await scene.end(each);
    assert.deepEqual([await scene.present(), scene.store.uploads.list()], [[], []]);
  });
});
