import assert from 'node:assert/strict';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { auth, batch, createId, query, taskMs, wire } from './wire.ts';
import { jsonOf, listOf } from './wireJson.ts';

describe('watching tasks', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ taskMs });
  });
  beforeEach(() => api.reset());
  after(() => api.close());

  it('sees them wait, make progress and complete', async () => {
    const id = await createId(api);
    const seen: [string, number][] = [];
    for (let step = 0; step <= 10; step += 1) {
      const { status, progress } = jsonOf(await query(api, id));
      seen.push([status, progress]);
      await api.advanceClock(taskMs / 10);
    }
    const progress = seen.map(([, value]) => value);
    assert.deepEqual(
      [...new Set(seen.map(([status]) => status))],
      ['pending', 'processing', 'completed'],
    );
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
    );
    assert.ok(new Set(progress).size >= 9, progress.join(' '));
    assert.equal(progress.at(-1), 100);
  });

  it('get the result’s URL, on the media origin, from a completed one only', async () => {
    const id = await createId(api);
    assert.equal(jsonOf(await query(api, id)).results, undefined);
    await api.advanceClock(taskMs);
    const task = jsonOf(await query(api, id));
    assert.deepEqual(task.results, [`${api.urls.media}/images/${id}.png`]);
    assert.deepEqual(task.task_info, { can_cancel: false });
  });

  it('end when they were due, whoever looks late', async () => {
    const id = await createId(api);
    await api.advanceClock(taskMs * 5);
    await query(api, id);
    const [task] = await api.tasks();
    assert.equal(task?.finishedAt, (task?.createdAt ?? 0) + taskMs);
  });

  it('take times that vary with the jitter, the same for the same seed', async () => {
    const durations = async (): Promise<number[]> => {
      await api.reset();
      await api.configure({ jitter: 0.5 });
      for (let count = 0; count < 5; count += 1) await createId(api);
      await api.advanceClock(taskMs * 2);
      return (await api.tasks()).map((task) => Math.round((task.finishedAt ?? 0) - task.createdAt));
    };
    const spread = await durations();
    assert.equal(new Set(spread).size, 5);
    assert.deepEqual(await durations(), spread);
    assert.ok(spread.every((ms) => ms >= taskMs / 2 && ms <= taskMs * 1.5));
  });

  it('are unknown when never made, expired or another key’s', async () => {
    const other = 'sk-offline-another';
    await api.configure({ keys: [api.key, other] });
    const id = await createId(api);
    const answers = [
      await query(api, 'task-unified-1-aaaaaaaa'),
      await wire(`${api.urls.api}/v1/tasks/${id}`, {
        headers: { authorization: `Bearer ${other}` },
      }),
    ];
    await api.advanceClock(8 * 24 * 3_600_000);
    answers.push(await query(api, id));
    for (const answer of answers) {
      assert.deepEqual([answer.status, jsonOf(answer).error.code], [404, 'task_not_found']);
    }
  });

  it('in a batch leave out the unknown ones', async () => {
    const ids = [await createId(api), await createId(api)];
    const { data } = listOf(await batch(api, [...ids, 'task-unified-1-aaaaaaaa']));
    assert.deepEqual(
      data.map((task) => task.id),
      ids,
    );
    assert.deepEqual(
      (await api.tasks()).map((task) => task.queries),
      [1, 1],
    );
  });

  it('in a batch are at most 50', async () => {
    assert.equal((await batch(api, Array<string>(50).fill('x'))).status, 200);
    assert.equal((await batch(api, Array<string>(51).fill('x'))).status, 400);
    assert.equal((await batch(api, [])).status, 400);
  });

  it('in a batch or a list meet 404 where the provider has neither', async () => {
    await api.configure({ batch: false, list: false });
    assert.equal((await batch(api, [await createId(api)])).status, 404);
    const list = await wire(`${api.urls.api}/v1/tasks`, { headers: auth(api) });
    assert.equal(list.status, 404);
  });

  it('are listed newest first, paged, filtered, without URLs', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push(await createId(api));
    await api.advanceClock(taskMs);
    const running = await createId(api);
    const list = async (search: string) =>
      listOf(await wire(`${api.urls.api}/v1/tasks${search}`, { headers: auth(api) }));
    const page = await list('?status=completed&page=2&page_size=2');
    assert.deepEqual(
      page.data.map((row) => row.id),
      [ids[2], ids[1]],
    );
    assert.deepEqual([page.total, page.page, page.page_size], [5, 2, 2]);
    assert.deepEqual(Object.keys(page.data[0] ?? {}), [
      'id',
      'model',
      'type',
      'status',
      'progress',
      'created_at',
      'has_results',
    ]);
    const unfinished = await list('?status=pending&type=image&model=gpt-image-1.5-lite');
    assert.deepEqual([unfinished.total, unfinished.data[0]?.id], [1, running]);
    assert.equal((await list('?type=video')).total, 0);
  });

  it('cannot be cancelled', async () => {
    const target = `${api.urls.api}/v1/tasks/${await createId(api)}`;
    assert.equal((await wire(target, { method: 'DELETE', headers: auth(api) })).status, 404);
    assert.equal(
      (await wire(`${target}/cancel`, { method: 'POST', headers: auth(api) })).status,
      404,
    );
  });
});

describe('credits', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ taskMs, credits: 10 });
  });
  after(() => api.close());

  const account = async () =>
    jsonOf(await wire(`${api.urls.api}/v1/credits`, { headers: auth(api) })).data.user;

  it('are reserved, then charged, and given back for a failed task', async () => {
    await api.fault({ match: { promptIncludes: 'doomed' }, fault: { kind: 'failed' } });
    await createId(api);
    await createId(api, { prompt: 'doomed' });
    assert.deepEqual(await account(), { remaining_credits: 5, used_credits: 0 });
    assert.deepEqual(await api.billing(), { remaining: 5, reserved: 5, used: 0 });
    await api.advanceClock(taskMs);
    assert.deepEqual(await account(), { remaining_credits: 7.5, used_credits: 2.5 });
    assert.deepEqual(
      (await api.tasks()).map((task) => task.creditsUsed),
      [2.5, 0],
    );
  });

  it('number their errors', async () => {
    const answer = await wire(`${api.urls.api}/v1/credits`);
    assert.deepEqual([answer.status, jsonOf(answer).error.code], [401, 401]);
  });
});
