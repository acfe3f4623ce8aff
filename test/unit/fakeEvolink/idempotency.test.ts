import assert from 'node:assert/strict';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { create, taskMs } from './wire.ts';
import { jsonOf } from './wireJson.ts';

const key = { 'idempotency-key': 'wish-0123456789abcdef' };

describe('idempotency keys', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ taskMs });
  });
  beforeEach(() => api.reset());
  after(() => api.close());

  it('replay the first task, and nothing is paid again', async () => {
    const first = await create(api, { size: '1:1' }, key);
    await api.advanceClock(taskMs);
    const second = await create(api, { size: '1:1' }, key);
    assert.equal(first.headers['idempotency-replayed'], undefined);
    assert.equal(second.headers['idempotency-replayed'], 'true');
    assert.deepEqual(jsonOf(second), jsonOf(first));
    assert.equal((await api.tasks()).length, 1);
    assert.equal((await api.billing()).used, 2.5);
    assert.deepEqual(
      (await api.log()).map((entry) => entry.replayed),
      [undefined, true],
    );
  });

  it('may be replayed with the task as it is now', async () => {
    await api.configure({ replayAs: 'current' });
    await create(api, {}, key);
    await api.advanceClock(taskMs);
    assert.equal(jsonOf(await create(api, {}, key)).status, 'completed');
  });

  it('clash when the body is another', async () => {
    await create(api, { size: '1:1' }, key);
    const answer = await create(api, { size: '2:3' }, key);
    assert.equal(answer.status, 409);
    assert.equal(jsonOf(answer).error.code, 'idempotency_conflict');
    assert.equal((await api.tasks()).length, 1);
  });

  it('do not mind the order of fields', async () => {
    await create(api, { prompt: 'a', size: '1:1' }, key);
    const answer = await create(api, { size: '1:1', prompt: 'a' }, key);
    assert.equal(answer.headers['idempotency-replayed'], 'true');
  });

  it('must be 16 to 96 plain characters', async () => {
    for (const bad of ['x'.repeat(15), 'x'.repeat(97), 'with spaces in it 123']) {
      assert.equal((await create(api, {}, { 'idempotency-key': bad })).status, 400);
    }
    for (const good of ['x'.repeat(16), 'x'.repeat(96)]) {
      assert.equal((await create(api, {}, { 'idempotency-key': good })).status, 200);
    }
  });

  it('make no difference where the provider has none', async () => {
    await api.configure({ idempotency: false });
    await create(api, {}, key);
    assert.equal((await create(api, {}, key)).headers['idempotency-replayed'], undefined);
    assert.equal((await api.tasks()).length, 2);
  });
});
