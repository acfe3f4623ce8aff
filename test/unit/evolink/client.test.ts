import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { type Client, createClient, type CreateTask } from '../../../src/evolink/client.ts';
import { isOutcomeUnknown } from '../../../src/evolink/errors.ts';
import type { Task } from '../../../src/evolink/schema.ts';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi, RouteName } from '../../fakeEvolink/types.ts';
import { answerJson, startServer, type TestServer } from './httpServer.ts';
import { failure, makeClient, never, type TestClient } from './setup.ts';

const fox: CreateTask = {
  model: 'gpt-image-1.5-lite',
  prompt: 'A red fox in the snow',
  size: '1024x1024',
  quality: 'auto',
  imageUrls: [],
};
/** Long, so that only the shifted clock ends a task. */
const taskMs = 60_000;
let keys = 0;

function newKey(): string {
  keys += 1;
  return `image-studio-test-${String(keys)}`;
}

describe('the client, on the provider’s wire', () => {
  let api: OfflineApi;
  let made: TestClient;
  let client: Client;
  before(async () => {
    api = await startOfflineApi({ taskMs, drawing: 'fast', keys: ['sk-offline-secret-key'] });
  });
  beforeEach(async () => {
    await api.reset();
    made = makeClient(api.urls.api, api.key);
    ({ client } = made);
  });
  afterEach(() => made.transport.close());
  after(() => api.close());

  const create = (task: Partial<CreateTask> = {}, key = newKey()): Promise<Task> =>
    client.createTask({ ...fox, ...task }, key, never);
  const asked = async (route: RouteName) => (await api.log({ route })).length;

  it('asks for an image with every field, under its idempotency key', async () => {
    const imageUrls = ['https://example.com/a.png', 'https://example.com/b.png'];
    const task = await create({ imageUrls, size: '2:3', quality: 'low' }, 'image-studio-abcdef');
    assert.equal(task.status, 'pending');
    assert.equal(task.estimatedMs, taskMs);
    const [request] = await api.log({ route: 'create' });
    assert.deepEqual(request?.json, {
      model: fox.model,
      prompt: fox.prompt,
      size: '2:3',
      quality: 'low',
      image_urls: imageUrls,
    });
    assert.equal(request.headers['idempotency-key'], 'image-studio-abcdef');
    assert.equal(request.headers['authorization'], `Bearer ${api.key}`);
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(request.headers['user-agent'], 'image-studio-test/1');
  });

  it('leaves the references out when there are none', async () => {
    await create();
    const [request] = await api.log({ route: 'create' });
    assert.equal('image_urls' in (request?.json as object), false);
  });

  it('gets the same task for the same idempotency key', async () => {
    const key = newKey();
    assert.equal((await create({}, key)).id, (await create({}, key)).id);
    assert.equal((await api.tasks()).length, 1);
  });

  it('tells an idempotency key used for another request as a conflict', async () => {
    const key = newKey();
    await create({}, key);
    const error = await failure(create({ prompt: 'A hen' }, key));
    assert.equal(error.code, 'conflict');
    assert.equal(error.details.providerCode, 'idempotency_conflict');
  });

  it('reads the prices without the key, and fails where there are none', async () => {
    const prices = await client.prices(never);
    assert.deepEqual(prices.get('gpt-image-1.5-lite'), { minUsd: 0.03, maxUsd: 0.05 });
    const [request] = await api.log({ route: 'pricing' });
    assert.equal(request?.headers['authorization'], undefined);
    assert.ok(!JSON.stringify(request).includes(api.key));
    await api.configure({ pricing: false });
    assert.equal((await failure(client.prices(never))).code, 'notFound');
  });

  it('follows a task to its result', async () => {
    const { id } = await create();
    await api.advanceClock(taskMs / 2);
    const half = await client.getTask(id, never);
    assert.equal(half.status, 'processing');
    assert.ok(half.progress !== undefined && half.progress > 0 && half.progress < 100);
    await api.advanceClock(taskMs);
    const done = await client.getTask(id, never);
    const [record] = await api.tasks();
    assert.deepEqual([done.status, done.resultUrls], ['completed', [record?.resultUrl]]);
  });

  it('tells an unknown task as not found, with the request id', async () => {
    const error = await failure(client.getTask('task-unified-0000000000-nothing1', never));
    assert.equal(error.code, 'notFound');
    assert.match(String(error.details.requestId), /^req-/);
    assert.doesNotMatch(error.message, /request id/);
  });

  it('does not let a strange task id change the address', async () => {
    await failure(client.getTask('../credits?x=1', never));
    const [request] = await api.log();
    assert.equal(request?.path, '/v1/tasks/..%2Fcredits%3Fx%3D1');
  });

  it('asks for many tasks in one call, and leaves out those nobody knows', async () => {
    const ids = [(await create()).id, (await create()).id];
    const { tasks } = await client.getTasks([...ids, 'task-unified-0000000000-nothing1'], never);
    assert.deepEqual([...tasks.keys()].toSorted(), ids.toSorted());
    assert.deepEqual([await asked('batch'), await asked('query')], [1, 0]);
    assert.equal(client.asksOneByOne(), false);
  });

  it('asks for one task by itself', async () => {
    const { id } = await create();
    assert.deepEqual([...(await client.getTasks([id], never)).tasks.keys()], [id]);
    assert.deepEqual([await asked('batch'), await asked('query')], [0, 1]);
  });

  it('finds nothing when the one task is unknown', async () => {
    assert.equal((await client.getTasks(['task-unified-0000000000-x'], never)).tasks.size, 0);
    assert.equal((await client.getTasks([], never)).tasks.size, 0);
  });

  it('asks for at most fifty in a call', async () => {
    const ids = Array.from({ length: 120 }, (_, n) => `task-unified-0000000000-${String(n)}`);
    await client.getTasks(ids, never);
    const requests = await api.log({ route: 'batch' });
    const sent = requests.map(({ json }) => (json as { task_ids: string[] }).task_ids);
    assert.deepEqual(
      sent.map((some) => some.length),
      [50, 50, 20],
    );
    assert.deepEqual(sent.flat(), ids);
  });

  it('asks one by one where there is no call for many, and remembers that', async () => {
    await api.configure({ batch: false });
    const ids = [(await create()).id, (await create()).id];
    for (let round = 0; round < 2; round += 1) {
      const { tasks } = await client.getTasks([...ids, 'task-unified-0000000000-none'], never);
      assert.deepEqual([...tasks.keys()], ids);
    }
    assert.deepEqual([await asked('batch'), await asked('query')], [1, 6]);
    assert.equal(client.asksOneByOne(), true);
    assert.equal(made.log.length, 1);
  });

  it('hears of the others when one of them cannot be told of', async () => {
    await api.configure({ batch: false });
    const ids = [(await create()).id, (await create()).id, (await create()).id];
    const fault = { kind: 'status', status: 500 } as const;
    await api.fault({ match: { route: 'query', taskId: ids[1]! }, fault });
    assert.deepEqual([...(await client.getTasks(ids, never)).tasks.keys()], [ids[0], ids[2]]);
  });

  it('fails when none of them can be told of', async () => {
    await api.configure({ batch: false });
    const ids = [(await create()).id, (await create()).id];
    const fault = { kind: 'status', status: 500 } as const;
    await api.fault({ match: { route: 'query' }, times: 2, fault });
    assert.equal((await failure(client.getTasks(ids, never))).code, 'server');
  });

  for (const status of [401, 429]) {
    it(`asks no further one by one when it is told ${String(status)}`, async () => {
      await api.configure({ batch: false });
      const ids = [(await create()).id, (await create()).id];
      await api.fault({ match: { route: 'query' }, fault: { kind: 'status', status } });
      assert.equal((await failure(client.getTasks(ids, never))).details.status, status);
      assert.equal(await asked('query'), 1);
    });
  }

  it('keeps what it was told one by one when it is to wait before the rest', async () => {
    await api.configure({ batch: false });
    const ids = [(await create()).id, (await create()).id, (await create()).id];
    const fault = { kind: 'status', status: 429, retryAfter: 60 } as const;
    await api.fault({ match: { route: 'query', taskId: ids[1]! }, fault });
    assert.deepEqual([...(await client.getTasks(ids, never)).tasks.keys()], [ids[0]]);
    const error = await failure(client.getTasks(ids.slice(1), never));
    assert.deepEqual([error.code, error.details.sent], ['rateLimited', 'no']);
    assert.equal(await asked('query'), 2);
  });

  for (const status of [400, 404, 405, 501]) {
    it(`takes ${String(status)} for a call that is not there`, async () => {
      const ids = [(await create()).id, (await create()).id];
      await api.fault({ match: { route: 'batch' }, fault: { kind: 'status', status } });
      assert.equal((await client.getTasks(ids, never)).tasks.size, 2);
      assert.equal(client.asksOneByOne(), true);
    });
  }

  for (const status of [401, 429, 500, 503]) {
    it(`does not take ${String(status)} for a call that is not there`, async () => {
      await api.fault({ match: { route: 'batch' }, fault: { kind: 'status', status } });
      const error = await failure(client.getTasks(['a', 'b'], never));
      assert.equal(error.details.status, status);
      assert.equal(await asked('query'), 0);
      assert.equal(client.asksOneByOne(), false);
    });
  }

  for (const kind of ['malformedJson', 'html', 'successFalse'] as const) {
    it(`asks one by one this time when the answer for many is ${kind}`, async () => {
      const ids = [(await create()).id, (await create()).id];
      await api.fault({ match: { route: 'batch' }, fault: { kind } });
      assert.equal((await client.getTasks(ids, never)).tasks.size, 2);
      assert.deepEqual([await asked('query'), client.asksOneByOne()], [2, false]);
    });
  }

  it('lists the account’s tasks', async () => {
    const { id } = await create();
    const [task] = await client.listTasks(1, never);
    const [record] = await api.tasks();
    assert.equal(task?.id, id);
    assert.equal(task.createdAtMs, Math.floor(record!.createdAt / 1000) * 1000);
    await api.configure({ list: false });
    assert.equal((await failure(client.listTasks(1, never))).code, 'notFound');
  });

  it('tells the credits', async () => {
    await api.configure({ credits: 12.5 });
    assert.equal(await client.credits(never), 12.5);
  });

  it('reads once more after what may pass', async () => {
    await api.fault({ match: { route: 'credits' }, fault: { kind: 'reset', at: 'duringBody' } });
    const fault = { kind: 'status', status: 503, retryAfter: 0 } as const;
    await api.fault({ match: { route: 'credits' }, fault });
    assert.equal(typeof (await client.credits(never)), 'number');
    assert.equal(await asked('credits'), 3);
  });

  it('gives up reading after three times', async () => {
    const fault = { kind: 'status', status: 500, retryAfter: 0 } as const;
    await api.fault({ match: { route: 'credits' }, times: 'always', fault });
    assert.equal((await failure(client.credits(never))).code, 'server');
    assert.equal(await asked('credits'), 3);
  });

  it('does not read again what will not change', async () => {
    await api.fault({ match: { route: 'credits' }, fault: { kind: 'status', status: 401 } });
    assert.equal((await failure(client.credits(never))).code, 'auth');
    assert.equal(await asked('credits'), 1);
  });

  it('stops waiting to read again when it is cancelled', async () => {
    const fault = { kind: 'status', status: 503, retryAfter: 9 } as const;
    await api.fault({ match: { route: 'credits' }, times: 'always', fault });
    const controller = new AbortController();
    const work = failure(client.credits(controller.signal));
    while ((await api.log({ route: 'credits' })).at(-1)?.endedAt === undefined)
      await new Promise(setImmediate);
    controller.abort();
    assert.equal((await work).code, 'cancelled');
    assert.equal(await asked('credits'), 1);
  });

  for (const status of [429, 500, 502, 503, 504]) {
    it(`asks for an image once, whatever ${String(status)} says`, async () => {
      const fault = { kind: 'status', status, retryAfter: 3 } as const;
      await api.fault({ match: { route: 'create' }, fault });
      const error = await failure(create());
      assert.equal(error.details.retryAfterMs, 3000);
      assert.equal(await asked('create'), 1);
    });
  }

  for (const at of ['beforeBody', 'afterRequest', 'afterHeaders', 'duringBody'] as const) {
    it(`asks for an image once when the connection is reset ${at}`, async () => {
      await api.fault({ match: { route: 'create' }, fault: { kind: 'reset', at } });
      const error = await failure(create());
      assert.deepEqual([error.code, error.details.sent], ['network', 'maybe']);
      assert.equal(await asked('create'), 1);
    });
  }

  it('keeps a refusal whose words are cut off', async () => {
    const fault = { kind: 'status', status: 402, body: 'empty' } as const;
    await api.fault({ match: { route: 'create' }, fault });
    assert.equal((await failure(create())).code, 'credits');
  });

  it('fetches a result with no key, wherever it is', async () => {
    const { id } = await create();
    await api.advanceClock(taskMs);
    const [url] = (await client.getTask(id, never)).resultUrls;
    await api.fault({ fault: { kind: 'redirect' } });
    const { body, sizeBytes } = await client.download(url!, never);
    const chunks: Buffer[] = [];
    for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
    const [record] = await api.tasks();
    assert.equal(Buffer.concat(chunks).length, record?.sizeBytes);
    assert.equal(sizeBytes, record?.sizeBytes);
    const requests = await api.log({ origin: 'media' });
    assert.equal(requests.length, 2);
    for (const { headers } of requests) {
      assert.equal(headers['authorization'], undefined);
      assert.doesNotMatch(JSON.stringify(headers), new RegExp(api.key));
    }
  });

  it('tells a result that is gone', async () => {
    const { id } = await create();
    await api.advanceClock(taskMs);
    const [url] = (await client.getTask(id, never)).resultUrls;
    await api.fault({ fault: { kind: 'expired', status: 410 } });
    assert.equal((await failure(client.download(url!, never))).code, 'notFound');
  });

  it('sends nothing without a key', async () => {
    const keyless = makeClient(api.urls.api, undefined);
    const calls: ((client: Client) => Promise<unknown>)[] = [
      (them) => them.createTask(fox, newKey(), never),
      (them) => them.getTask('t', never),
      (them) => them.getTasks(['t', 'u'], never),
      (them) => them.listTasks(1, never),
      (them) => them.credits(never),
    ];
    for (const call of calls) {
      const error = await failure(call(keyless.client));
      assert.deepEqual([error.code, error.details.sent], ['noKey', 'no']);
    }
    assert.deepEqual(await api.log(), []);
    await keyless.transport.close();
  });
});

