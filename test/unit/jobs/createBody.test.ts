import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JobSystem, openJobSystem } from '../../../src/jobs/openJobSystem.ts';
import { choicesFor } from '../../../src/evolink/models/choices.ts';
import { findModel, shippedModels } from '../../../src/evolink/models/shippedModels.ts';
import { checkRequest, type ImageRequest, toJobs } from '../../../src/requests/imageRequest.ts';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { jobSystemOptions, newJob } from '../../support/jobSystemOptions.ts';

const never = new AbortController().signal;

describe('what a create sends', () => {
  let api: OfflineApi;
  let folder: string;
  let system: JobSystem;

  before(async () => {
    api = await startOfflineApi({ taskMs: 5 });
  });
  beforeEach(async () => {
    await api.reset();
    folder = await mkdtemp(join(tmpdir(), 'create-body-'));
    const { api: apiUrl, files: filesUrl } = api.urls;
    const storageFolder = join(folder, 'storage');
    system = openJobSystem({
      ...jobSystemOptions({ apiUrl, filesUrl, key: api.key, storageFolder }),
      waitScale: 0.01,
    });
    system.start();
  });
  afterEach(async () => {
    await system.close();
    await rm(folder, { recursive: true, force: true });
  });
  after(() => api.close());

  /** The body as it was sent: JSON keeps the order of its fields. */
  async function bodyOf(more: object): Promise<string> {
    const [job] = system.engine.add([{ ...newJob('A "red" fox · 狐', folder), ...more }]);
    const [ended] = await system.engine.whenSettled([job!.id], never);
    assert.equal(ended?.state, 'saved');
    const [request] = await api.log({ route: 'create' });
    const text = JSON.stringify(request?.json);
    assert.equal(Number(request?.headers['content-length']), Buffer.byteLength(text));
    return text;
  }

  it('is for the default model byte for byte what version 0.1 sent', async () => {
    assert.equal(
      await bodyOf({}),
      '{"prompt":"A \\"red\\" fox · 狐","model":"gpt-image-1.5-lite","size":"1024x1024","quality":"auto"}',
    );
  });

  const others: [string, Partial<ImageRequest>, string][] = [
    ['gpt-image-1.5', {}, '"size":"1024x1024","quality":"high"'],
    ['gpt-image-2', {}, '"size":"1024x1024","quality":"medium"'],
    [
      'gpt-image-2',
      { size: '16:9', resolution: '4K', background: 'transparent', outputFormat: 'webp' },
      '"size":"16:9","quality":"medium","resolution":"4K","background":"transparent","output_format":"webp"',
    ],
    ['gpt-image-2-beta', {}, '"size":"1:1"'],
    ['gemini-3.1-flash-image-preview', {}, '"size":"1:1","quality":"2K"'],
    ['gemini-3.1-flash-image-preview', { resolution: '4K' }, '"size":"1:1","quality":"4K"'],
    ['z-image-turbo', {}, '"size":"1024x1024"'],
    ['z-image-turbo', { size: '9:16', seed: 7 }, '"size":"9:16","seed":7'],
  ];
  for (const [model, asked, fields] of others)
    it(`is for ${model} what it knows, as ${fields}`, async () => {
      const settings = { size: '1024x1024', quality: 'auto', resolution: '' };
      const choices = choicesFor(findModel(model)!, shippedModels, asked, settings);
      const request = { ...asked, ...choices, model, prompt: 'x', count: 1, references: [] };
      checkRequest(request, {});
      const { destination } = newJob('x', folder);
      const [job] = toJobs(request, { destination });
      assert.equal(await bodyOf(job!), `{"prompt":"x","model":"${model}",${fields}}`);
    });

  it('is the same with references, which stand at its end', async () => {
    assert.equal(
      await bodyOf({ size: '2:3', quality: 'low', references: ['https://example.com/a.png?x=1'] }),
      '{"prompt":"A \\"red\\" fox · 狐","model":"gpt-image-1.5-lite","size":"2:3","quality":"low","image_urls":["https://example.com/a.png?x=1"]}',
    );
  });
});
