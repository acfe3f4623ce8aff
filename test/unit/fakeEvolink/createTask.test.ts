import assert from 'node:assert/strict';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { auth, create, goodBody, taskMs, wire } from './wire.ts';
import { jsonOf } from './wireJson.ts';

const longest = 'x'.repeat(2000);
const url = 'https://example.com/a.png';

describe('creating a task', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({ taskMs });
  });
  beforeEach(() => api.reset());
  after(() => api.close());

  it('answers with a pending task of the provider’s shape', async () => {
    const answer = await create(api);
    const { id, created, ...rest } = jsonOf(answer);
    assert.equal(answer.status, 200);
    assert.match(id, /^task-unified-\d{10}-[a-z0-9]{8}$/);
    assert.equal(created, Math.floor((await api.tasks())[0]!.createdAt / 1000));
    assert.deepEqual(rest, {
      model: 'gpt-image-1.5-lite',
      object: 'image.generation.task',
      progress: 0,
      status: 'pending',
      task_info: { can_cancel: true, estimated_time: 60 },
      type: 'image',
      usage: { billing_rule: 'per_call', credits_reserved: 2.5, user_group: 'default' },
    });
  });

  const accepted: Record<string, Record<string, unknown>> = {
    'a prompt of 2000 characters': { prompt: longest },
    'every field': { size: '3:2', quality: 'high', n: 1, image_urls: [url] },
    '16 references': { image_urls: Array<string>(16).fill(url) },
    'unknown fields': { callback_url: 'https://example.com' },
  };
  for (const [what, fields] of Object.entries(accepted)) {
    it(`takes ${what}`, async () => {
      assert.equal((await create(api, fields)).status, 200);
    });
  }

  const refused: [string, string, Record<string, unknown>][] = [
    ['no model', 'model', { model: undefined }],
    ['an unknown model', 'model', { model: 'paint-by-hand-1' }],
    ['no prompt', 'prompt', { prompt: undefined }],
    ['an empty prompt', 'prompt', { prompt: '' }],
    ['a prompt that is no text', 'prompt', { prompt: 7 }],
    ['a prompt of 2001 characters', 'prompt', { prompt: `${longest}x` }],
    ['another size', 'size', { size: '512x512' }],
    ['another quality', 'quality', { quality: 'best' }],
    ['two images', 'n', { n: 2 }],
    ['an empty list of references', 'image_urls', { image_urls: [] }],
    ['17 references', 'image_urls', { image_urls: Array<string>(17).fill(url) }],
    ['a reference as data URL', 'image_urls', { image_urls: ['data:image/png;base64,AAAA'] }],
    ['references that are no list', 'image_urls', { image_urls: url }],
  ];
  for (const [what, param, fields] of refused) {
    it(`refuses ${what}, naming ${param}`, async () => {
      const answer = await create(api, fields);
      const { error } = jsonOf(answer);
      assert.equal(answer.status, 400);
      assert.equal(error.param, param);
      assert.equal(error.type, 'invalid_request_error');
      assert.deepEqual(await api.tasks(), []);
    });
  }

  const ofOthers: [string, object, string | undefined][] = [
    ['gpt-image-1.5', { quality: 'high' }, undefined],
    ['gpt-image-1.5', { quality: 'auto' }, 'quality'],
    ['gpt-image-2', { size: '3840x2160', background: 'transparent' }, undefined],
    ['gpt-image-2', { size: '16:9', resolution: '4K', output_format: 'webp' }, undefined],
    ['gpt-image-2', { size: '1024x1024', resolution: '4K' }, 'resolution'],
    ['gpt-image-2', { size: '1000x1024' }, 'size'],
    ['gpt-image-2', { background: 'transparent', output_format: 'jpeg' }, 'background'],
    ['gpt-image-2', { prompt: '狐'.repeat(20_001) }, 'prompt'],
    ['gpt-image-2-beta', { size: '21:9' }, undefined],
    ['gpt-image-2-beta', { size: '1024x1024' }, 'size'],
    ['gpt-image-2-beta', { quality: 'low' }, 'quality'],
    ['gemini-3.1-flash-image-preview', { size: '8:1', quality: '0.5K' }, undefined],
    ['gemini-3.1-flash-image-preview', { quality: 'low' }, 'quality'],
    ['gemini-3.1-flash-image-preview', { image_urls: Array(15).fill(url) }, 'image_urls'],
    ['z-image-turbo', { size: '376x1536', seed: 7 }, undefined],
    ['z-image-turbo', { seed: 0 }, 'seed'],
    ['z-image-turbo', { image_urls: [url] }, 'image_urls'],
    ['gpt-image-1.5-lite', { resolution: '1K' }, 'resolution'],
    ['gpt-image-1.5-lite', { seed: 7 }, 'seed'],
  ];
  for (const [model, fields, param] of ofOthers)
    it(`${param === undefined ? 'takes' : 'refuses'} for ${model} ${JSON.stringify(fields).slice(0, 80)}`, async () => {
      const answer = await create(api, { size: undefined, quality: undefined, ...fields, model });
      assert.equal(answer.status, param === undefined ? 200 : 400);
      if (param !== undefined) assert.equal(jsonOf(answer).error.param, param);
    });

  it('refuses a body that is no JSON', async () => {
    const target = `${api.urls.api}/v1/images/generations`;
    const answer = await wire(target, { method: 'POST', headers: auth(api), body: '{"model":' });
    assert.equal(answer.status, 400);
  });

  it('names each request in a header and at the end of an error’s message', async () => {
    const answer = await create(api, { size: 'huge' });
    const requestId = answer.headers['x-request-id'];
    assert.ok(jsonOf(answer).error.message.endsWith(` (request id: ${String(requestId)})`));
    assert.notEqual((await create(api)).headers['x-request-id'], requestId);
  });

  it('logs what was sent', async () => {
    const body = { ...goodBody, size: '2:3' };
    await create(api, { size: '2:3' });
    const [entry] = await api.log();
    assert.ok(entry);
    const { origin, route, method, path, status, json, bodyBytes } = entry;
    assert.deepEqual(
      { origin, route, method, path, status, json, bodyBytes },
      {
        origin: 'api',
        route: 'create',
        method: 'POST',
        path: '/v1/images/generations',
        status: 200,
        json: body,
        bodyBytes: JSON.stringify(body).length,
      },
    );
    assert.equal(entry.headers['authorization'], `Bearer ${api.key}`);
  });
});

