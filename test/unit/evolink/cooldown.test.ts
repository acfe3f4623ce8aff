import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { createClient } from '../../../src/evolink/client.ts';
import { nodeClientPlatform } from '../../../src/evolink/clientPlatform.ts';
import { createCooldown } from '../../../src/evolink/cooldown.ts';
import { createFilesClient } from '../../../src/evolink/files.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../../src/evolink/transport.ts';
import { failure, never } from './setup.ts';

describe('requests of a kind that the provider asked to be spared', () => {
  let nowMs: number;
  /** Paths of what was sent. */
  let sent: string[];
  /** Of every answer, in seconds; undefined for a success. */
  let retryAfter: number | undefined;
  /** Of the next answers instead. */
  let later: number[];
  let status: number;
  let keyIsRead: Promise<undefined>;

  function make() {
    const platform = {
      ...nodeClientPlatform,
      monotonicMs: () => nowMs,
      wait: () => Promise.resolve(),
    };
    const common = {
      transport: {
        send: (request: HttpRequest) => {
          sent.push(new URL(request.url).pathname);
          return Promise.resolve(answer());
        },
      } as unknown as Transport,
      apiKey: () => keyIsRead.then(() => 'key'),
      platform,
      cooldown: createCooldown(platform.monotonicMs),
    };
    return {
      client: createClient({ ...common, apiBaseUrl: () => 'https://api' }),
      files: createFilesClient({ ...common, filesBaseUrl: () => 'https://files' }),
      cooldown: common.cooldown,
    };
  }

  function answer(): HttpAnswer {
    const body = { id: 'a', status: 'processing', data: [], success: true };
    const waitS = later.shift() ?? retryAfter;
    const headers = waitS === undefined ? {} : { 'retry-after': String(waitS) };
    const answered = waitS === undefined ? 200 : status;
    return { status: answered, headers, body: Readable.from([Buffer.from(JSON.stringify(body))]) };
  }

  beforeEach(() => {
    [nowMs, sent, retryAfter, later, status] = [1_000, [], 30, [], 429];
    keyIsRead = Promise.resolve(undefined);
  });

  for (const refusal of [429, 503])
    it(`are not sent before the time a ${String(refusal)} names is over`, async () => {
      status = refusal;
      const { client } = make();
      await failure(client.getTask('a', never));
      retryAfter = undefined;
      nowMs += 29_000;
      const error = await failure(client.getTask('b', never));
      assert.deepEqual(
        [error.code, error.details.sent, error.details.retryAfterMs],
        ['rateLimited', 'no', 1_000],
      );
      assert.deepEqual(sent, ['/v1/tasks/a']);
      nowMs += 1_000;
      await client.getTask('b', never);
      assert.deepEqual(sent, ['/v1/tasks/a', '/v1/tasks/b']);
    });

  it('wait together, whichever call they are made by', async () => {
    const { client, files } = make();
    await failure(client.getTask('a', never));
    await failure(client.getTasks(['a', 'b'], never));
    await failure(files.delete('a', never));
    await failure(files.list(1, never));
    assert.deepEqual(sent, ['/v1/tasks/a', '/api/v1/files/a']);
  });

  it('keep to the longest wait of those that were asked for', async () => {
    const { client, cooldown } = make();
    later = [30, 1];
    await Promise.all([failure(client.getTask('a', never)), failure(client.getTask('b', never))]);
    nowMs += 2_000;
    assert.equal((await failure(client.getTask('c', never))).details.retryAfterMs, 28_000);
    cooldown.lift();
    await failure(client.getTask('c', never));
    assert.deepEqual(sent, ['/v1/tasks/a', '/v1/tasks/b', '/v1/tasks/c']);
  });

  const asks: [string, string, (made: ReturnType<typeof make>, id: string) => Promise<unknown>][] =
    [
      ['a task', '/v1/tasks/a', ({ client }, id) => client.getTask(id, never)],
      ['a deletion', '/api/v1/files/a', ({ files }, id) => files.delete(id, never)],
    ];
  for (const [what, path, ask] of asks)
    it(`are not sent when the key was being read as another was refused: ${what}`, async () => {
      const made = make();
      const reading = Promise.withResolvers<undefined>();
      keyIsRead = reading.promise;
      const late = failure(ask(made, 'b'));
      keyIsRead = Promise.resolve(undefined);
      await failure(ask(made, 'a'));
      reading.resolve(undefined);
      assert.equal((await late).code, 'rateLimited');
      assert.deepEqual(sent, [path]);
    });

  it('do not keep back creates, which the queue keeps back itself', async () => {
    const { client } = make();
    const fox = { model: 'm', prompt: 'A fox', size: 'auto', quality: 'auto', imageUrls: [] };
    for (const key of ['one', 'two']) await failure(client.createTask(fox, key, never));
    assert.equal(sent.length, 2);
  });

  it('are not repeated by a read that would have to wait for long', async () => {
    const { client } = make();
    retryAfter = 60;
    assert.equal((await failure(client.credits(never))).details.retryAfterMs, 60_000);
    assert.equal(sent.length, 1);
  });
});
