import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeClientPlatform } from '../../../src/evolink/clientPlatform.ts';
import {
  createFilesClient,
  type FilesClient,
  type UploadSource,
} from '../../../src/evolink/files.ts';
import { parseFileList } from '../../../src/evolink/filesSchema.ts';
import { createTransport, type Transport } from '../../../src/evolink/transport.ts';
import type { Fault } from '../../fakeEvolink/faults.ts';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { answerJson, startServer } from './httpServer.ts';
import { direct, failure, never } from './setup.ts';

const hourMs = 3600_000;
const pngHead = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const now = 1_000_000;

function makeTransport(answerMs = 30_000): Transport {
  return createTransport({
    baseUrls: () => [],
    network: () => direct,
    env: {},
    userAgent: 'image-studio-test/1',
    timeouts: { connectMs: 30_000, headersMs: answerMs, bodyIdleMs: answerMs },
  });
}

function makeFiles(transport: Transport, url: string, key: string | undefined): FilesClient {
  return createFilesClient({
    transport,
    filesBaseUrl: () => url,
    apiKey: () => Promise.resolve(key),
    platform: { ...nodeClientPlatform, now: () => now },
  });
}

/** So many bytes that begin as a PNG, made while they are sent. */
function sourceOf(fileName: string, sizeBytes = 3_000_000) {
  const hash = createHash('sha256');
  const state = { opened: 0, read: 0, closed: 0 };
  async function* bytes() {
    state.opened += 1;
    try {
      for (let at = 0; at < sizeBytes;) {
        const chunk = Buffer.alloc(Math.min(100_000, sizeBytes - at), at % 251);
        if (at === 0) pngHead.copy(chunk);
        hash.update(chunk);
        at += chunk.length;
        state.read = at;
        yield chunk;
      }
    } finally {
      state.closed += 1;
    }
  }
  const source: UploadSource = {
    fileName,
    mimeType: 'image/png',
    sizeBytes,
    open: () => Readable.from(bytes()),
  };
  return { source, state, sha256: () => hash.digest('hex') };
}