describe('who may create a task', () => {
  let api: OfflineApi;
  before(async () => {
    api = await startOfflineApi({
      taskMs,
      credits: 3,
      keys: [
        'sk-offline-good',
        { key: 'sk-offline-off', state: 'disabled' },
        { key: 'sk-offline-old', state: 'expired' },
        { key: 'sk-offline-small', state: 'forbidden' },
      ],
    });
  });
  beforeEach(() => api.reset());
  after(() => api.close());

  const callers: [string, number, string][] = [
    ['Bearer sk-wrong', 401, 'unauthorized'],
    ['sk-offline-good', 401, 'unauthorized'],
    ['Bearer sk-offline-off', 401, 'KEY_DISABLED'],
    ['Bearer sk-offline-old', 401, 'KEY_EXPIRED'],
    ['Bearer sk-offline-small', 403, 'model_access_denied'],
  ];
  for (const [authorization, status, code] of callers) {
    it(`answers "${authorization}" with ${String(status)} ${code}`, async () => {
      const answer = await create(api, {}, { authorization });
      assert.deepEqual([answer.status, jsonOf(answer).error.code], [status, code]);
    });
  }

  it('refuses a model the key may not use, and says which it may', async () => {
    await api.configure({ models: ['gpt-image-1.5-lite'] });
    const answer = await create(api, { model: 'gpt-image-2' });
    assert.equal(answer.status, 403);
    const { code, allowed_models: allowed } = jsonOf(answer).error;
    assert.deepEqual([code, allowed], ['key_model_not_allowed', ['gpt-image-1.5-lite']]);
  });

  it('does not know a model that was withdrawn', async () => {
    await api.configure({ withdrawnModels: ['gpt-image-1.5-lite'] });
    const answer = await create(api);
    assert.deepEqual([answer.status, jsonOf(answer).error.code], [404, 'model_not_found']);
  });

  it('refuses when the credits are used up, and says what is missing', async () => {
    assert.equal((await create(api)).status, 200);
    const answer = await create(api);
    const { error } = jsonOf(answer);
    assert.equal(answer.status, 402);
    assert.equal(error.code, 'insufficient_user_quota');
    assert.deepEqual([error.estimated_credits, error.account_balance_credits], [2.5, 0.5]);
  });
});
