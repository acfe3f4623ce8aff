import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import type { Job } from '../../src/jobs/job.ts';
import type { JobSystem } from '../../src/jobs/openJobSystem.ts';
import { newJob } from '../support/jobSystemOptions.ts';
import { audit } from './audit.ts';
import { counters } from './counters.ts';
import { never, useFixture } from './fixture.ts';
import { type HostileProxy, startHostileProxy } from './hostileProxy.ts';
import { apiRoutes, fileRoutes, misleadingResults, tricks } from './hostileTricks.ts';

const megabyte = 1024 * 1024;
/** Far more than an answer is, and far less than is sent. */
const maxGrowthBytes = 256 * megabyte;

describe('a provider that wishes no good', () => {
  const fixture = useFixture({ taskMs: 150 });
  let api: HostileProxy;
  let files: HostileProxy;
  let log: string[];

  beforeEach(async () => {
    api = await startHostileProxy(fixture.api.urls.api);
    files = await startHostileProxy(fixture.api.urls.files);
    log = [];
  });
  afterEach(() => Promise.all([api.close(), files.close()]));

  function open(): JobSystem {
    return fixture.open({
      apiBaseUrl: () => api.url,
      filesBaseUrl: () => files.url,
      log: (line) => log.push(line),
    });
  }

  async function image(): Promise<string> {
    const path = join(fixture.stateFolder, 'reference.png');
    const raw = { width: 9, height: 9, channels: 3 as const };
    await sharp(randomBytes(243), { raw }).png().toFile(path);
    return pathToFileURL(path).href;
  }

  /** Everything is asked for while the trick lasts: what fails may fail, by a code. */
  async function askForAll({ client, files: filesClient }: JobSystem): Promise<void> {
    const calls = [
      client.credits(never),
      client.listTasks(1, never),
      client.getTask('task-unknown', never),
      client.getTasks(['a', 'b'], never),
      filesClient.list(1, never),
      filesClient.quota(never),
    ];
    for (const result of await Promise.allSettled(calls))
      if (result.status === 'rejected')
        assert.ok(
          typeof (result.reason as { code?: unknown }).code === 'string',
          String(result.reason),
        );
  }

  async function assertKeyIsNowhere(told: readonly unknown[]): Promise<void> {
    const { key } = fixture.api;
    const spellings = [key, Buffer.from(key).toString('base64')];
    const texts = [JSON.stringify(told), log.join('\n')];
    for (const name of await readdir(fixture.stateFolder, { recursive: true })) {
      const path = join(fixture.stateFolder, name);
      if ((await stat(path)).isFile()) texts.push(await readFile(path, 'latin1'));
    }
    for (const spelling of spellings)
      for (const text of texts) assert.ok(!text.includes(spelling), 'the key is kept or told');
  }

  for (const [what, makeTrick] of tricks)
    it(`answers with ${what}: the window lives, and what was paid is saved`, async () => {
      const trick = makeTrick();
      const before = process.memoryUsage().rss;
      let highest = before;
      const looking = setInterval(() => {
        highest = Math.max(highest, process.memoryUsage().rss);
      }, 5);
      try {
        const node = open();
        api.playOnce(apiRoutes, trick);
        files.playOnce(fileRoutes, trick);
        const request = newJob('in spite of all', fixture.outFolder);
        const [edit, plain] = node.engine.add([
          { ...request, references: [await image()] },
          request,
        ]);
        await askForAll(node);
        const jobs = await node.engine.whenSettled([edit!.id, plain!.id], never);
        assert.equal(jobs[1]?.state, 'saved', JSON.stringify(jobs));
        await assertSavedOrNeverAsked(jobs[0]!);
        await nothingToDelete(node);
        const everything = [jobs, node.engine.listRecent(10)];
        await node.close();
        await assertKeyIsNowhere(everything);
        await audit(fixture, jobs);
        assert.deepEqual(
          api.unmet().filter((route) => route !== 'GET /v1/tasks?'),
          [],
        );
        counters['faults injected'] += 1;
      } finally {
        clearInterval(looking);
      }
      const grownMb = Math.round((highest - before) / megabyte);
      assert.ok(highest - before < maxGrowthBytes, `${String(grownMb)} MB more`);
    });

  for (const [what, address, trick] of misleadingResults)
    it(`names ${what} as the result: the image is saved from where it is`, async () => {
      const url = trick ? `${api.url}${address}` : address;
      if (trick) api.own.set(address, trick);
      api.misleadOnce(url);
      const node = open();
      const request = newJob('from where it is', fixture.outFolder);
      const [job] = node.engine.add([request]);
      const jobs = await node.engine.whenSettled([job!.id], never);
      assert.equal(jobs[0]?.state, 'saved', JSON.stringify(jobs));
      await node.close();
      assert.ok(
        log.some((line) => line.includes('fetching the result failed')),
        log.join('\n'),
      );
      await audit(fixture, jobs);
      counters['faults injected'] += 1;
    });

  /** An upload that is refused for good ends a job before it costs anything. */
  async function assertSavedOrNeverAsked(job: Job): Promise<void> {
    if (job.state === 'saved') return;
    assert.equal(job.state, 'failed', JSON.stringify(job));
    const tasks = await fixture.api.tasks();
    assert.ok(!tasks.some(({ idempotencyKey }) => idempotencyKey === job.idempotencyKey));
  }

  async function nothingToDelete(node: JobSystem): Promise<void> {
    for (let looks = 0; node.store.uploads.list().length > 0; looks += 1) {
      assert.ok(looks < 1_000, 'an upload is left');
      await sleep(20);
    }
  }
});