describe('the client, beside the provider’s wire', () => {
  let far: TestServer;
  let near: TestServer;
  let made: TestClient;
  afterEach(async () => {
    await made.transport.close();
    await Promise.all([near.close(), far.close()]);
  });

  it('does not follow a redirect of a call, so that no other host gets the key', async () => {
    far = await startServer((_, response) => answerJson(response, { id: 't', status: 'pending' }));
    near = await startServer((_, response) => {
      response.writeHead(307, { location: `${far.url}/v1/tasks/t` }).end();
    });
    made = makeClient(near.url, 'sk-secret-of-mine');
    assert.equal((await failure(made.client.getTask('t', never))).details.status, 307);
    await failure(made.client.createTask(fox, newKey(), never));
    assert.deepEqual([near.seen.length, far.seen.length], [2, 0]);
  });

  for (const [encoding, isTold] of [
    ['gzip', false],
    ['br', false],
    ['identity', true],
    ['', true],
  ] as const)
    it(`${isTold ? 'tells' : 'does not tell'} the size of a result that is encoded as "${encoding}"`, async () => {
      far = await startServer((_, response) => answerJson(response, {}));
      near = await startServer((_, response) => {
        response.writeHead(200, { 'content-encoding': encoding, 'content-length': '3' }).end('abc');
      });
      made = makeClient(near.url, 'sk-secret-of-mine');
      const { body, sizeBytes } = await made.client.download(near.url, never);
      body.resume();
      assert.equal(sizeBytes, isTold ? 3 : undefined);
    });

  it('unpacks a result that a gateway packed', async () => {
    const image = Buffer.concat([Buffer.from('89504e47', 'hex'), Buffer.alloc(100_000, 7)]);
    far = await startServer((_, response) => answerJson(response, {}));
    near = await startServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(image));
    });
    made = makeClient(near.url, 'sk-secret-of-mine');
    const { body } = await made.client.download(near.url, never);
    assert.ok(image.equals(Buffer.concat(await body.toArray())));
  });

  it('sends nothing when the keyring refuses, and says so', async () => {
    near = await startServer((_, response) => answerJson(response, {}));
    far = await startServer((_, response) => answerJson(response, {}));
    made = makeClient(near.url, 'sk-secret-of-mine');
    const client = createClient({
      transport: made.transport,
      apiBaseUrl: () => near.url,
      apiKey: () => Promise.reject(new Error('the keyring is locked')),
    });
    const error = await failure(client.createTask(fox, newKey(), never));
    assert.deepEqual([error.code, error.details.sent], ['noKey', 'no']);
    assert.match(error.message, /keyring is locked/);
    assert.equal(near.seen.length, 0);
  });

  for (const [what, body, headers] of [
    ['too long', 'x'.repeat(1024 * 1024 + 1), {}],
    ['packed in a way of its own', 'not packed', { 'content-encoding': 'gzip' }],
    ['too deep', `${'{"data":'.repeat(5000)}1${'}'.repeat(5000)}`, {}],
  ] as const) {
    it(`asks one by one this time when the answer for many is ${what}`, async () => {
      far = await startServer((_, response) => answerJson(response, {}));
      near = await startServer(({ method, path }, response) => {
        if (method === 'POST') response.writeHead(200, headers).end(body);
        else answerJson(response, { id: path.split('/').at(-1), status: 'pending' });
      });
      made = makeClient(near.url, 'sk-secret-of-mine');
      assert.deepEqual(
        [...(await made.client.getTasks(['t', 'u'], never)).tasks.keys()],
        ['t', 'u'],
      );
      assert.equal(made.client.asksOneByOne(), false);
    });

    it(`may have been accepted when the answer to a create is ${what}`, async () => {
      far = await startServer((_, response) => answerJson(response, {}));
      near = await startServer((_, response) => response.writeHead(200, headers).end(body));
      made = makeClient(near.url, 'sk-secret-of-mine');
      const error = await failure(made.client.createTask(fox, newKey(), never));
      assert.deepEqual([near.seen.length, isOutcomeUnknown(error)], [1, true]);
    });
  }

  it('takes the request id of a gateway from its own header', async () => {
    far = await startServer((_, response) => answerJson(response, {}));
    near = await startServer((_, response) =>
      answerJson(response, { error: 'x' }, 404, { 'x-oneapi-request-id': 'one-7' }),
    );
    made = makeClient(near.url, 'sk-secret-of-mine');
    const error = await failure(made.client.getTask('t', never));
    assert.equal(error.details.requestId, 'one-7');
  });

  it('is cancelled in the middle of an answer', async () => {
    far = await startServer((_, response) => answerJson(response, {}));
    near = await startServer((_, response) => void response.writeHead(200).write('{"id":'));
    made = makeClient(near.url, 'sk-secret-of-mine');
    const controller = new AbortController();
    const work = failure(made.client.getTask('t', controller.signal));
    while (near.seen.length === 0) await new Promise(setImmediate);
    controller.abort();
    assert.equal((await work).code, 'cancelled');
  });
});
