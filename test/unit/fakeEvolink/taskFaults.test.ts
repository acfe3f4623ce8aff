import assert from 'node:assert/strict';
import type { TaskFault } from '../../fakeEvolink/faults.ts';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { batch, create, createId, finished, query, taskMs, wire } from './wire.ts';
import { jsonOf, listOf } from './wireJson.ts';

describe('fates of a task', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ taskMs });
  });
  beforeEach(() => api.reset());
  after(() => api.close());

  /** A task made under these orders, when its time is over. */
  async function withFaults(...faults: readonly TaskFault[]): Promise<string> {
    for (const fault of faults) await api.fault({ fault });
    const id = await createId(api);
    await api.advanceClock(taskMs);
    return id;
  }
  const statusOf = async (id: string): Promise<unknown> => jsonOf(await query(api, id)).status;

  it('may be to fail, and be refunded', async () => {
    const id = await withFaults({
      kind: 'failed',
      code: 'content_policy_violation',
      message: 'No.',
    });
    const { status, progress, error, results } = jsonOf(await query(api, id));
    assert.deepEqual([status, progress, results], ['failed', 0, undefined]);
    const expected = { code: 'content_policy_violation', message: 'No.', type: 'task_error' };
    assert.deepEqual(error, expected);
    assert.deepEqual(await api.billing(), { remaining: 1000, reserved: 0, used: 0 });
  });

  it('may be to be cancelled', async () => {
    assert.equal(await statusOf(await withFaults({ kind: 'cancelled' })), 'cancelled');
    assert.equal((await api.billing()).remaining, 1000);
  });

  it('may be to end with another word, or with none', async () => {
    const cancelled = await withFaults({ kind: 'cancelled' }, { kind: 'statusAs', as: 'canceled' });
    assert.equal(await statusOf(cancelled), 'canceled');
    assert.equal(await statusOf(await withFaults({ kind: 'statusAs', as: 'SUCCESS' })), 'SUCCESS');
    await api.fault({ fault: { kind: 'statusAs' } });
    const id = await createId(api);
    assert.equal(await statusOf(id), 'pending');
    await api.advanceClock(taskMs);
    const answer = jsonOf(await query(api, id));
    assert.deepEqual(['status' in answer, answer.results.length], [false, 1]);
  });

  it('may be never to end', async () => {
    const id = await withFaults({ kind: 'stuck' });
    await api.advanceClock(taskMs * 100);
    const { status, progress } = jsonOf(await query(api, id));
    assert.deepEqual([status, progress], ['processing', 99]);
  });

  it('may be to take another time', async () => {
    await api.fault({
      match: { promptIncludes: 'slow' },
      fault: { kind: 'takes', ms: taskMs * 3 },
    });
    const [slow, plain] = [await createId(api, { prompt: 'slow' }), await createId(api)];
    await api.advanceClock(taskMs * 2);
    assert.deepEqual([await statusOf(slow), await statusOf(plain)], ['processing', 'completed']);
    await api.advanceClock(taskMs);
    assert.equal(await statusOf(slow), 'completed');
  });

  it('may be to complete without results for a while', async () => {
    const id = await withFaults({ kind: 'emptyResults', queries: 2 });
    const lengths: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { status, results } = jsonOf(await query(api, id));
      assert.equal(status, 'completed');
      lengths.push(results.length);
    }
    assert.deepEqual(lengths, [0, 0, 1]);
  });

  it('may be to give its results in another form', async () => {
    const url = (id: string): string => `${api.urls.media}/images/${id}.png`;
    const forms = {
      strings: (id: string) => ({ results: [url(id)] }),
      objects: (id: string) => ({ results: [{ url: url(id) }] }),
      result_data: (id: string) => ({ result_data: [{ image_url: url(id) }] }),
      result_url: (id: string) => ({ result_url: url(id) }),
      url: (id: string) => ({ url: url(id) }),
    };
    for (const [as, expected] of Object.entries(forms)) {
      const id = await withFaults({ kind: 'resultsAs', as: as as keyof typeof forms });
      const { results, result_data, result_url, url: plain } = jsonOf(await query(api, id));
      assert.deepEqual(
        JSON.parse(JSON.stringify({ results, result_data, result_url, url: plain })),
        expected(id),
      );
    }
  });

  it('may be another URL', async () => {
    const url = 'https://elsewhere.example/image.png';
    assert.deepEqual(
      jsonOf(await query(api, await withFaults({ kind: 'resultUrl', url }))).results,
      [url],
    );
  });

  it('may be not to be found, though it was paid', async () => {
    const id = await withFaults({ kind: 'unknownTask', queries: 2 });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await query(api, id)).status);
    assert.deepEqual(statuses, [404, 404, 200]);
    assert.equal((await api.billing()).used, 2.5);
    const lost = await withFaults({ kind: 'unknownTask' });
    assert.deepEqual(listOf(await batch(api, [lost])).data, []);
  });

  it('may be several at once', async () => {
    const id = await withFaults(
      { kind: 'resultsAs', as: 'url' },
      { kind: 'emptyResults', queries: 1 },
    );
    assert.deepEqual(jsonOf(await query(api, id)).results, []);
    assert.match(jsonOf(await query(api, id)).url, /\.png$/);
  });

  it('hold for one answer only when met at a query', async () => {
    const { id } = await finished(api);
    const match = { route: 'query' } as const;
    await api.fault({ match, fault: { kind: 'failed' } });
    await api.fault({ match: { ...match, nth: 2 }, fault: { kind: 'emptyResults' } });
    await api.fault({ match: { ...match, nth: 3 }, fault: { kind: 'unknownTask' } });
    assert.equal(await statusOf(id), 'failed');
    assert.deepEqual(jsonOf(await query(api, id)).results, []);
    assert.equal((await query(api, id)).status, 404);
    assert.equal(jsonOf(await query(api, id)).results.length, 1);
  });

  it('do not touch a create call that was refused', async () => {
    await api.fault({ fault: { kind: 'cancelled' } });
    assert.equal((await create(api, { size: 'huge' })).status, 400);
    assert.equal(await statusOf(await withFaults()), 'cancelled');
  });
});

