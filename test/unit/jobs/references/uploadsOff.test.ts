import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sha256OfFile } from '../../../../src/images/sha256.ts';
import type { ReferenceUploads } from '../../../../src/jobs/references/referenceUploads.ts';
import { failure, never } from '../../evolink/setup.ts';
import { ReferenceScene } from './referenceFixture.ts';
import { sample } from '../sampleJobs.ts';

describe('where no file may be sent', () => {
  const scene = new ReferenceScene().use();
  let mayUpload: boolean;
  let uploads: ReferenceUploads;
  beforeEach(() => {
    mayUpload = false;
    uploads = scene.make({ mayUpload: () => mayUpload });
  });

  const left = async () => [await scene.present(), scene.store.uploads.list()];

  it('a job is refused that would need it, and nothing is asked or left', async () => {
    const uris = await scene.pngs('red', 'blue');
    const error = await failure(uploads.prepare(scene.begin(...uris), never));
    assert.deepEqual([error.code, error.details.sent], ['forbidden', 'no']);
    assert.equal(error.details.reference?.problem, 'uploadsOff');
    assert.match(error.details.reference.name, /^(red|blue)\.png$/);
    assert.deepEqual([await scene.api.log(), await left()], [[], [[], []]]);
  });

  it('what has an address is used: of the web, of a result, of an upload', async () => {
    const web = 'https://example.com/a.png';
    const [sent = '', made = ''] = await scene.pngs('red', 'blue');
    const [address] = await scene.prepare(scene.begin(sent));
    const sha256 = await sha256OfFile(fileURLToPath(made));
    scene.store.add([{ ...sample.saved, id: 'made', sha256, createdAt: scene.now }]);
    const addresses = await uploads.prepare(scene.begin(web, made, sent), never);
    assert.deepEqual(addresses, [web, sample.saved.resultUrl, address]);
  });

  it('what was broken off is used when it arrived, and else not sent again', async () => {
    mayUpload = true;
    const [red = '', blue = ''] = await scene.pngs('red', 'blue');
    const job = scene.begin(red);
    for (const [each, after] of [
      [job, true],
      [scene.begin(blue), false],
    ] as const) {
      const before = await scene.sent();
      const controller = new AbortController();
      await scene.api.fault({ match: { route: 'uploadStream' }, fault: { kind: 'hang', after } });
      const work = failure(uploads.prepare(each, controller.signal));
      while ((await scene.sent()) === before || (await scene.present()).length === 0)
        await sleep(5);
      controller.abort();
      await work;
    }
    mayUpload = false;
    assert.deepEqual(await uploads.prepare(job, never), [(await scene.present())[0]?.url]);
    const broken = scene.store.listUnfinished().at(-1)!;
    assert.equal((await failure(uploads.prepare(broken, never))).code, 'forbidden');
    assert.equal(await scene.sent(), 2);
  });

  it('nothing is sent again either, when that is decided while it is tried', async () => {
    mayUpload = true;
    const slower = scene.make({ mayUpload: () => mayUpload, waitScale: 0.05 });
    const busy = { kind: 'status', status: 429 } as const;
    await scene.api.fault({ match: { route: 'uploadStream' }, times: 'always', fault: busy });
    const work = failure(slower.prepare(scene.begin(await scene.png('a.png')), never));
    while ((await scene.sent()) === 0) await sleep(1);
    mayUpload = false;
    assert.equal((await work).code, 'forbidden');
    assert.ok((await scene.sent()) < 5, 'it was tried to the end');
    assert.deepEqual(await left(), [[], []]);
  });
});
