import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connectOffline } from '../../fakeEvolink/connectOffline.ts';
import { makeCertificates } from '../../fakeEvolink/makeCertificates.ts';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { auth, create, createId, failureCode, finished, taskMs, wire } from './wire.ts';
import { jsonOf } from './wireJson.ts';

describe('the server', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ taskMs, credits: 50 });
  });
  beforeEach(() => api.reset());
  after(() => api.close());

  it('has four origins', () => {
    assert.equal(new Set(Object.values(api.urls)).size, 4);
  });

  it('can go away and come back under the same address', async () => {
    const id = await createId(api);
    const codes = { true: 'ECONNRESET', refuse: 'ECONNREFUSED' };
    for (const offline of [true, 'refuse'] as const) {
      await api.configure({ offline });
      for (const origin of ['api', 'files', 'media'] as const) {
        assert.equal(
          await failureCode(wire(api.urls[origin])),
          codes[String(offline) as keyof typeof codes],
        );
      }
    }
    await api.configure({ offline: false });
    const { status } = await wire(`${api.urls.api}/v1/tasks/${id}`, { headers: auth(api) });
    assert.equal(status, 200);
  });

  it('tells how many connections are open', async () => {
    await api.fault({ match: { route: 'create' }, times: 3, fault: { kind: 'hang' } });
    const silent = [1, 2, 3].map(() => failureCode(create(api)));
    while ((await api.log()).length < 3) await new Promise(setImmediate);
    assert.deepEqual(await api.connections(), { api: 3, files: 0, media: 0 });
    await api.dropConnections();
    assert.deepEqual(await Promise.all(silent), ['ECONNRESET', 'ECONNRESET', 'ECONNRESET']);
  });

  it('forgets everything on reset', async () => {
    await createId(api);
    await api.configure({ credits: 1, taskMs: 1, estimatedS: 9 });
    await api.fault({ fault: { kind: 'stuck' } });
    await api.advanceClock(1e9);
    await api.reset();
    assert.deepEqual(
      [await api.tasks(), await api.log(), await api.faults(), (await api.billing()).remaining],
      [[], [], [], 50],
    );
    assert.equal(jsonOf(await create(api)).task_info.estimated_time, 60);
    assert.ok(Math.abs((await api.now()) - Date.now()) < 60_000);
  });

  it('filters its log', async () => {
    await createId(api);
    const [first] = await api.log();
    await finished(api);
    const routes = async (filter: Parameters<OfflineApi['log']>[0]) =>
      (await api.log(filter)).map((entry) => entry.route);
    assert.deepEqual(await routes({ route: 'create' }), ['create', 'create']);
    assert.deepEqual(await routes({ method: 'GET' }), ['query']);
    assert.deepEqual(await routes({ afterSeq: Number(first?.seq) }), ['create', 'query']);
    assert.deepEqual(await routes({ origin: 'media' }), []);
  });

  it('answers an unknown address with 404', async () => {
    for (const path of ['/', '/v1/models', '/v1/images/generations', '/v1/tasks/%E0%A4%A']) {
      assert.equal((await wire(api.urls.api + path, { headers: auth(api) })).status, 404, path);
    }
  });
});

describe('the server over TLS', () => {
  it('speaks https on all origins, and can be as rude there', async () => {
    const { ca, ...tls } = await makeCertificates();
    const api = await startOfflineApi({ taskMs, tls });
    try {
      for (const origin of ['api', 'files', 'media'] as const) {
        assert.match(api.urls[origin], /^https:/);
        assert.equal((await wire(api.urls[origin], { ca })).status, 404);
      }
      const credits = `${api.urls.api}/v1/credits`;
      assert.match(await failureCode(wire(credits)), /UNABLE_TO_VERIFY/);
      for (const at of ['accept', 'afterRequest'] as const) {
        await api.fault({ match: { origin: 'api' }, fault: { kind: 'reset', at } });
        assert.equal(await failureCode(wire(credits, { ca })), 'ECONNRESET', at);
      }
      assert.equal((await wire(credits, { ca, headers: auth(api) })).status, 200);
    } finally {
      await api.close();
    }
  });

  it('can name its results under http', async () => {
    const { ca, ...tls } = await makeCertificates();
    const api = await startOfflineApi({ taskMs: 0, tls });
    try {
      await api.fault({ fault: { kind: 'httpResultUrl' } });
      const sent = { ca, headers: auth(api) };
      const body = JSON.stringify({ model: 'gpt-image-1.5-lite', prompt: 'x' });
      const made = await wire(`${api.urls.api}/v1/images/generations`, {
        ...sent,
        method: 'POST',
        body,
      });
      const task = await wire(`${api.urls.api}/v1/tasks/${jsonOf(made).id}`, sent);
      assert.match(String(jsonOf(task).results[0]), /^http:/);
    } finally {
      await api.close();
    }
  });
});

describe('steering from another process', () => {
  it('has the same words', async () => {
    const local = await startOfflineApi({ taskMs });
    const remote = await connectOffline(local.urls.control);
    try {
      assert.deepEqual([remote.urls, remote.key], [local.urls, local.key]);
      await remote.fault({ match: { route: 'create' }, fault: { kind: 'status', status: 500 } });
      assert.equal((await create(remote)).status, 500);
      await finished(remote);
      assert.deepEqual(await remote.tasks(), await local.tasks());
      assert.deepEqual(await remote.log({ route: 'query' }), await local.log({ route: 'query' }));
      assert.deepEqual(await remote.faults(), await local.faults());
      assert.deepEqual(await remote.billing(), await local.billing());
      assert.deepEqual(await remote.files(), []);
      await remote.configure({ offline: true });
      assert.equal(await failureCode(create(remote)), 'ECONNRESET');
      await remote.reset();
      assert.deepEqual(await local.tasks(), []);
      await assert.rejects(remote.fault({ fault: { kind: 'x' as 'html' } }), /no fault "x"/);
    } finally {
      await remote.close();
    }
    assert.equal(await failureCode(wire(local.urls.api)), 'ECONNREFUSED');
  });

  it('works on the program, which ends when told to', async function () {
    this.timeout(10_000);
    const main = new URL('../../fakeEvolink/main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, '--json', '--task-ms', '0', '--fast']);
    try {
      const lines = createInterface(child.stdout);
      const [line] = (await once(lines, 'line')) as [string];
      const printed = JSON.parse(line) as { control: string };
      const api = await connectOffline(printed.control);
      assert.deepEqual(printed, { ...api.urls, key: api.key });
      assert.equal((await wire((await finished(api)).url)).status, 200);
      child.kill('SIGTERM');
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is told what is wrong with a flag', async function () {
    this.timeout(10_000);
    const main = new URL('../../fakeEvolink/main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main, '--port', 'x']);
    const [text] = await Promise.all([child.stderr.toArray(), once(child, 'exit')]);
    assert.match(Buffer.concat(text as Buffer[]).toString(), /--port must be a number/);
    assert.equal(child.exitCode, 1);
  });
});