describe('faults of an image’s delivery', () => {
  let api: OfflineApi;
  let url: string;
  let whole: Buffer;
  before(async () => {
    api = await startOfflineApi({ taskMs });
  });
  beforeEach(async () => {
    await api.reset();
    ({ url } = await finished(api));
    whole = (await wire(url)).body;
  });
  after(() => api.close());

  it('may be a part under the length of the whole', async () => {
    await api.fault({ fault: { kind: 'truncated' } });
    const answer = await wire(url);
    assert.equal(answer.isCut, true);
    assert.equal(answer.headers['content-length'], String(whole.length));
    assert.deepEqual(answer.body, whole.subarray(0, Math.floor(whole.length / 2)));
  });

  it('may be a part that looks whole', async () => {
    for (const contentLength of ['cut', 'none'] as const) {
      await api.fault({ fault: { kind: 'truncated', keepRatio: 0.25, contentLength } });
      const answer = await wire(url);
      assert.deepEqual([answer.isCut, answer.body.length], [false, Math.floor(whole.length / 4)]);
      assert.equal(answer.headers['content-length'] === undefined, contentLength === 'none');
    }
  });

  it('may be far too much', async () => {
    const sizeBytes = 3_000_000;
    for (const chunked of [false, true]) {
      await api.fault({ fault: { kind: 'oversized', sizeBytes, chunked } });
      const { body, headers } = await wire(url);
      assert.equal(body.length, sizeBytes);
      assert.deepEqual(body.subarray(0, whole.length), whole);
      assert.equal(headers['content-length'], chunked ? undefined : String(sizeBytes));
    }
  });

  it('may be a page, noise, or of another type', async () => {
    await api.fault({ match: { route: 'result' }, fault: { kind: 'html' } });
    await api.fault({ fault: { kind: 'notAnImage' } });
    await api.fault({ fault: { kind: 'wrongContentType', contentType: 'text/plain' } });
    const [page, noise, other] = [await wire(url), await wire(url), await wire(url)];
    assert.match(page.body.toString(), /<html>/);
    assert.equal(noise.headers['content-type'], 'image/png');
    assert.notDeepEqual(noise.body.subarray(0, 4), whole.subarray(0, 4));
    assert.equal(other.headers['content-type'], 'text/plain');
    assert.deepEqual(other.body, whole);
  });

  it('may be that it is gone', async () => {
    for (const status of [403, 404, 410] as const) {
      await api.fault({ fault: { kind: 'expired', status } });
      assert.equal((await wire(url)).status, status);
    }
  });

  it('may lead elsewhere', async () => {
    await api.fault({ fault: { kind: 'redirect' } });
    const { status, headers } = await wire(url);
    assert.equal(status, 302);
    const moved = new URL(String(headers.location), url);
    assert.deepEqual((await wire(moved.href)).body, whole);
  });

  it('does not count as delivered', async () => {
    await api.fault({ fault: { kind: 'truncated' } });
    await wire(url);
    const [task] = await api.tasks();
    assert.deepEqual([task?.resultFetches, task?.resultDelivered], [2, 1]);
  });
});
