import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sha256OfFile } from '../../../../src/images/sha256.ts';
import type { ReferenceUploads } from '../../../../src/jobs/references/referenceUploads.ts';
import { failure, never } from '../../evolink/setup.ts';
import { ReferenceFixture } from './referenceFixture.ts';
import { sample } from '../sampleJobs.ts';

describe('where no file may be sent', () => {
  const fixture = new ReferenceFixture().use();
  let mayUpload: boolean;
  let uploads: ReferenceUploads;
  beforeEach(() => {
    mayUpload = false;
    uploads = fixture.make({ mayUpload: () => mayUpload });
  });

  const left = async () => [await fixture.present(), fixture.store.uploads.list()];

  it('a job is refused that would need it, and nothing is asked or left', async () => {
    const uris = await fixture.pngs('red', 'blue');
    const error = await failure(uploads.prepare(fixture.begin(...uris), never));
    assert.deepEqual([error.code, error.details.sent], ['forbidden', 'no']);
    assert.equal(error.details.reference?.problem, 'uploadsOff');
    assert.match(error.details.reference.name, /^(red|blue)\.png$/);
    assert.deepEqual([await fixture.api.log(), await left()], [[], [[], []]]);
  });

  it('what has an address is used: of the web, of a result, of an upload', async () => {
    const web = 'https://example.com/a.png';
    const [sent = '', made = ''] = await fixture.pngs('red', 'blue');
    const [address] = await fixture.prepare(fixture.begin(sent));
    const sha256 = await sha256OfFile(fileURLToPath(made));
    fixture.store.add([{ ...sample.saved, id: 'made', sha256, createdAt: fixture.now }]);
    const addresses = await uploads.prepare(fixture.begin(web, made, sent), never);
    assert.deepEqual(addresses, [web, sample.saved.resultUrl, address]);
  });

  it('what was broken off is used when it arrived, and else not sent again', async () => {
    mayUpload = true;
    const [red = '', blue = ''] = await fixture.pngs('red', 'blue');
    const job = fixture.begin(red);
    for (const [each, after] of [
      [job, true],
      [fixture.begin(blue), false],
    ] as const) {
      const before = await fixture.sent();
      const controller = new AbortController();
      await fixture.api.fault({ match: { route: 'uploadStream' }, fault: { kind: 'hang', after } });
      const work = failure(uploads.prepare(each, controller.signal));
      while ((await fixture.sent()) === before || (await fixture.present()).length === 0)
        await sleep(5);
      controller.abort();
      await work;
    }
    mayUpload = false;
    assert.deepEqual(await uploads.prepare(job, never), [(await fixture.present())[0]?.url]);
    const broken = fixture.store.listUnfinished().at(-1)!;
    assert.equal((await failure(uploads.prepare(broken, never))).code, 'forbidden');
    assert.equal(await fixture.sent(), 2);
  });

  it('nothing is sent again either, when that is decided while it is tried', async () => {
    mayUpload = true;
    const slower = fixture.make({ mayUpload: () => mayUpload, waitScale: 0.05 });
    const busy = { kind: 'status', status: 429 } as const;
    await fixture.api.fault({ match: { route: 'uploadStream' }, times: 'always', fault: busy });
    const work = failure(slower.prepare(fixture.begin(await fixture.png('a.png')), never));
    while ((await fixture.sent()) === 0) await sleep(1);
    mayUpload = false;
    assert.equal((await work).code, 'forbidden');
    assert.ok((await fixture.sent()) < 5, 'it was tried to the end');
    assert.deepEqual(await left(), [[], []]);
  });
});
