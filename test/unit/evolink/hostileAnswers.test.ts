import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { AppError } from '../../../src/appError.ts';
import { createClient, type CreateTask } from '../../../src/evolink/client.ts';
import { createFilesClient } from '../../../src/evolink/files.ts';
import { parseFileList, parseUploadedFile } from '../../../src/evolink/filesSchema.ts';
import { parseTask, parseTaskList, parseTasks } from '../../../src/evolink/schema.ts';
import { createTransport } from '../../../src/evolink/transport.ts';
import { deadUrl, startServer, type TestServer } from './httpServer.ts';
import { direct, failure, makeClient, never, type TestClient } from './setup.ts';

const image = 'https://files.example/a.png';
const long = 'x'.repeat(200_000);
const blanks = ' '.repeat(200_000);
const task: CreateTask = { model: 'm', prompt: 'p', size: '1', quality: 'q', imageUrls: [] };

/** A list in a list in a list. */
function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

/** Everything that an error tells, as text. */
function told({ message, details, stack, cause }: AppError): string {
  const below = cause instanceof Error ? `${cause.message} ${String(cause.stack)}` : String(cause);
  return `${message} ${JSON.stringify(details)} ${String(stack)} ${below}`;
}

describe('a task whose fields are made to harm', () => {
  const hostile: [string, Record<string, unknown>][] = [
    ['a model of 200,000 characters', { model: long }],
    ['a status of 200,000 blanks', { status: `${blanks}x` }],
    ['a progress beyond all numbers', { progress: 1e308 }],
    ['a duration of 10^300 seconds', { task_info: { estimated_time: 1e300 } }],
    ['credits beyond all numbers', { usage: { credits_used: 1e308 } }],
    ['an error of blanks', { error: { code: long, message: `${blanks}x` } }],
    ['fields of the language', { constructor: 1, toString: 'x', __proto__: null }],
    ['100,000 results', { results: [image, ...Array<string>(100_000).fill(`${image}?x`)] }],
    ['results of other kinds', { results: [[[]], {}, long, blanks, image] }],
    ['an address too long for one', { results: [`${image}?${long}`, image] }],
  ];
  for (const [what, fields] of hostile) {
    it(`yields its image in spite of ${what}`, () => {
      const read = parseTask({ id: 't', status: 'completed', results: [image], ...fields });
      assert.equal(read.resultUrls[0], image);
      assert.ok(JSON.stringify(read).length < 5_000);
      assert.ok((read.estimatedMs ?? 0) < 1e10 && (read.credits ?? 0) < 1e10);
    });
  }

  const ids = ['x'.repeat(129), '.', '..', '../credits', 'a b', 'a\nb', 'a?b', 'é', long];
  for (const id of ids) {
    it(`is not called ${JSON.stringify(id.slice(0, 20))}`, () => {
      assert.equal(parseTask({ id, task_id: 't' }).id, 't');
      assert.equal(parseTask({ id, results: [image] }, undefined, 'asked').id, 'asked');
      assert.throws(() => parseTask({ id }), /\bid\b/);
      assert.deepEqual(parseTasks({ data: [{ id }, { id: 't' }] }).length, 1);
      assert.deepEqual(parseTaskList({ data: [{ id }, { id: 't' }] }).length, 1);
    });
  }

  it('fails with words that fit into a sentence', () => {
    const words = [long, `${'A'.repeat(80_000)} ${blanks}(request id: ${'9'.repeat(80_000)})`];
    for (const message of words) {
      const { error } = parseTask({ id: 't', status: 'failed', error: { code: long, message } });
      assert.ok(error && error.message.length <= 1_001, String(error?.message.length));
      assert.ok(JSON.stringify(error.details).length < 1_500);
    }
  });

  it('fails with whole characters where its words are cut', () => {
    const message = `x${'🦊'.repeat(1_000)}`;
    const { error } = parseTask({ id: 't', status: 'failed', error: { message } });
    assert.ok(error?.message.isWellFormed());
  });

  it('keeps the request id of a message that is cut', () => {
    const message = `${long} (request id: abc-7)`;
    const { error } = parseTask({ id: 't', status: 'failed', error: { message } });
    assert.equal(error?.details.requestId, 'abc-7');
  });
});

