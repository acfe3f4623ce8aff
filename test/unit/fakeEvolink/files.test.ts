import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { auth, create, createId, finished, query, taskMs, wire } from './wire.ts';
import { jsonOf } from './wireJson.ts';
import type { WireAnswer } from './wire.ts';

const pngHead = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mebibyte = 1024 * 1024;

/** Bytes that begin as a PNG does. */
function fakePng(text: string): Buffer {
  return Buffer.concat([pngHead, Buffer.from(text)]);
}

interface Form {
  readonly bytes: Buffer | AsyncIterable<Buffer>;
  readonly name?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

async function* multipart(form: Form): AsyncGenerator<Buffer> {
  const { bytes, name = 'cat.png', fields = {} } = form;
  yield Buffer.from(
    `--frontier\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: image/png\r\n\r\n`,
  );
  if (Buffer.isBuffer(bytes)) yield bytes;
  else yield* bytes;
  for (const [field, value] of Object.entries(fields)) {
    yield Buffer.from(
      `\r\n--frontier\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}`,
    );
  }
  yield Buffer.from('\r\n--frontier--\r\n');
}

function uploadStream(api: OfflineApi, form: Form): Promise<WireAnswer> {
  return wire(`${api.urls.files}/api/v1/files/upload/stream`, {
    method: 'POST',
    headers: { ...auth(api), 'content-type': 'multipart/form-data; boundary=frontier' },
    body: multipart(form),
  });
}

function filesCall(api: OfflineApi, path: string, json?: unknown): Promise<WireAnswer> {
  const url = `${api.urls.files}/api/v1/files/${path}`;
  if (json === undefined) return wire(url, { headers: auth(api) });
  return wire(url, { method: 'POST', headers: auth(api), body: JSON.stringify(json) });
}

describe('the files service', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ taskMs });
  });
  beforeEach(() => api.reset());
  after(() => api.close());

  it('takes a streamed file and gives it back to anyone', async () => {
    const bytes = fakePng('meow');
    const fields = { upload_path: 'cats', file_name: 'unique 1.png' };
    const answer = await uploadStream(api, { bytes, fields });
    const { success, code, data } = jsonOf(answer);
    assert.deepEqual([answer.status, success, code], [200, true, 200]);
    const { file_id: id, upload_time: time, expires_at: end, ...facts } = data;
    const url = `${api.urls.files}/public/cats/unique%201.png`;
    assert.deepEqual(facts, {
      file_name: 'unique 1.png',
      original_name: 'cat.png',
      file_size: bytes.length,
      mime_type: 'image/png',
      upload_path: 'cats',
      file_url: url,
      download_url: `${url}?download=1`,
    });
    assert.equal(Date.parse(end) - Date.parse(time), 72 * 3_600_000);
    const download = await wire(data.download_url);
    assert.deepEqual([download.status, download.body], [200, bytes]);
    const [record] = await api.files();
    assert.deepEqual([record?.id, record?.downloads], [id, 1]);
    assert.equal(record?.sha256, createHash('sha256').update(bytes).digest('hex'));
  });

  it('takes base64, raw and as data URL', async () => {
    const base64 = fakePng('x').toString('base64');
    for (const data of [base64, `data:image/png;base64,${base64}`]) {
      const answer = await filesCall(api, 'upload/base64', { base64_data: data });
      assert.equal(jsonOf(answer).data.file_size, 9);
    }
  });

  it('takes a URL it can fetch, and names the error for others', async () => {
    const { url } = await finished(api);
    const taken = jsonOf(await filesCall(api, 'upload/url', { file_url: url }));
    assert.equal(taken.data.file_size, (await api.tasks())[0]?.sizeBytes);
    const other = await filesCall(api, 'upload/url', { file_url: 'https://example.com/a.png' });
    assert.equal(jsonOf(other).code, 40004);
  });

  it('keeps a large file out of memory', async function () {
    this.timeout(20_000);
    const count = 4;
    const sizeBytes = 50 * mebibyte;
    const hash = createHash('sha256');
    const chunk = Buffer.alloc(mebibyte, 'abcdefg');
    async function* large(): AsyncGenerator<Buffer> {
      yield pngHead;
      for (let sent = 0; sent < sizeBytes; sent += chunk.length) yield chunk;
    }
    for await (const part of large()) hash.update(part);
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }, 5);
    const uploads = Array.from({ length: count }, (_, index) =>
      uploadStream(api, { bytes: large(), name: `${String(index)}.png` }),
    );
    await Promise.all(uploads);
    clearInterval(watch);
    const files = await api.files();
    assert.deepEqual(
      files.map((file) => [file.sizeBytes, file.sha256]),
      Array(count).fill([sizeBytes + pngHead.length, files[0]?.sha256]),
    );
    assert.equal(files[0]?.sha256, hash.digest('hex'));
    assert.ok(peak < 100 * mebibyte, `${String(peak / mebibyte)} MiB for ${String(count)} × 50`);
  });

  it('overwrites a file of the same name', async () => {
    const first = jsonOf(await uploadStream(api, { bytes: fakePng('one') }));
    const second = jsonOf(await uploadStream(api, { bytes: fakePng('two') }));
    assert.equal(second.data.file_url, first.data.file_url);
    assert.deepEqual((await wire(first.data.file_url)).body, fakePng('two'));
    assert.equal(jsonOf(await filesCall(api, 'quota')).data.used_files, 1);
  });

  it('lists, counts and deletes', async () => {
    await api.configure({ maxFiles: 10 });
    const ids: string[] = [];
    for (const name of ['1.png', '2.png', '3.png']) {
      ids.push(jsonOf(await uploadStream(api, { bytes: fakePng(name), name })).data.file_id);
    }
    const page = jsonOf(await filesCall(api, 'list?page=2&pageSize=2')).data;
    assert.deepEqual([page.total, page.files[0]?.file_id], [3, ids[0]]);
    const target = `${api.urls.files}/api/v1/files/${String(ids[0])}`;
    assert.equal((await wire(target, { method: 'DELETE', headers: auth(api) })).status, 200);
    assert.equal((await wire(target, { method: 'DELETE', headers: auth(api) })).status, 404);
    const {
      used_files: used,
      max_files: max,
      remain_files: left,
    } = jsonOf(await filesCall(api, 'quota')).data;
    assert.deepEqual([used, max, left], [2, 10, 8]);
    assert.equal((await api.files()).filter((file) => file.deletedAt !== undefined).length, 1);
  });

  it('has codes for what is too large, no image, or too many', async () => {
    await api.configure({ maxFiles: 1, maxFileBytes: 1000 });
    const codes: unknown[] = [];
    for (const bytes of [fakePng('x'.repeat(2000)), Buffer.from('no image'), fakePng('')]) {
      codes.push(jsonOf(await uploadStream(api, { bytes })).code);
    }
    const answer = await uploadStream(api, { bytes: fakePng(''), name: 'more.png' });
    codes.push(jsonOf(answer).code);
    assert.deepEqual(codes, [40001, 40002, 200, 40003]);
    assert.equal(answer.status, 400);
    await api.configure({ fileErrorsOn200: true });
    const again = await uploadStream(api, { bytes: fakePng(''), name: 'more.png' });
    assert.deepEqual(
      [again.status, jsonOf(again).success, jsonOf(again).code],
      [200, false, 40003],
    );
  });

  it('needs the key and a file', async () => {
    const url = `${api.urls.files}/api/v1/files/upload/stream`;
    assert.equal((await wire(url, { method: 'POST' })).status, 401);
    assert.equal((await wire(url, { method: 'POST', headers: auth(api) })).status, 400);
  });

  it('lets go of a file whose sender went away', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield fakePng('half');
      await sleep(20);
      throw new Error('gone');
    }
    await assert.rejects(uploadStream(api, { bytes: broken() }), /gone/);
    assert.deepEqual(await api.files(), []);
  });

  it('makes a task fail whose reference is not there when it runs', async () => {
    const upload = async (name: string) =>
      jsonOf(await uploadStream(api, { bytes: fakePng(name), name })).data;
    const kept = await upload('kept.png');
    const deleted = await upload('deleted.png');
    const good = await createId(api, { image_urls: [kept.file_url] });
    const bad = await createId(api, { image_urls: [kept.file_url, deleted.file_url] });
    const target = `${api.urls.files}/api/v1/files/${deleted.file_id}`;
    await wire(target, { method: 'DELETE', headers: auth(api) });
    await api.advanceClock(taskMs);
    assert.equal(jsonOf(await query(api, good)).status, 'completed');
    const { status, error } = jsonOf(await query(api, bad));
    assert.deepEqual([status, error.code], ['failed', 'image_processing_error']);
  });

  it('lets files go after their time', async () => {
    const { file_url: url } = jsonOf(await uploadStream(api, { bytes: fakePng('') })).data;
    await api.advanceClock(72 * 3_600_000 + 1);
    assert.equal((await wire(url)).status, 404);
  });

  it('holds what is too large for a reference', async () => {
    const bytes = Buffer.concat([pngHead, Buffer.alloc(51 * mebibyte)]);
    const { file_url: url } = jsonOf(await uploadStream(api, { bytes })).data;
    const answer = await create(api, { image_urls: [url] });
    const { error } = jsonOf(answer);
    assert.deepEqual(
      [answer.status, error.code, error.type],
      [413, 413, 'request_too_large_error'],
    );
  });
});
