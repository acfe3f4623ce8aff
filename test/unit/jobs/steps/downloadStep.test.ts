import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AppError } from '../../../../src/appError.ts';
import type { Client } from '../../../../src/evolink/client.ts';
import { ResultAddressError } from '../../../../src/evolink/resultAddress.ts';
import { createTiming } from '../../../../src/jobs/async/timing.ts';
import type { DownloadingJob, Job } from '../../../../src/jobs/job.ts';
import { transition } from '../../../../src/jobs/transition.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import type { Files } from '../../../../src/jobs/platform.ts';
import { atOncePerHost, createDownloadStep } from '../../../../src/jobs/steps/downloadStep.ts';
import { placeOnDisk } from '../../../../src/jobs/steps/placeOnDisk.ts';
import { shownImages } from '../../images/shownImages.ts';
import { sample } from '../sampleJobs.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('a result on its way to the disk', () => {
  let root: string;
  let temp: string;
  let images: string;
  let job: Job;
  let log: string[];
  /** What the address answers, one after the other; the last again and again. */
  let bodies: (string | Buffer | Error)[];
  /** The address that the provider tells when it is asked again. */
  let newAddress: string | undefined;
  let addresses: string[];
  let downloads: number;
  /** How long the host asked to wait; it is not waited for. */
  let askedWaits: (number | undefined)[];
  let onWait: () => void;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'download-'));
    temp = join(root, 'temp');
    images = join(root, 'images');
    log = [];
    downloads = 0;
    askedWaits = [];
    onWait = () => undefined;
    newAddress = undefined;
    addresses = [];
    const { target: _, ...first } = { ...sample.downloading, target: undefined };
    const destination = { folderUri: pathToFileURL(images).href, name: 'fox' };
    job = { ...first, destination, finishedAt: Date.now() };
  });
  afterEach(() => rm(root, { recursive: true }));

  function createStep(more: Partial<Files> = {}) {
    const platform = { ...nodePlatform, files: { ...nodePlatform.files, ...more } };
    const client = {
      download: (url: string) => {
        const body = bodies[Math.min(downloads, bodies.length - 1)] ?? '';
        downloads += 1;
        addresses.push(url);
        if (body instanceof AppError) return Promise.reject(body);
        if (body instanceof Error) return Promise.resolve({ body: Readable.from(broken(body)) });
        return Promise.resolve({ body: Readable.from([Buffer.from(body)]) });
      },
      getTask: () => Promise.resolve({ resultUrls: newAddress === undefined ? [] : [newAddress] }),
    } as unknown as Client;
    const timing = createTiming(platform.clock, 0.001);
    return createDownloadStep({
      client,
      store: { get: () => job },
      timing: {
        ...timing,
        sleep(ownMs, askedMs, signal) {
          askedWaits.push(askedMs);
          onWait();
          return timing.sleep(ownMs, 0, signal);
        },
      },
      place: (request) => placeOnDisk(request, platform),
      tempFolder: temp,
      isOpen: () => true,
      move: (_id, event) => (job = transition(job, event)),
      log: (line) => log.push(line),
      platform,
    });
  }

  async function download(more?: Partial<Files>): Promise<Job | 'waitingForWorkspace'> {
    return await createStep(more)(job as DownloadingJob, new AbortController().signal);
  }

  async function* broken(error: Error): AsyncGenerator<Buffer> {
    yield await Promise.resolve(png.subarray(0, 20));
    throw error;
  }

  const names = async (folder: string) => (await readdir(folder)).toSorted();
  const held = (syscall: string) => Object.assign(new Error('held'), { code: 'EMFILE', syscall });

  it('is saved, and nothing else is left', async () => {
    bodies = [png];
    const saved = await download();
    assert.equal(saved !== 'waitingForWorkspace' && saved.state, 'saved');
    assert.deepEqual([await names(images), await names(temp)], [['fox.png'], []]);
  });

  it('is not asked for before its host allows that when it is stopped and taken up again', async () => {
    bodies = [new AppError('rateLimited', 'Too many', { retryAfterMs: 120_000 }), png];
    const step = createStep();
    const stop = new AbortController();
    onWait = () => stop.abort();
    await assert.rejects(step(job as DownloadingJob, stop.signal), { code: 'cancelled' });
    await step(job as DownloadingJob, new AbortController().signal);
    const [first, again = 0] = askedWaits;
    assert.equal(first, 120_000);
    assert.ok(again > 60_000, `${String(again)} ms`);
  });

  it('waits for its turn at a host that does not answer, and not for another host', async () => {
    const asked: string[] = [];
    const clientOf = (url: string, signal: AbortSignal) => {
      asked.push(url);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    };
    const step = createDownloadStep({
      client: { download: clientOf } as unknown as Client,
      store: { get: () => job },
      timing: createTiming(nodePlatform.clock, 0.001),
      place: (request) => placeOnDisk(request, nodePlatform),
      tempFolder: temp,
      isOpen: () => true,
      move: (_id, event) => (job = transition(job, event)),
      platform: nodePlatform,
    });
    const closing = new AbortController();
    const works = Array.from({ length: atOncePerHost + 2 }, (_, n) => `https://dead/${String(n)}`)
      .concat('https://other/a.png')
      .map((resultUrl, n) =>
        step({ ...(job as DownloadingJob), id: String(n), resultUrl }, closing.signal),
      );
    while (!asked.includes('https://other/a.png')) await new Promise(setImmediate);
    while (asked.length < atOncePerHost + 1) await new Promise(setImmediate);
    for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate);
    assert.equal(asked.length, atOncePerHost + 1);
    closing.abort();
    await Promise.allSettled(works);
  });

  it('is saved as it came when it is an image by the look that references get', async () => {
    const results = (await shownImages()).filter(({ facts }) => /png|jpg|webp/.test(facts.type));
    assert.ok(results.length > 8);
    const first = job;
    for (const { name, bytes, facts } of results) {
      job = { ...first, destination: { ...first.destination, name } };
      [bodies, downloads] = [[bytes], 0];
      const saved = await download();
      assert.ok(saved !== 'waitingForWorkspace' && saved.state === 'saved', name);
      assert.deepEqual([saved.width, saved.height], [facts.width, facts.height], name);
      assert.deepEqual(await readFile(fileURLToPath(saved.uri)), bytes, name);
      assert.equal(downloads, 1, name);
    }
  });

  it('is fetched again when it has a hole, though its head and its end are there', async () => {
    const { bytes } = (await shownImages()).find(({ name }) => name === 'moving PNG')!;
    const data = bytes.indexOf('IDAT');
    bodies = [Buffer.from(bytes).fill(0, data + 20, data + 60), bytes];
    await download();
    assert.ok(job.state === 'saved');
    assert.deepEqual([downloads, await readFile(fileURLToPath(job.uri))], [2, bytes]);
  });

  it('is kept when it is judged to be no image, and the log says where', async () => {
    const odd = 'an image of a kind that is not known yet';
    bodies = ['', odd, 'an error page'];
    const failed = await download();
    assert.ok(
      failed !== 'waitingForWorkspace' && failed.state === 'failed' && failed.isRecoverable,
    );
    assert.deepEqual(await names(temp), [`${job.id}.rejected`]);
    assert.equal(await readFile(join(temp, `${job.id}.rejected`), 'utf8'), odd);
    assert.ok(log.some((line) => line.includes(join(temp, `${job.id}.rejected`))));
  });

  for (const [type, text] of [
    [
      'svg',
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>x()</script></svg>',
    ],
    ['gif', Buffer.from('R0lGODlhAQABAAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')],
  ] as const)
    it(`is not saved as ${type}, which no model makes`, async () => {
      bodies = [text];
      const failed = await download();
      assert.ok(failed !== 'waitingForWorkspace' && failed.state === 'failed');
      assert.deepEqual([failed.error.code, failed.isRecoverable], ['badImage', true]);
      assert.deepEqual(await names(temp), [`${job.id}.rejected`]);
    });

  it('is fetched from another address when the first leads where none may', async () => {
    bodies = [new ResultAddressError('into a private network'), png];
    newAddress = 'https://files.example.org/again.png';
    const first = (job as DownloadingJob).resultUrl;
    await download();
    assert.equal(job.state, 'saved');
    assert.deepEqual(addresses, [first, newAddress]);
  });

  it('waits for a user when its host sends far more than an image, again and again', async () => {
    const gigabyte = 1024 ** 3;
    bodies = [Object.assign(new Error('reset'), { code: 'ECONNRESET' })];
    const failed = await download({
      stat: async (path) =>
        Object.assign(
          await nodePlatform.files.stat(path),
          path.endsWith('.part') && { size: gigabyte },
        ),
    });
    assert.ok(failed !== 'waitingForWorkspace' && failed.state === 'failed');
    assert.deepEqual([failed.error.code, failed.isRecoverable], ['network', true]);
    assert.equal(downloads, 5);
  });

  it('is fetched again when its host asked to be, within a quarter of an hour', async () => {
    const minuteMs = 60_000;
    const waiting = [0, 10 * minuteMs, 15 * minuteMs, 60 * minuteMs].map(
      (retryAfterMs) => new AppError('rateLimited', 'x', { status: 429, retryAfterMs }),
    );
    bodies = [...waiting, png];
    await download();
    assert.equal(job.state, 'saved');
    assert.deepEqual(askedWaits, [0, 10 * minuteMs, 15 * minuteMs, 15 * minuteMs]);
  });

  it('is no longer kept once the image came', async () => {
    bodies = ['an error page', png];
    await download();
    assert.deepEqual([job.state, await names(temp)], ['saved', []]);
  });

  it('is on the disk with its name, as are the folders that were made for it', async () => {
    bodies = [png];
    const synced: string[] = [];
    const { open } = nodePlatform.files;
    await download({
      open: async (path, flags) => {
        const file = await open(path, flags);
        const sync = file.sync.bind(file);
        file.sync = async () => {
          await sync();
          synced.push(path);
        };
        return file;
      },
    });
    const order = synced.map((path) => path.replace(/\..*\.part$/, '.*.part'));
    const id = job.id;
    assert.deepEqual(order, [
      root,
      `${join(temp, id)}.*.part`,
      temp,
      root,
      join(images, '.*.part'),
      images,
    ]);
  });

  it('is not fetched again when what is there cannot be read now', async () => {
    bodies = ['an error page'];
    await nodePlatform.files.mkdir(temp, { recursive: true });
    const whole = join(temp, `${job.id}.image`);
    await writeFile(whole, png);
    const { open } = nodePlatform.files;
    const failed = await download({
      open: (path, flags) => (path === whole ? Promise.reject(held('open')) : open(path, flags)),
    });
    assert.equal(failed !== 'waitingForWorkspace' && failed.state, 'failed');
    assert.deepEqual([downloads, await names(temp)], [0, [`${job.id}.image`]]);
  });

  it('is saved though its copy cannot be removed', async () => {
    bodies = [png];
    await download({
      rm: (path, options) =>
        path.startsWith(temp)
          ? Promise.reject(held('unlink'))
          : nodePlatform.files.rm(path, options),
    });
    assert.equal(job.state, 'saved');
  });
});
