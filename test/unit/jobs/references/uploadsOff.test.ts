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

  const hourMs = 3600_000;
  for (const [when, askedHours, sent] of [
    ['it was still there when the job was ordered', 23, false],
    ['it was just still there', 23.9, false],
    ['it was gone already, so that its user was asked', 30, true],
    ['it was taken up by its id, of unknown age', 0, true],
  ] as const)
    it(`what EvoLink no longer has is ${sent ? '' : 'not '}sent when ${when}`, async () => {
      const asked: boolean[] = [];
      const careful = fixture.make({
        mayUpload: (isAgreed) => asked.push(isAgreed) > 0 && isAgreed,
      });
      const [made = ''] = await fixture.pngs('red');
      const sha256 = await sha256OfFile(fileURLToPath(made));
      const prompt = askedHours === 0 ? '' : 'a fox';
      const createdAt = fixture.now - askedHours * hourMs;
      fixture.store.add([{ ...sample.saved, id: 'made', sha256, createdAt, prompt }]);
      // Two hours in the queue.
      const job = { ...fixture.begin(made), createdAt: fixture.now - 2 * hourMs };
      const work = careful.prepare(job, never);
      if (sent) assert.equal((await work).length, 1);
      else {
        const error = await failure(work);
        assert.deepEqual(
          [error.code, error.details.reference?.problem, error.details.sent],
          ['forbidden', 'notAgreed', 'no'],
        );
        assert.deepEqual([await fixture.api.log(), await left()], [[], [[], []]]);
      }
      assert.equal(asked[0], sent);
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