describe('files whose fields are made to harm', () => {
  it('are sent all the same', () => {
    const data = { file_id: 7, file_url: image, file_name: long, upload_time: long };
    const { expires_at: _, ...file } = { ...data, expires_at: 1e308 };
    assert.equal(parseUploadedFile({ data: file }, 0).url, image);
  });

  it('are listed without what is too long', () => {
    const files = [
      { file_id: long, file_name: 'a' },
      { file_id: '..', file_name: 'a' },
      { file_id: '1', file_name: long, original_name: 'b', file_url: `${image}?${long}` },
    ];
    const [only, ...others] = parseFileList({ data: files });
    assert.deepEqual([only?.fileId, only?.names, only?.url, others], ['1', ['b'], undefined, []]);
  });
});

describe('an answer that is made to harm', () => {
  let server: TestServer;
  let answer: { status: number; headers: Record<string, string>; body: string | Buffer };
  let made: TestClient;
  before(async () => {
    server = await startServer((_, response) => {
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
    made = makeClient(server.url, 'sk-0123456789-secret');
  });
  beforeEach(() => (answer = { status: 200, headers: {}, body: '' }));
  after(async () => {
    await made.transport.close();
    await server.close();
  });

  const create = async () => await made.client.createTask(task, 'image-studio-hostile', never);

  for (const depth of [100, 100_000])
    it(`yields its image beside lists that are ${String(depth)} deep`, async () => {
      answer.body = `{"id":"t","x":${nested(depth)},"results":["${image}"],"error":${nested(depth)}}`;
      assert.deepEqual((await create()).resultUrls, [image]);
    });

  it('yields its image beside fifty thousand fields', async () => {
    const fields = Array.from({ length: 50_000 }, (_, index) => `"f${String(index)}":{}`);
    answer.body = `{"id":"t","results":["${image}"],${fields.join(',')}}`;
    assert.deepEqual((await create()).resultUrls, [image]);
  });

  it('is not read to its end when it does not end', async () => {
    for (const body of [Buffer.alloc(64 * 1024 * 1024, ' '), gzipSync(Buffer.alloc(64 << 20))]) {
      answer.body = body;
      const error = await failure(create());
      assert.match(error.message, /too long/);
      assert.notEqual(error.details.sent, 'no');
    }
  });

  it('is not unpacked for ever when it unpacks to nothing', async () => {
    const nothing = gzipSync(Buffer.alloc(0));
    const body = Buffer.concat(Array<Buffer>(1_000_000).fill(nothing));
    answer = { status: 200, headers: { 'content-encoding': 'gzip' }, body };
    assert.match((await failure(create())).message, /too long/);
  });

  const refusals: [string, string][] = [
    ['in the provider’s form', JSON.stringify({ error: { code: long, message: blanks + long } })],
    ['of files', JSON.stringify({ success: false, code: 400, msg: long, message: long })],
    ['as text', long],
    ['as blanks', `${blanks}x`],
    ['as a page', `<html>${long}`],
    ['that is deep', `{"error":${nested(100_000)}}`],
    ['with a way to top up', JSON.stringify({ error: { action_url: `https://x/${long}` } })],
    ['with a field', JSON.stringify({ error: { message: 'x', param: long, type: long } })],
  ];
  for (const [what, body] of refusals)
    it(`is refused in bounded words: ${what}`, async () => {
      answer = { status: 402, headers: { 'x-request-id': 'r'.repeat(8_000) }, body };
      const error = await failure(create());
      assert.equal(error.code, 'credits');
      assert.ok(error.message.length + JSON.stringify(error.details).length < 5_000);
    });
});

describe('the key in an answer', () => {
  const key = 'sk-Ab"9\\z/Q+w=0123456789.&secret~%41';
  const escaped = Array.from(key, (char) => `\\u00${char.charCodeAt(0).toString(16)}`).join('');
  const percent = Array.from(key, (char) => `%${char.charCodeAt(0).toString(16)}`).join('');
  const entities = Array.from(key, (char) => `&#${String(char.charCodeAt(0))};`).join('');
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const forms: [string, string][] = [
    ['as it is', key],
    ['in quotation marks', `"${key}"`],
    ['in capitals', key.toUpperCase()],
    ['escaped for JSON', JSON.stringify(key)],
    ['escaped for JSON, each character', escaped],
    ['escaped for an address', encodeURIComponent(key)],
    ['escaped for an address twice', encodeURIComponent(encodeURIComponent(key))],
    ['escaped for an address, each character', percent],
    ['escaped for a page', entities],
    ['escaped for a page by names', key.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
    ['in base64', base64(key)],
    ['in base64 behind a word', base64(`Bearer ${key}`)],
    ['in base64 behind one character', base64(`x${key}xy`)],
    ['in base64 of addresses', Buffer.from(`xy${key}`).toString('base64url')],
    ['in hexadecimal digits', Buffer.from(key).toString('hex')],
    ['backwards', Array.from(key).reverse().join('')],
    ['twice', `${key} ${key}${key}`],
    ['behind its own beginning', `sk-Ab"9${key}`],
    ['in hexadecimal digits in capitals', Buffer.from(key).toString('hex').toUpperCase()],
    ['in base64 as a password', `Basic ${base64(`:${key}`)}`],
    ['between blanks of an address', `%20${encodeURIComponent(key)}%20`],
  ];
  let server: TestServer;
  let answer: { status: number; headers: Record<string, string>; body: string | Buffer };
  let made: TestClient;
  before(async () => {
    server = await startServer((_, response) => {
      response.writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
    made = makeClient(server.url, key);
  });
  after(async () => {
    await made.transport.close();
    await server.close();
  });

  /** A word of the key in any of the forms. */
  function assertHidden(text: string): void {
    const plain = decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25')).toLowerCase();
    for (const part of ['0123456789', '9876543210', 'secret', '7365637265', '3334353637'])
      assert.ok(!plain.includes(part), text.slice(0, 300));
    for (const form of forms.slice(10, 14).map(([, each]) => each.slice(6, -6)))
      assert.ok(!text.includes(form), text.slice(0, 300));
  }

  for (const [what, echoed] of forms) {
    it(`is taken out ${what}`, async () => {
      const message = `Incorrect API key provided: ${echoed}. Look at it`;
      const error = { code: echoed, message, type: echoed, param: echoed };
      const bodies: (string | Buffer)[] = [
        JSON.stringify({ error }),
        JSON.stringify({ error: message }),
        JSON.stringify({ success: false, code: 401, msg: message }),
        message,
        gzipSync(JSON.stringify({ error: { ...error, [echoed]: echoed } })),
      ];
      for (const body of bodies) {
        answer = { status: 401, headers: { 'x-request-id': echoed }, body };
        const thrown = await failure(made.client.credits(never));
        assert.equal(thrown.code, 'auth');
        assertHidden(told(thrown));
        if (!Buffer.isBuffer(body)) assert.match(thrown.message, /Incorrect API key.*Look at it/);
      }
    });
  }

  it('is taken out of a task, which stays a task', async () => {
    const body = {
      id: 't',
      status: 'completed',
      model: key,
      results: [`${image}?k=${key}`, image],
    };
    answer = { status: 200, headers: {}, body: JSON.stringify(body) };
    const read = await made.client.getTask('t', never);
    assertHidden(JSON.stringify(read));
    assert.equal(read.resultUrls.at(-1), image);
  });

  it('is taken out of what the network library throws', async () => {
    const { client, transport } = makeClient('http://127.0.0.1:1', `${key}\n`);
    const thrown = await failure(client.credits(never));
    assertHidden(told(thrown));
    await transport.close();
  });

  it('is taken out of what the editor’s own fetch throws', async () => {
    const transport = createTransport({
      network: () => direct,
      env: {},
      baseUrls: () => [],
      userAgent: 'image-studio-test/1',
      editorFetch: (_, init) => {
        const { authorization } = init?.headers as Record<string, string>;
        const text = `Headers.append: "${String(authorization)}" is an invalid header value.`;
        return Promise.reject(new TypeError(text, { cause: new Error(text) }));
      },
    });
    const apiBaseUrl = await deadUrl();
    const client = createClient({
      transport,
      apiBaseUrl: () => apiBaseUrl,
      apiKey: () => Promise.resolve(key),
    });
    const thrown = await failure(client.account().then(() => client.getTask('t', never)));
    assert.match(thrown.message, /invalid header value/);
    assertHidden(told(thrown));
    await transport.close();
  });

  it('is taken out of what the file service says', async () => {
    const files = createFilesClient({
      transport: made.transport,
      filesBaseUrl: () => server.url,
      apiKey: () => Promise.resolve(key),
    });
    const body = JSON.stringify({ success: false, code: 401, msg: `Wrong key ${key}` });
    answer = { status: 200, headers: {}, body };
    const thrown = await failure(files.quota(never));
    assert.equal(thrown.code, 'auth');
    assertHidden(told(thrown));
  });

  it('leaves words alone that are only like it', async () => {
    const message = 'Incorrect API key: sk-Ab"9…, sk-012, secret';
    answer = { status: 401, headers: {}, body: JSON.stringify({ error: { message } }) };
    assert.equal((await failure(made.client.credits(never))).message, message);
  });
});
