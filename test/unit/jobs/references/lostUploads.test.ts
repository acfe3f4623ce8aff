import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Job } from '../../../../src/jobs/job.ts';
import { failure, never } from '../../evolink/setup.ts';
import { hourMs, plain, ReferenceFixture } from './referenceFixture.ts';

describe('an upload that arrived though no answer said so', () => {
  const fixture = new ReferenceFixture().use();

  /** Sent by a window that does not live to hear the answer. */
  async function sendUnheard(job: Job): Promise<void> {
    const fault = { kind: 'hang', after: true } as const;
    await fixture.api.fault({ match: { route: 'uploadStream' }, fault });
    const controller = new AbortController();
    const work = failure(fixture.prepare(job, controller.signal));
    const before = (await fixture.present()).length;
    while ((await fixture.present()).length === before) await sleep(5);
    controller.abort();
    await work;
  }

  /** The same bytes under another name, wanted by another job. */
  async function again(uri: string): Promise<Job> {
    const copy = await fixture.write('copy.png', Buffer.alloc(0));
    await copyFile(fileURLToPath(uri), fileURLToPath(copy));
    return fixture.begin(copy);
  }

  it('is used, and lives no longer than since it was sent', async () => {
    const uri = await fixture.png('a.png');
    const job = fixture.begin(uri);
    await sendUnheard(job);
    const startedAt = fixture.now;
    fixture.now += 60 * hourMs;
    const [address] = await fixture.prepare(job);
    assert.deepEqual([address, await fixture.sent()], [(await fixture.present())[0]?.url, 1]);
    assert.equal(fixture.store.uploads.list()[0]?.expiresAt, startedAt + 72 * hourMs);
    fixture.now += 11 * hourMs;
    assert.notEqual((await fixture.prepare(await again(uri)))[0], address);
    assert.equal(await fixture.sent(), 2);
  });

  it('is used by nobody when the file has changed since', async () => {
    const uri = await fixture.png('a.png');
    const job = fixture.begin(uri);
    await sendUnheard(job);
    const other = await again(uri);
    await writeFile(fileURLToPath(uri), await plain('blue').png().toBuffer());
    const [address] = await fixture.prepare(job);
    const [first, second] = await fixture.present();
    assert.equal(address, second?.url);
    assert.notEqual((await fixture.prepare(other))[0], first?.url);
    for (const each of [job, other]) await fixture.end(each);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });

  it('is used by nobody when the file changed while it was sent', async () => {
    const uri = await fixture.png('a.png');
    const job = fixture.begin(uri);
    const other = await again(uri);
    const lost = { kind: 'reset', at: 'afterRequest' } as const;
    await fixture.api.fault({ match: { route: 'uploadStream' }, fault: lost });
    const work = fixture.uploads.prepare(job, never, () =>
      writeFileSync(fileURLToPath(uri), 'else'),
    );
    const error = await failure(work);
    assert.equal(error.message, 'a.png: The file changed while it was sent');
    assert.deepEqual(error.details.reference, { name: 'a.png', problem: 'changed' });
    const [first, ...more] = await fixture.present();
    assert.deepEqual(more, []);
    assert.notEqual((await fixture.prepare(other))[0], first?.url);
    for (const each of [job, other]) await fixture.end(each);
    assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
  });
});
