import assert from 'node:assert/strict';
import type { Fault } from '../../fakeEvolink/faults.ts';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { auth, batch, create, createId, failureCode, query, taskMs, wire } from './wire.ts';
import { jsonOf, listOf } from './wireJson.ts';

describe('faults of an answer', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ taskMs });
  });
  beforeEach(() => api.reset());
  after(() => api.close());

  const atCreate = (fault: Fault) => api.fault({ match: { route: 'create' }, fault });
  const taskCount = async () => (await api.tasks()).length;

  it('may be any status, with the provider’s fields', async () => {
    const message = 'The prompt was refused';
    await atCreate({
      kind: 'status',
      status: 400,
      code: 'sensitive_content',
      message,
      param: 'prompt',
    });
    const answer = await create(api);
    const { error } = jsonOf(answer);
    assert.equal(answer.status, 400);
    assert.deepEqual([error.code, error.param], ['sensitive_content', 'prompt']);
    assert.match(error.message, /^The prompt was refused \(request id: req-\d+\)$/);
    assert.equal(await taskCount(), 0);
  });

  it('may have any body and Retry-After', async () => {
    const answers = [];
    for (const body of ['html', 'text', 'empty'] as const) {
      await atCreate({ kind: 'status', status: 503, body, retryAfter: 7 });
      const { status, headers, body: sent } = await create(api);
      answers.push([status, headers['retry-after'], headers['content-type'], sent.length > 0]);
    }
    assert.deepEqual(answers, [
      [503, '7', 'text/html; charset=utf-8', true],
      [503, '7', 'text/plain; charset=utf-8', true],
      [503, '7', undefined, false],
    ]);
  });

  it('may have each of the three error shapes', async () => {
    for (const shape of ['error', 'fallback', 'msg'] as const) {
      await atCreate({ kind: 'status', status: 413, shape });
    }
    const [error, fallback, msg] = [await create(api), await create(api), await create(api)];
    assert.equal(jsonOf(error).error.code, 'request_too_large');
    assert.equal(jsonOf(fallback).error.code, 413);
    assert.ok(jsonOf(fallback).error.fallback_suggestion);
    assert.deepEqual([jsonOf(msg).success, jsonOf(msg).code], [false, 413]);
  });

  it('may hide that the task was made', async () => {
    await atCreate({ kind: 'status', status: 502, after: true });
    assert.equal((await create(api)).status, 502);
    assert.equal(await taskCount(), 1);
    assert.equal((await api.billing()).reserved, 2.5);
  });

  it('are over after so many times, and begin with the nth', async () => {
    const fault: Fault = { kind: 'status', status: 500 };
    await api.fault({ match: { route: 'create', nth: 2 }, times: 2, fault });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push((await create(api)).status);
    assert.deepEqual(statuses, [200, 500, 500, 200, 200]);
    assert.deepEqual(
      (await api.faults()).map(({ seen, hits }) => [seen, hits]),
      [[5, 2]],
    );
    assert.equal((await api.log())[1]?.fault, 'status');
  });

  it('may never end, until they are cleared', async () => {
    const fault: Fault = { kind: 'status', status: 500 };
    await api.fault({ match: { origin: 'api' }, times: 'always', fault });
    for (let count = 0; count < 3; count += 1) assert.equal((await create(api)).status, 500);
    await api.clearFaults();
    assert.equal((await create(api)).status, 200);
  });

  it('meet the prompt they are for, in a query and a batch too', async () => {
    const [fox, hen] = [
      await createId(api, { prompt: 'fox' }),
      await createId(api, { prompt: 'hen' }),
    ];
    const match = { promptIncludes: 'hen', route: 'watch' } as const;
    await api.fault({ match, times: 2, fault: { kind: 'status', status: 500 } });
    assert.equal((await query(api, fox)).status, 200);
    assert.equal((await query(api, hen)).status, 500);
    assert.equal((await batch(api, [fox])).status, 200);
    assert.equal((await batch(api, [fox, hen])).status, 500);
  });

  it('may reset the connection before any work', async () => {
    for (const at of ['accept', 'beforeBody'] as const) {
      await atCreate({ kind: 'reset', at });
      assert.equal(await failureCode(create(api)), 'ECONNRESET', at);
    }
    assert.equal(await taskCount(), 0);
    assert.equal((await create(api)).status, 200);
  });

  it('may reset the connection when the task is made', async () => {
    await atCreate({ kind: 'reset', at: 'afterRequest' });
    assert.equal(await failureCode(create(api)), 'ECONNRESET');
    assert.equal(await taskCount(), 1);
    assert.equal((await api.log())[0]?.fault, 'reset');
  });

  it('may reset the connection within the answer', async () => {
    const whole = (await create(api)).body.length;
    const lengths: number[] = [];
    for (const at of ['afterHeaders', 'duringBody', 'afterBody'] as const) {
      await atCreate({ kind: 'reset', at });
      const answer = await create(api);
      assert.equal(answer.isCut, at !== 'afterBody', at);
      lengths.push(answer.body.length);
    }
    assert.deepEqual(lengths, [0, Math.ceil(whole / 2), whole]);
    assert.equal(await taskCount(), 4);
  });

  it('may reset an upload while it is sent', async () => {
    await api.fault({ match: { route: 'upload' }, fault: { kind: 'reset', at: 'duringRequest' } });
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) yield Buffer.alloc(65_536);
    }
    const upload = wire(`${api.urls.files}/api/v1/files/upload/stream`, {
      method: 'POST',
      headers: { ...auth(api), 'content-type': 'multipart/form-data; boundary=x' },
      body: endless(),
    });
    assert.match(await failureCode(upload), /^(ECONNRESET|EPIPE)$/);
    const [entry] = await api.log();
    assert.ok(entry !== undefined && entry.bodyBytes > 0);
    assert.equal(entry.status, undefined);
  });

  it('may be silence, with the task made or not', async () => {
    for (const after of [false, true]) {
      await atCreate({ kind: 'hang', after });
      const silent = failureCode(create(api));
      while ((await api.log()).at(-1)?.fault === undefined) await new Promise(setImmediate);
      while (after && (await taskCount()) === 0) await new Promise(setImmediate);
      assert.equal((await api.log()).at(-1)?.status === undefined, !after);
      await api.dropConnections();
      assert.equal(await silent, 'ECONNRESET');
      assert.equal(await taskCount(), after ? 1 : 0);
    }
  });

  it('may drip', async () => {
    await atCreate({ kind: 'slow', chunkBytes: 100, everyMs: 1, firstByteMs: 5 });
    const answer = await create(api);
    assert.equal(answer.isCut, false);
    assert.equal(jsonOf(answer).status, 'pending');
  });

  it('may be JSON that cannot be read, or HTML on 200', async () => {
    await atCreate({ kind: 'malformedJson' });
    const answer = await create(api);
    assert.deepEqual([answer.status, answer.isCut], [200, false]);
    assert.throws(() => jsonOf(answer), SyntaxError);
    await atCreate({ kind: 'html' });
    assert.match((await create(api)).body.toString(), /^<!DOCTYPE html>/);
    assert.equal(await taskCount(), 2);
  });

  it('may have other types in lesser fields', async () => {
    const id = await createId(api);
    await api.fault({ match: { route: 'watch' }, times: 2, fault: { kind: 'wrongTypes' } });
    const expected = {
      created: 'yesterday',
      progress: null,
      task_info: [],
      usage: 'none',
      id,
      status: 'pending',
    };
    assert.deepEqual(jsonOf(await query(api, id)), expected);
    assert.deepEqual(listOf(await batch(api, [id])).data, [expected]);
  });

  it('may replace and remove any field', async () => {
    const replace = { 'usage.credits_reserved': 'many', id: 7 };
    await atCreate({ kind: 'wrongTypes', replace, remove: ['task_info', 'usage.user_group'] });
    const task = jsonOf(await create(api));
    assert.deepEqual([task.id, task.task_info], [7, undefined]);
    assert.deepEqual(task.usage, { billing_rule: 'per_call', credits_reserved: 'many' });
  });

  it('may be a failure on 200, as files have it', async () => {
    const fault: Fault = { kind: 'successFalse', code: 40003, msg: 'full' };
    await api.fault({ match: { route: 'quota' }, fault });
    const answer = await wire(`${api.urls.files}/api/v1/files/quota`, { headers: auth(api) });
    assert.deepEqual(
      [answer.status, jsonOf(answer)],
      [200, { success: false, code: 40003, msg: 'full' }],
    );
  });
});
