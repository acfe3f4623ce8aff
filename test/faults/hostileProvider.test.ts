import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import type { Job } from '../../src/jobs/job.ts';
import type { JobSystem } from '../../src/jobs/openJobSystem.ts';
import { newJob } from '../support/jobSystemOptions.ts';
import { audit } from './audit.ts';
import { counters } from './counters.ts';
import { never, useFixture } from './fixture.ts';
import { type HostileProxy, startHostileProxy, type Trick } from './hostileProxy.ts';

const megabyte = 1024 * 1024;
/** Far more than an answer is, and far less than is sent. */
const maxGrowthBytes = 256 * megabyte;

/** Every call of the product but the download of a result, which has no key. */
const apiRoutes = [
  'POST /v1/images/generations',
  'GET /v1/tasks/',
  'POST /v1/tasks/batch',
  'GET /v1/tasks?',
  'GET /v1/credits',
];
const fileRoutes = [
  'POST /api/v1/files/upload/stream',
  'DELETE /api/v1/files/',
  'GET /api/v1/files/list',
  'GET /api/v1/files/quota',
];

function answer(body: string | Buffer, headers: Record<string, string> = {}, status = 200): Trick {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
}

/** As fast as it is taken, until nobody takes any more. */
function endless(head: string, again: string, status = 200): Trick {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.write(head);
    const piece = Buffer.alloc(65_536, again);
    const go = (): void => {
      while (!response.destroyed) if (!response.write(piece)) break;
    };
    response.on('drain', go);
    go();
  };
}

function echo(status: number, spell: (key: string) => string): Trick {
  return ({ headers }: IncomingMessage, response: ServerResponse) => {
    const key = (headers.authorization ?? '').replace('Bearer ', '');
    const message = `Incorrect API key provided: ${spell(key)}`;
    const body = JSON.stringify({ error: { code: spell(key), message, type: spell(key) } });
    response.writeHead(status, { 'x-request-id': spell(key) }).end(body);
  };
}

const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const zeros = Buffer.alloc(200 * megabyte);
const tricks: [string, () => Trick][] = [
  ['the key in its words', () => echo(500, (key) => key)],
  ['the key in base64', () => echo(500, (key) => Buffer.from(key).toString('base64'))],
  ['the key as a success', () => echo(200, (key) => key)],
  ['the whole header of the key', () => echo(503, (key) => `Bearer ${key}`)],
  ['an answer without end', () => endless('{"id":"', 'x')],
  ['a refusal without end', () => endless('{"error":{"message":"', ' ', 500)],
  ['200 MB packed by gzip', () => answer(gzipSync(zeros), { 'content-encoding': 'gzip' })],
  [
    '200 MB packed by brotli',
    () => answer(brotliCompressSync(zeros, quick), { 'content-encoding': 'br' }),
  ],
  ['two packings', () => answer(gzipSync(gzipSync('{}')), { 'content-encoding': 'gzip, gzip' })],
  ['JSON of 300,000 levels', () => answer('['.repeat(300_000))],
  ['closed JSON of 100,000 levels', () => answer('{"a":'.repeat(1e5) + '1' + '}'.repeat(1e5))],
  [
    'an error of blanks',
    () => answer(JSON.stringify({ error: { message: ' '.repeat(80_000) } }), {}, 500),
  ],
  ['odd characters', () => answer('{"id":"\\ud800\\u0000\\u202e\\ud83d","status":"\\udfff"}')],
  ['bytes that are no text', () => answer(randomBytes(50_000))],
  ['numbers beyond all numbers', () => answer('{"id":1e999,"progress":-1e999,"status":1e999}')],
  [
    'names of the language',
    () => answer('{"__proto__":{"id":"x"},"constructor":1,"toString":null}'),
  ],
  [
    '100,000 fields',
    () =>
      answer(
        JSON.stringify(Object.fromEntries(Array.from({ length: 1e5 }, (_, n) => [String(n), n]))),
      ),
  ],
  [
    'headers of 1 MB',
    () =>
      answer(
        '{}',
        Object.fromEntries(
          Array.from({ length: 15 }, (_, n) => [`x-${String(n)}`, 'y'.repeat(70_000)]),
        ),
      ),
  ],
  ['a redirect to another host', () => answer('', { location: 'https://thief.invalid/' }, 307)],
  ['a redirect to itself', () => answer('', { location: '/v1/images/generations' }, 308)],
];

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

  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script/></svg>';
  const results: [string, string, Trick?][] = [
    ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data/'],
    ['a router', 'https://192.168.0.1/reboot'],
    ['a router by IPv6', 'https://[::ffff:c0a8:1]/reboot'],
    ['http', 'http://example.com/a.png'],
    ['a circle', '/own/circle', answer('', { location: '/own/circle' }, 302)],
    ['a redirect into the network', '/own/in', answer('', { location: 'http://10.0.0.1/' }, 302)],
    ['an SVG', '/own/svg', answer(svg, { 'content-type': 'image/svg+xml' })],
    ['a page', '/own/page', answer('<!doctype html>', { 'content-type': 'image/png' })],
    ['nothing', '/own/nothing', answer('')],
    ['a file without end', '/own/endless', endless('', '\0')],
  ];
  for (const [what, address, trick] of results)
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
