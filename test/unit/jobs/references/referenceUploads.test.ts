import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EvolinkError } from '../../../../src/evolink/errors.ts';
import type { FilesClient } from '../../../../src/evolink/files.ts';
import { OwnedElsewhereError } from '../../../../src/jobs/store/storeErrors.ts';
import { failure, never } from '../../evolink/setup.ts';
import { hourMs, plain, ReferenceFixture } from './referenceFixture.ts';
import { sample, spec } from '../sampleJobs.ts';

describe('references on the provider’s service', () => {
  const fixture = new ReferenceFixture().use();

  describe('preparing', () => {
    it('gives addresses in the order of the references, and passes web addresses on', async () => {
      const [red, blue] = [await fixture.png('red.png'), await fixture.png('blue.png', 'blue')];
      const web = 'https://example.com/a.png';
      const addresses = await fixture.prepare(fixture.begin(blue, web, red, blue));
      const byUrl = new Map((await fixture.api.files()).map((file) => [file.url, file.sha256]));
      const stored = addresses.map((url) => byUrl.get(url));
      assert.equal(addresses[1], web);
      assert.equal(stored[0], stored[3]);
      assert.notEqual(stored[0], stored[2]);
      assert.deepEqual([stored[1], await fixture.sent()], [undefined, 2]);
      assert.deepEqual(fixture.disposed.toSorted(), [red, blue].toSorted());
    });

    it('sends under names that tell nothing, no two the same', async () => {
      const colours = ['red', 'green', 'blue'];
      await fixture.prepare(
        fixture.begin(...(await Promise.all(colours.map((c) => fixture.png(`my ${c}.png`, c))))),
      );
      const names = (await fixture.api.files()).map(({ fileName }) => fileName);
      assert.equal(new Set(names).size, 3);
      for (const name of names) assert.match(name, /^[\da-f-]{36}\.png$/);
    });

    it('sends nothing for an image made here, as long as its result is there', async () => {
      const uri = await fixture.png('made.png');
      await fixture.prepare(fixture.begin(uri));
      const [file] = await fixture.api.files();
      const times = { createdAt: fixture.now, finishedAt: fixture.now };
      const made = { ...sample.saved, id: 'made', sha256: file!.sha256, ...times };
      fixture.store.add([made]);
      const again = fixture.begin(uri);
      fixture.now += 21 * hourMs;
      assert.deepEqual(await fixture.prepare(again), [made.resultUrl]);
      assert.equal(await fixture.sent(), 1);
      fixture.now += 2 * hourMs;
      assert.notDeepEqual(await fixture.prepare(again), [made.resultUrl]);
    });

    it('sends no bytes twice within their life, whatever the file is called', async () => {
      const first = await fixture.prepare(fixture.begin(await fixture.png('a.png')));
      fixture.now += 69 * hourMs;
      assert.deepEqual(await fixture.prepare(fixture.begin(await fixture.png('b.png'))), first);
      assert.equal(await fixture.sent(), 1);
      fixture.now += 2 * hourMs;
      assert.notDeepEqual(await fixture.prepare(fixture.begin(await fixture.png('c.png'))), first);
      assert.equal(await fixture.sent(), 2);
    });

    it('sends the same bytes once for two jobs at the same time', async () => {
      const uri = await fixture.png('a.png');
      const [one, two] = await Promise.all([
        fixture.prepare(fixture.begin(uri)),
        fixture.prepare(fixture.begin(uri)),
      ]);
      assert.deepEqual(one, two);
      assert.equal(await fixture.sent(), 1);
    });

    it('sends itself what another job was sending that was cancelled', async () => {
      const uri = await fixture.large('a.png');
      const controller = new AbortController();
      await fixture.api.fault({
        match: { route: 'uploadStream', nth: 1 },
        fault: { kind: 'hang' },
      });
      const first = failure(fixture.prepare(fixture.begin(uri), controller.signal));
      await sleep(50);
      const second = fixture.prepare(fixture.begin(uri));
      await sleep(50);
      controller.abort();
      assert.equal((await first).code, 'cancelled');
      assert.equal((await second)[0], (await fixture.present())[0]?.url);
    });

    it('leaves out metadata as chosen, and keeps both choices apart', async () => {
      const secret = 'Secret Camera';
      const image = plain('red')
        .jpeg()
        .withExif({ IFD0: { Make: secret } });
      const bytes = await image.toBuffer();
      const uri = await fixture.write('photo.jpg', bytes);
      for (const removesMetadata of [true, false, true, false]) {
        fixture.choices.removesMetadata = removesMetadata;
        const [url = ''] = await fixture.prepare(fixture.begin(uri));
        const got = Buffer.from(await (await fetch(url)).arrayBuffer());
        assert.equal(got.includes(secret), !removesMetadata);
        if (!removesMetadata) assert.deepEqual(got, bytes);
      }
      assert.equal(await fixture.sent(), 2);
    });

    it('goes by the bytes and not by the name', async () => {
      const webp = await fixture.write('picture.png', await plain('red').webp().toBuffer());
      await fixture.prepare(fixture.begin(webp));
      const [file] = await fixture.api.files();
      assert.equal(file?.mimeType, 'image/webp');
      assert.match(file.fileName, /\.webp$/);
    });

    it('takes a photo with a film behind it', async () => {
      const jpeg = await plain('red').jpeg().toBuffer();
      await fixture.prepare(
        fixture.begin(await fixture.write('live.jpg', Buffer.concat([jpeg, Buffer.alloc(50_000)]))),
      );
      assert.equal((await fixture.api.files())[0]?.sizeBytes, jpeg.length);
    });

    it('tells how much is sent of how much, seldom enough, and the end', async () => {
      const uris = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) => fixture.large(`${name}.png`)),
      );
      const told: [number, number, number][] = [];
      const job = fixture.begin(...uris, 'https://example.com/a.png');
      const startedMs = performance.now();
      await fixture.uploads.prepare(job, never, (sentBytes, total) => {
        told.push([performance.now(), sentBytes, total]);
      });
      const tookMs = performance.now() - startedMs;
      const total = (await fixture.api.files()).reduce((sum, file) => sum + file.sizeBytes, 0);
      assert.deepEqual(told.at(-1)?.slice(1), [total, total]);
      assert.ok(told.every(([, , of]) => of === total));
      assert.ok(told.every(([, bytes], index) => bytes >= (told[index - 1]?.[1] ?? 0)));
      assert.ok(told.length <= tookMs / 200 + 2, `${String(told.length)} in ${String(tookMs)} ms`);
    });

    it('sends three at once, over all jobs', async () => {
      let [atOnce, most] = [0, 0];
      const upload: FilesClient['upload'] = async (...args) => {
        most = Math.max(most, (atOnce += 1));
        await sleep(20);
        return await fixture.files.upload(...args).finally(() => (atOnce -= 1));
      };
      const uploads = fixture.make({ files: { ...fixture.files, upload } });
      const uris = await fixture.pngs('red', 'green', 'blue', 'white', 'black', 'grey', 'lime');
      const jobs = [fixture.begin(...uris.slice(0, 4)), fixture.begin(...uris.slice(4))];
      await Promise.all(jobs.map((job) => uploads.prepare(job, never)));
      assert.deepEqual([await fixture.sent(), most], [7, 3]);
    });

    it('sends again alone what failed for a passing reason', async () => {
      const colours = ['red', 'green', 'blue'];
      const uris = await fixture.pngs(...colours);
      const busy = { kind: 'status', status: 503 } as const;
      await fixture.api.fault({ match: { route: 'uploadStream', nth: 2 }, times: 2, fault: busy });
      const addresses = await fixture.prepare(fixture.begin(...uris));
      assert.equal(new Set(addresses).size, 3);
      assert.deepEqual([await fixture.sent(), (await fixture.api.files()).length], [5, 3]);
    });

    it('looks for what may have arrived before it sends it again', async () => {
      const lost = { kind: 'reset', at: 'afterRequest' } as const;
      await fixture.api.fault({ match: { route: 'uploadStream' }, fault: lost });
      const [address] = await fixture.prepare(fixture.begin(await fixture.png('a.png')));
      const [file] = await fixture.present();
      assert.deepEqual([address, await fixture.sent()], [file?.url, 1]);
    });

    it('sends it again under its name when there is no list, so that one file is left', async () => {
      const lost = { kind: 'reset', at: 'afterRequest' } as const;
      await fixture.api.fault({ match: { route: 'uploadStream' }, fault: lost });
      await fixture.api.fault({
        match: { route: 'listFiles' },
        times: 'always',
        fault: { kind: 'status', status: 404 },
      });
      const job = fixture.begin(await fixture.png('a.png'));
      const [address] = await fixture.prepare(job);
      assert.deepEqual(
        [(await fixture.present()).map(({ url }) => url), await fixture.sent()],
        [[address], 2],
      );
      await fixture.end(job);
      assert.deepEqual([await fixture.present(), fixture.store.uploads.list()], [[], []]);
    });

    it('does nothing for a job that is another window’s or over', async () => {
      const uri = await fixture.png('a.png');
      const job = fixture.begin(uri);
      fixture.store.move(job.id, { type: 'cancelled' });
      await assert.rejects(fixture.prepare(job), OwnedElsewhereError);
      const other = fixture.open();
      fixture.store.add([{ ...spec, id: 'theirs', references: [uri], state: 'queued' }]);
      other.claim({ isAtWork: () => false, isOpen: () => true });
      await assert.rejects(fixture.prepare(fixture.store.get('theirs')!), OwnedElsewhereError);
      other.close();
      assert.deepEqual([await fixture.sent(), fixture.store.uploads.list()], [0, []]);
    });

    it('does not begin with what it waited to send, when the job is over meanwhile', async () => {
      const slow = { kind: 'slow', firstByteMs: 400 } as const;
      await fixture.api.fault({ match: { route: 'uploadStream' }, times: 'always', fault: slow });
      const [last = '', ...others] = await fixture.pngs('red', 'green', 'blue', 'white');
      const first = fixture.prepare(fixture.begin(...others));
      while ((await fixture.sent()) < 3) await sleep(5);
      const job = fixture.begin(last);
      const waiting = assert.rejects(fixture.prepare(job), OwnedElsewhereError);
      await sleep(20);
      fixture.store.move(job.id, { type: 'cancelled' });
      await Promise.all([first, waiting]);
      assert.deepEqual([await fixture.sent(), fixture.store.uploads.list().length], [3, 3]);
    });

    it('stops sending when what it tells is refused, and goes on when it cannot be written', async () => {
      const job = fixture.begin(await fixture.large('a.png'));
      const full = Object.assign(new Error('disk is full'), { code: 'ERR_SQLITE_ERROR' });
      const refuse = (thrown: Error) => () => {
        throw thrown;
      };
      await assert.rejects(
        fixture.uploads.prepare(job, never, refuse(new OwnedElsewhereError('x'))),
        {
          name: 'OwnedElsewhereError',
        },
      );
      await fixture.uploads.prepare(job, never, refuse(full));
      assert.equal((await fixture.present()).length, 1);
    });
  });

  it('are sent by no job while the service asks another to wait', async () => {
    const limited = { kind: 'status', status: 429, retryAfter: 60 } as const;
    await fixture.api.fault({ match: { route: 'uploadStream' }, times: 'always', fault: limited });
    const closing = new AbortController();
    const works = [];
    for (const name of ['one.png', 'two.png']) {
      const job = fixture.begin(await fixture.png(name, name === 'one.png' ? 'red' : 'blue'));
      works.push(failure(fixture.prepare(job, closing.signal)));
      const isRefused = (line: string) => line.includes(`sending ${name} failed`);
      while (!fixture.log.some(isRefused)) await sleep(1);
    }
    assert.equal(await fixture.sent(), 1);
    closing.abort();
    await Promise.all(works);
  });

  it('are asked for by whatever way the file is opened, which is closed again', async () => {
    const path = join(fixture.folder, 'copy.png');
    await fixture.png('copy.png');
    const words = 'Nobody answers';
    const openReference = (uri: string) =>
      uri.startsWith('far:')
        ? Promise.resolve({ path, dispose: () => Promise.resolve(void fixture.disposed.push(uri)) })
        : Promise.reject(new EvolinkError('badRequest', words));
    const other = fixture.make({ openReference });
    await other.prepare(fixture.begin('far://host/there/a.png'), never);
    assert.deepEqual(fixture.disposed, ['far://host/there/a.png']);
    assert.equal((await failure(other.prepare(fixture.begin('near://x'), never))).message, words);
  });
});
