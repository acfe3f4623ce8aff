import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EvolinkError } from '../../../../src/evolink/errors.ts';
import type { FilesClient } from '../../../../src/evolink/files.ts';
import { OwnedElsewhereError } from '../../../../src/jobs/store/store.ts';
import { failure, never } from '../../evolink/setup.ts';
import { hourMs, plain, ReferenceScene } from './referenceFixture.ts';
import { sample, wish } from '../sampleJobs.ts';

describe('references on the provider’s service', () => {
  const scene = new ReferenceScene().use();

  describe('preparing', () => {
    it('gives addresses in the order of the references, and passes web addresses on', async () => {
      const [red, blue] = [await scene.png('red.png'), await scene.png('blue.png', 'blue')];
      const web = 'https://example.com/a.png';
      const addresses = await scene.prepare(scene.begin(blue, web, red, blue));
      const byUrl = new Map((await scene.api.files()).map((file) => [file.url, file.sha256]));
      const stored = addresses.map((url) => byUrl.get(url));
      assert.equal(addresses[1], web);
      assert.equal(stored[0], stored[3]);
      assert.notEqual(stored[0], stored[2]);
      assert.deepEqual([stored[1], await scene.sent()], [undefined, 2]);
      assert.deepEqual(scene.disposed.toSorted(), [red, blue].toSorted());
    });

    it('sends under names that tell nothing, no two the same', async () => {
      const colours = ['red', 'green', 'blue'];
      await scene.prepare(
        scene.begin(...(await Promise.all(colours.map((c) => scene.png(`my ${c}.png`, c))))),
      );
      const names = (await scene.api.files()).map(({ fileName }) => fileName);
      assert.equal(new Set(names).size, 3);
      for (const name of names) assert.match(name, /^[\da-f-]{36}\.png$/);
    });

    it('sends nothing for an image made here, as long as its result is there', async () => {
      const uri = await scene.png('made.png');
      await scene.prepare(scene.begin(uri));
      const [file] = await scene.api.files();
      const times = { createdAt: scene.now, finishedAt: scene.now };
      const made = { ...sample.saved, id: 'made', sha256: file!.sha256, ...times };
      scene.store.add([made]);
      const again = scene.begin(uri);
      scene.now += 21 * hourMs;
      assert.deepEqual(await scene.prepare(again), [made.resultUrl]);
      assert.equal(await scene.sent(), 1);
      scene.now += 2 * hourMs;
      assert.notDeepEqual(await scene.prepare(again), [made.resultUrl]);
    });

    it('sends no bytes twice within their life, whatever the file is called', async () => {
      const first = await scene.prepare(scene.begin(await scene.png('a.png')));
      scene.now += 69 * hourMs;
      assert.deepEqual(await scene.prepare(scene.begin(await scene.png('b.png'))), first);
      assert.equal(await scene.sent(), 1);
      scene.now += 2 * hourMs;
      assert.notDeepEqual(await scene.prepare(scene.begin(await scene.png('c.png'))), first);
      assert.equal(await scene.sent(), 2);
    });

    it('sends the same bytes once for two jobs at the same time', async () => {
      const uri = await scene.png('a.png');
      const [one, two] = await Promise.all([
        scene.prepare(scene.begin(uri)),
        scene.prepare(scene.begin(uri)),
      ]);
      assert.deepEqual(one, two);
      assert.equal(await scene.sent(), 1);
    });

    it('sends itself what another job was sending that was cancelled', async () => {
      const uri = await scene.large('a.png');
      const controller = new AbortController();
      await scene.api.fault({ match: { route: 'uploadStream', nth: 1 }, fault: { kind: 'hang' } });
      const first = failure(scene.prepare(scene.begin(uri), controller.signal));
      await sleep(50);
      const second = scene.prepare(scene.begin(uri));
      await sleep(50);
      controller.abort();
      assert.equal((await first).code, 'cancelled');
      assert.equal((await second)[0], (await scene.present())[0]?.url);
    });

    it('leaves out metadata as chosen, and keeps both choices apart', async () => {
      const secret = 'Secret Camera';
      const image = plain('red')
        .jpeg()
        .withExif({ IFD0: { Make: secret } });
      const bytes = await image.toBuffer();
      const uri = await scene.write('photo.jpg', bytes);
      for (const removesMetadata of [true, false, true, false]) {
        scene.choices.removesMetadata = removesMetadata;
        const [url = ''] = await scene.prepare(scene.begin(uri));
        const got = Buffer.from(await (await fetch(url)).arrayBuffer());
        assert.equal(got.includes(secret), !removesMetadata);
        if (!removesMetadata) assert.deepEqual(got, bytes);
      }
      assert.equal(await scene.sent(), 2);
    });

    it('goes by the bytes and not by the name', async () => {
      const webp = await scene.write('picture.png', await plain('red').webp().toBuffer());
      await scene.prepare(scene.begin(webp));
      const [file] = await scene.api.files();
      assert.equal(file?.mimeType, 'image/webp');
      assert.match(file.fileName, /\.webp$/);
    });

    it('takes a photo with a film behind it', async () => {
      const jpeg = await plain('red').jpeg().toBuffer();
      await scene.prepare(
        scene.begin(await scene.write('live.jpg', Buffer.concat([jpeg, Buffer.alloc(50_000)]))),
      );
      assert.equal((await scene.api.files())[0]?.sizeBytes, jpeg.length);
    });

    it('tells how much is sent of how much, seldom enough, and the end', async () => {
      const uris = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) => scene.large(`${name}.png`)),
      );
      const told: [number, number, number][] = [];
      const job = scene.begin(...uris, 'https://example.com/a.png');
      const startedMs = performance.now();
      await scene.uploads.prepare(job, never, (sentBytes, total) => {
        told.push([performance.now(), sentBytes, total]);
      });
      const tookMs = performance.now() - startedMs;
      const total = (await scene.api.files()).reduce((sum, file) => sum + file.sizeBytes, 0);
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
        return await scene.files.upload(...args).finally(() => (atOnce -= 1));
      };
      const uploads = scene.make({ files: { ...scene.files, upload } });
      const uris = await scene.pngs('red', 'green', 'blue', 'white', 'black', 'grey', 'lime');
      const jobs = [scene.begin(...uris.slice(0, 4)), scene.begin(...uris.slice(4))];
      await Promise.all(jobs.map((job) => uploads.prepare(job, never)));
      assert.deepEqual([await scene.sent(), most], [7, 3]);
    });

    it('sends again alone what failed for a passing reason', async () => {
      const colours = ['red', 'green', 'blue'];
      const uris = await scene.pngs(...colours);
      const busy = { kind: 'status', status: 503 } as const;
      await scene.api.fault({ match: { route: 'uploadStream', nth: 2 }, times: 2, fault: busy });
      const addresses = await scene.prepare(scene.begin(...uris));
      assert.equal(new Set(addresses).size, 3);
      assert.deepEqual([await scene.sent(), (await scene.api.files()).length], [5, 3]);
    });

    it('looks for what may have arrived before it sends it again', async () => {
      const lost = { kind: 'reset', at: 'afterRequest' } as const;
      await scene.api.fault({ match: { route: 'uploadStream' }, fault: lost });
      const [address] = await scene.prepare(scene.begin(await scene.png('a.png')));
      const [file] = await scene.present();
      assert.deepEqual([address, await scene.sent()], [file?.url, 1]);
    });

    it('sends it again under its name when there is no list, so that one file is left', async () => {
      const lost = { kind: 'reset', at: 'afterRequest' } as const;
      await scene.api.fault({ match: { route: 'uploadStream' }, fault: lost });
      await scene.api.fault({
        match: { route: 'listFiles' },
        times: 'always',
        fault: { kind: 'status', status: 404 },
      });
      const job = scene.begin(await scene.png('a.png'));
      const [address] = await scene.prepare(job);
      assert.deepEqual(
        [(await scene.present()).map(({ url }) => url), await scene.sent()],
        [[address], 2],
      );
      await scene.end(job);
      assert.deepEqual([await scene.present(), scene.store.uploads.list()], [[], []]);
    });

    it('does nothing for a job that is another window’s or over', async () => {
      const uri = await scene.png('a.png');
      const job = scene.begin(uri);
      scene.store.move(job.id, { type: 'cancelled' });
      await assert.rejects(scene.prepare(job), OwnedElsewhereError);
      const other = scene.open('window-2');
      scene.store.add([{ ...wish, id: 'theirs', references: [uri], state: 'queued' }]);
      other.claim({ maxConcurrent: 100, isAtWork: () => false, isOpen: () => true });
      await assert.rejects(scene.prepare(scene.store.get('theirs')!), OwnedElsewhereError);
      other.close();
      assert.deepEqual([await scene.sent(), scene.store.uploads.list()], [0, []]);
    });

    it('does not begin with what it waited to send, when the job is over meanwhile', async () => {
      const slow = { kind: 'slow', firstByteMs: 400 } as const;
      await scene.api.fault({ match: { route: 'uploadStream' }, times: 'always', fault: slow });
      const [last = '', ...others] = await scene.pngs('red', 'green', 'blue', 'white');
      const first = scene.prepare(scene.begin(...others));
      while ((await scene.sent()) < 3) await sleep(5);
      const job = scene.begin(last);
      const waiting = assert.rejects(scene.prepare(job), OwnedElsewhereError);
      await sleep(20);
      scene.store.move(job.id, { type: 'cancelled' });
      await Promise.all([first, waiting]);
      assert.deepEqual([await scene.sent(), scene.store.uploads.list().length], [3, 3]);
    });

    it('stops sending when what it tells is refused, and goes on when it cannot be written', async () => {
      const job = scene.begin(await scene.large('a.png'));
      const full = Object.assign(new Error('disk is full'), { code: 'ERR_SQLITE_ERROR' });
      const refuse = (thrown: Error) => () => {
        throw thrown;
      };
      await assert.rejects(
        scene.uploads.prepare(job, never, refuse(new OwnedElsewhereError('x'))),
        {
          name: 'OwnedElsewhereError',
        },
      );
      await scene.uploads.prepare(job, never, refuse(full));
      assert.equal((await scene.present()).length, 1);
    });
  });

  it('are asked for by whatever way the file is opened, which is closed again', async () => {
    const path = join(scene.folder, 'copy.png');
    await scene.png('copy.png');
    const words = 'Nobody answers';
    const openReference = (uri: string) =>
      uri.startsWith('far:')
        ? Promise.resolve({ path, dispose: () => Promise.resolve(void scene.disposed.push(uri)) })
        : Promise.reject(new EvolinkError('badRequest', words));
    const other = scene.make({ openReference });
    await other.prepare(scene.begin('far://host/there/a.png'), never);
    assert.deepEqual(scene.disposed, ['far://host/there/a.png']);
    assert.equal((await failure(other.prepare(scene.begin('near://x'), never))).message, words);
  });
});