describe('the files client, on the provider’s wire', () => {
  let api: OfflineApi;
  let transport: Transport;
  let files: FilesClient;
  before(async () => {
    api = await startOfflineApi({ keys: ['sk-offline-secret-key'] });
  });
  beforeEach(async () => {
    await api.reset();
    transport = makeTransport();
    files = makeFiles(transport, api.urls.files, api.key);
  });
  afterEach(() => transport.close());
  after(() => api.close());

  const upload = (name = 'a.png', sizeBytes?: number) =>
    files.upload(sourceOf(name, sizeBytes).source, never);
  const present = async () =>
    (await api.files()).filter(({ deletedAt }) => deletedAt === undefined);

  it('sends a file as it is read, of a length told before, and tells how far it is', async () => {
    const { source, sha256, state } = sourceOf('unique-1.png');
    const told: number[] = [];
    const file = await files.upload(source, never, (bytes) => told.push(bytes));
    const [stored] = await api.files();
    assert.equal(stored?.sha256, sha256());
    assert.deepEqual(
      [stored.fileName, stored.originalName, stored.uploadPath, stored.sizeBytes],
      ['unique-1.png', 'unique-1.png', 'image-studio', 3_000_000],
    );
    assert.deepEqual(file, {
      fileId: stored.id,
      url: stored.url,
      expiresAt: now + 72 * hourMs,
      account: await files.account(),
    });
    const [request] = await api.log({ route: 'uploadStream' });
    assert.equal(request?.headers['content-length'], String(request?.bodyBytes));
    assert.equal(request.headers['transfer-encoding'], undefined);
    assert.equal(request.headers['authorization'], `Bearer ${api.key}`);
    assert.equal(told.at(-1), 3_000_000);
    assert.ok(told.length >= 30 && told.every((bytes, index) => bytes > (told[index - 1] ?? 0)));
    assert.deepEqual(state, { opened: 1, read: 3_000_000, closed: 1 });
  });

  it('replaces what was sent before under the same name', async () => {
    await upload('same.png');
    const second = await upload('same.png');
    assert.deepEqual(
      (await present()).map(({ id }) => id),
      [second.fileId],
    );
  });

  it('deletes a file, and tells whether it was there', async () => {
    const { fileId } = await upload();
    const account = await files.account();
    assert.deepEqual(await files.delete(fileId, never), { wasThere: 'yes', account });
    assert.deepEqual(await present(), []);
    assert.deepEqual(await files.delete(fileId, never), { wasThere: 'no', account });
    assert.equal((await files.delete('never/there', never)).wasThere, 'no');
    assert.equal((await api.log({ route: 'deleteFile' })).length, 3);
  });

  for (const [status, body] of [
    [404, 'html'],
    [200, 'html'],
    [200, 'json'],
    [202, 'text'],
    [204, 'empty'],
  ] as const)
    it(`takes a ${String(status)} of ${body} for no word of the service’s about a file`, async () => {
      const { fileId } = await upload();
      await api.fault({
        match: { route: 'deleteFile' },
        fault: { kind: 'status', status, body },
      });
      assert.equal((await files.delete(fileId, never)).wasThere, 'unknown');
      assert.equal((await present()).length, 1);
    });

  it('lists files with their ids, page after page', async () => {
    const uploaded: string[] = [];
    for (let n = 0; n < 102; n += 1) uploaded.push((await upload(`f-${String(n)}.png`, 20)).fileId);
    const first = await files.list(1, never);
    const second = await files.list(2, never);
    assert.deepEqual([first.length, second.length], [100, 2]);
    assert.deepEqual(
      [...first, ...second].map(({ fileId }) => fileId).toSorted(),
      uploaded.toSorted(),
    );
    assert.deepEqual(second[1]?.names, ['f-0.png', 'f-0.png']);
    assert.equal(second[1].lifeMs, 72 * hourMs);
    assert.deepEqual(await files.list(3, never), []);
  });

  it('tells how many files there may be', async () => {
    await api.configure({ maxFiles: 7 });
    await upload();
    assert.deepEqual(await files.quota(never), { usedFiles: 1, maxFiles: 7, remainingFiles: 6 });
  });

  for (const fileErrorsOn200 of [false, true]) {
    const how = fileErrorsOn200 ? ' as a success' : '';

    it(`says what is too large when it is refused${how}`, async () => {
      await api.configure({ fileErrorsOn200, maxFileBytes: 1000 });
      const error = await failure(upload());
      assert.deepEqual([error.code, error.details.sent], ['tooLarge', 'yes']);
    });

    it(`knows the quota from other refusals${how}`, async () => {
      await api.configure({ fileErrorsOn200, maxFiles: 0 });
      const error = await failure(upload());
      assert.deepEqual([error.code, error.details.providerCode], ['badRequest', 'files_quota']);
      const { source } = sourceOf('words.png');
      const plain = { ...source, sizeBytes: 5, open: () => Readable.from([Buffer.from('words')]) };
      const refused = await failure(files.upload(plain, never));
      assert.deepEqual([refused.code, refused.details.providerCode], ['badRequest', '40002']);
    });
  }

  const refusals: [Fault, string, number | undefined][] = [
    [{ kind: 'successFalse', code: 50001, msg: 'Storage error' }, 'server', 500],
    [{ kind: 'successFalse', code: 40004 }, 'badRequest', 400],
    [{ kind: 'successFalse', code: 401 }, 'auth', 401],
    [{ kind: 'successFalse', code: 7 }, 'server', 500],
    [{ kind: 'status', status: 413, shape: 'msg' }, 'tooLarge', 413],
    [{ kind: 'status', status: 401, shape: 'msg' }, 'auth', 401],
    [{ kind: 'status', status: 429, retryAfter: 3 }, 'rateLimited', 429],
    [{ kind: 'status', status: 502, body: 'html' }, 'server', 502],
    [{ kind: 'html' }, 'server', undefined],
    [{ kind: 'malformedJson' }, 'server', undefined],
    [{ kind: 'reset', at: 'duringRequest' }, 'network', undefined],
    [{ kind: 'reset', at: 'afterRequest' }, 'network', undefined],
    [{ kind: 'wrongTypes', replace: { 'data.file_url': 'ftp://x/y' } }, 'server', undefined],
    [{ kind: 'wrongTypes', remove: ['data.file_id'] }, 'server', undefined],
  ];
  for (const [fault, code, status] of refusals)
    it(`fails as ${code} when an upload meets ${JSON.stringify(fault)}`, async () => {
      await api.fault({ match: { route: 'uploadStream' }, fault });
      const error = await failure(upload());
      assert.deepEqual([error.code, error.details.status], [code, status]);
      if (status === 429) assert.equal(error.details.retryAfterMs, 3000);
    });

  it('fails as timeout when an upload is not answered', async () => {
    await api.fault({ match: { route: 'uploadStream' }, fault: { kind: 'hang', after: true } });
    const impatient = makeTransport(500);
    const { source } = sourceOf('a.png');
    const error = await failure(
      makeFiles(impatient, api.urls.files, api.key).upload(source, never),
    );
    await impatient.close();
    assert.deepEqual([error.code, error.details.status], ['timeout', undefined]);
  });

  const expiries: [unknown, unknown, number][] = [
    ['2030-01-01T00:00:00Z', '2030-01-01T05:00:00Z', 5 * hourMs],
    [1_893_456_000, 1_893_456_000 + 3600, hourMs],
    ['2030-01-01 00:00:00', '2030-01-02 00:00:00', 24 * hourMs],
    [null, now + 2 * hourMs + 1e12, 70 * hourMs],
    ['2030-01-01T00:00:00Z', null, 70 * hourMs],
    ['2030-01-01T00:00:00Z', 'soon', 70 * hourMs],
    ['2030-01-02T00:00:00Z', '2030-01-01T00:00:00Z', 70 * hourMs],
    [undefined, { at: 7 }, 70 * hourMs],
  ];
  for (const [start, end, lifeMs] of expiries)
    it(`lives for ${String(lifeMs / hourMs)} h from ${JSON.stringify(start)} to ${JSON.stringify(end)}`, async () => {
      const replace = { 'data.upload_time': start, 'data.expires_at': end };
      await api.fault({
        match: { route: 'uploadStream' },
        fault: { kind: 'wrongTypes', replace },
      });
      const { expiresAt } = await upload();
      assert.equal(expiresAt - now, lifeMs);
    });

  it('stops reading when it is cancelled, and leaves nothing', async () => {
    const controller = new AbortController();
    const { source, state } = sourceOf('long.png', 50_000_000);
    const work = files.upload(source, controller.signal, (bytes) => {
      if (bytes > 1_000_000) controller.abort();
    });
    assert.equal((await failure(work)).code, 'cancelled');
    assert.ok(state.read < 5_000_000, `${String(state.read)} bytes were read`);
    assert.deepEqual(await present(), []);
    while (state.closed === 0) await sleep(5);
  });

  it('sends what its source reads into the same memory again and again', async () => {
    const hash = createHash('sha256');
    async function* reusing() {
      const spare = [Buffer.alloc(200_000), Buffer.alloc(200_000)];
      for (let turn = 0; turn < 20; turn += 1) {
        const chunk = spare[turn % 2]!.fill(turn);
        if (turn === 0) pngHead.copy(chunk);
        hash.update(chunk);
        // The other one is read into while this one is sent.
        spare[(turn + 1) % 2]!.fill(255);
        yield chunk;
      }
    }
    const { source } = sourceOf('reused.png', 4_000_000);
    await files.upload({ ...source, open: reusing }, never);
    const [file] = await api.files();
    assert.equal(file?.sha256, hash.digest('hex'));
  });

  for (const [what, real] of [
    ['shorter', 900_000],
    ['longer', 1_100_000],
  ] as const)
    it(`says so when the file turns out ${what} than it was`, async () => {
      const { source } = sourceOf('changed.png', real);
      const error = await failure(files.upload({ ...source, sizeBytes: 1_000_000 }, never));
      assert.deepEqual(
        [error.code, error.message],
        ['badRequest', 'The file changed while it was sent'],
      );
      assert.deepEqual(await present(), []);
    });

  it('asks nothing without a key', async () => {
    const keyless = makeFiles(transport, api.urls.files, undefined);
    const { source, state } = sourceOf('a.png');
    assert.equal((await failure(keyless.upload(source, never))).code, 'noKey');
    assert.equal(state.opened, 0);
    assert.deepEqual(await api.log(), []);
  });

  it('reads lists of other shapes, and leaves out what is no file', async () => {
    const shapes = [
      { data: [{ file_id: 7, file_name: 'a.png', file_url: 'https://x/a.png' }] },
      { data: { list: [{ file_id: '7', original_name: 'a.png', file_url: 12 }, 'odd', {}] } },
      { data: { records: null, items: [{ file_id: '7', file_name: 'a.png' }] } },
      { data: { list: [] } },
      { data: { files: null, total: 0 } },
      { data: null, total: 0 },
    ];
    const server = await startServer((_, response) => answerJson(response, shapes.shift()));
    const other = makeFiles(transport, server.url, 'key');
    const lists = [];
    while (shapes.length > 0) lists.push(await other.list(1, never));
    await server.close();
    assert.deepEqual(
      lists.map((list) => list.map(({ fileId, names, url }) => [fileId, names[0], url])),
      [
        [['7', 'a.png', 'https://x/a.png']],
        [['7', 'a.png', undefined]],
        [['7', 'a.png', undefined]],
        [],
        [],
        [],
      ],
    );
  });

  const unreadable: unknown[] = [
    { data: {} },
    { data: { rows: [{ file_id: '7', file_name: 'a.png' }], total: 1 } },
    { data: { files: null } },
    { data: { files: { '7': 'a.png' } }, total: 1 },
    { data: 'none', total: '0' },
    { files: [{ file_id: '7', file_name: 'a.png' }] },
    { data: [{ id: '7', name: 'a.png' }] },
    { data: { files: [{ file_id: '7', name: 'a.png' }], total: 1 } },
  ];
  for (const body of unreadable)
    it(`takes no account for empty of which it is told ${JSON.stringify(body)}`, () => {
      assert.throws(() => parseFileList(body, 'r7'), {
        code: 'server',
        details: { sent: 'yes', requestId: 'r7' },
      });
    });

  it('counts a listed file’s life from its upload, and not from when it is listed', () => {
    const times = (upload_time: unknown, expires_at: unknown) =>
      parseFileList({ data: [{ file_id: 7, file_name: 'a', upload_time, expires_at }] })[0]?.lifeMs;
    assert.equal(times('2030-01-01T00:00:00Z', '2030-01-01T05:00:00Z'), 5 * hourMs);
    // Without a start, an end tells by no clock of ours.
    assert.equal(times(undefined, '2030-01-01T05:00:00Z'), 70 * hourMs);
    assert.equal(times(undefined, undefined), 70 * hourMs);
  });
});
