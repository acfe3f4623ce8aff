import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TransitionError } from '../../../src/jobs/transition.ts';
import { type JobSystem, openJobSystem } from '../../../src/jobs/openJobSystem.ts';
import type { FaultRule } from '../../fakeEvolink/faults.ts';
import { startOfflineApi } from '../../fakeEvolink/startOfflineApi.ts';
import type { OfflineApi } from '../../fakeEvolink/types.ts';
import { jobSystemOptions, newJob } from '../../support/jobSystemOptions.ts';

const never = new AbortController().signal;
const lite = 'gpt-image-1.5-lite';
const other = { model: 'gpt-image-1.5', size: '1024x1024', quality: 'high' };

describe('a model that is refused', () => {
  let api: OfflineApi;
  let folder: string;
  const open: JobSystem[] = [];

  before(async () => {
    api = await startOfflineApi({ taskMs: 5 });
  });
  beforeEach(async () => {
    await api.reset();
    folder = await mkdtemp(join(tmpdir(), 'held-models-'));
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((system) => system.close()));
    await rm(folder, { recursive: true, force: true });
  });
  after(() => api.close());

  function start(): JobSystem {
    const { api: apiUrl, files: filesUrl } = api.urls;
    const storageFolder = join(folder, 'storage');
    const place = { apiUrl, filesUrl, key: api.key, storageFolder };
    const system = openJobSystem({ ...jobSystemOptions(place), waitScale: 0.01 });
    open.push(system);
    system.start();
    return system;
  }

  async function ask({ engine }: JobSystem, count: number, more: object = {}) {
    const wanted = Array.from({ length: count }, (_, at) => newJob(`fox ${String(at)}`, folder));
    const jobs = engine.add(wanted.map((each) => ({ ...each, ...more })));
    return await engine.whenSettled(
      jobs.map(({ id }) => id),
      never,
    );
  }

  it('is held in one write with its job, which a kill could else leave as perhaps submitted', async () => {
    await api.configure({ withdrawnModels: [lite] });
    const [system, window] = [start(), start()];
    const seen: string[] = [];
    let id: string | undefined;
    const look = () => {
      const state = id === undefined ? undefined : window.store.get(id)?.state;
      const isHeld = window.store.heldModels()[lite] !== undefined;
      if (isHeld) seen.push(state ?? 'none');
    };
    system.engine.onDidChangeQueue(look);
    system.engine.onDidChangeJob((job) => {
      ({ id } = job);
      look();
    });
    await ask(system, 1);
    look();
    assert.deepEqual(new Set(seen), new Set(['queued']));
  });

  it('is told of when another window can see it, and write', async () => {
    await api.configure({ withdrawnModels: [lite] });
    const [system, window] = [start(), start()];
    const seen: (string | undefined)[] = [];
    const look = () => {
      if (!system.engine.heldModels()[lite]) return;
      window.store.setMaxConcurrent(seen.length + 1);
      seen.push(window.store.heldModels()[lite]?.code);
    };
    system.engine.onDidChangeQueue(look);
    system.engine.onDidChangeJob(look);
    await ask(system, 1);
    look();
    assert.ok(seen.length > 1);
    assert.deepEqual(new Set(seen), new Set(['modelGone']));
  });

  const creates = async () => (await api.log({ route: 'create' })).length;
  const refusals: [string, () => Promise<unknown>, string][] = [
    ['is gone', () => api.configure({ withdrawnModels: [lite] }), 'modelGone'],
    ['is not for this key', () => api.configure({ models: [other.model] }), 'forbidden'],
  ];
  for (const [what, refuse, code] of refusals)
    it(`that ${what} holds its jobs, costs nothing, and keeps no other model waiting`, async () => {
      const system = start();
      assert.deepEqual(
        (await ask(system, 1)).map(({ state }) => state),
        ['saved'],
      );
      await refuse();
      const paid = (await api.tasks()).length;
      const before = await creates();
      const waiting = await ask(system, 12);
      assert.deepEqual(new Set(waiting.map(({ state }) => state)), new Set(['queued']));
      assert.equal(system.engine.heldModels()[lite]?.code, code);
      // As many as were under way at once, and no more.
      assert.ok((await creates()) - before <= 4);
      assert.equal((await api.tasks()).length, paid);
      assert.deepEqual(
        (await ask(system, 1, other)).map(({ state }) => state),
        ['saved'],
      );
      assert.equal(
        waiting.every(({ id }) => system.engine.get(id)?.state === 'queued'),
        true,
      );
    });

  for (const model of ['constructor', 'toString', 'hasOwnProperty', '__proto__'])
    it(`is not held before it was refused, also when it is called ${model}`, async () => {
      const system = start();
      await ask(system, 1, { model });
      assert.equal(await creates(), 1);
      assert.deepEqual(Object.keys(system.engine.heldModels()), [model]);
    });

  it('gives its jobs to another when a user says so, each once', async () => {
    const system = start();
    await api.configure({ withdrawnModels: [lite] });
    const [waiting] = await ask(system, 1, { quality: 'low' });
    const replaced = system.engine.replace(waiting!.id, other);
    const [made] = await system.engine.whenSettled([replaced.id], never);
    assert.equal(made?.state, 'saved');
    const { prompt, destination, parentId, model, quality } = made;
    const asked = newJob('fox 0', folder);
    assert.deepEqual([prompt, destination, parentId], ['fox 0', asked.destination, waiting!.id]);
    assert.deepEqual([model, quality], [other.model, 'high']);
    assert.equal(system.engine.get(waiting!.id)?.state, 'cancelled');
    assert.throws(() => system.engine.replace(waiting!.id, other), TransitionError);
    assert.throws(() => system.engine.replace(made.id, other), TransitionError);
    assert.equal((await api.tasks()).length, 1);
  });

  it('is tried again when a user says so, or asks for another image of it', async () => {
    const system = start();
    await api.configure({ withdrawnModels: [lite] });
    const waiting = await ask(system, 3);
    await api.configure({ withdrawnModels: [] });
    system.engine.releaseModel(lite);
    const ids = waiting.map(({ id }) => id);
    const ended = await system.engine.whenSettled(ids, never);
    assert.deepEqual(new Set(ended.map(({ state }) => state)), new Set(['saved']));
    await api.configure({ withdrawnModels: [lite] });
    const [held] = await ask(system, 1);
    await api.configure({ withdrawnModels: [] });
    assert.deepEqual(
      (await ask(system, 1)).map(({ state }) => state),
      ['saved'],
    );
    assert.equal((await system.engine.whenSettled([held!.id], never))[0]?.state, 'saved');
  });

  it('is known to a window that opens later, and after a change of the key tried again', async () => {
    const first = start();
    await api.configure({ withdrawnModels: [lite] });
    const [waiting] = await ask(first, 1);
    await open.pop()?.close();
    const before = await creates();
    const second = start();
    assert.equal(second.engine.heldModels()[lite]?.code, 'modelGone');
    const [still] = await second.engine.whenSettled([waiting!.id], never);
    assert.equal(still?.state, 'queued');
    assert.equal(await creates(), before);
    await api.configure({ withdrawnModels: [] });
    second.engine.connectionChanged();
    assert.equal((await second.engine.whenSettled([waiting!.id], never))[0]?.state, 'saved');
  });

  it('keeps a job that was refused or drawn where it is', async () => {
    const system = start();
    const [saved] = await ask(system, 1);
    await api.fault({
      match: { route: 'create' },
      fault: { kind: 'status', status: 400, code: 'content_policy_violation', message: 'No' },
    });
    const [refused] = await ask(system, 1);
    const before = system.engine.listRecent(10).length;
    for (const job of [saved!, refused!])
      assert.throws(() => system.engine.replace(job.id, other), TransitionError, job.state);
    assert.deepEqual([refused?.state, system.engine.listRecent(10).length], ['failed', before]);
  });

  it('leaves a job alone whose first answer was lost: it may be paid', async () => {
    const system = start();
    const lost: FaultRule = {
      match: { route: 'create' },
      fault: { kind: 'reset', at: 'afterRequest' },
    };
    const gone: FaultRule = {
      match: { route: 'create', nth: 2 },
      fault: { kind: 'status', status: 404, code: 'model_not_found', message: 'Gone' },
    };
    await api.fault(lost);
    await api.fault(gone);
    const [job] = await ask(system, 1);
    assert.equal(job?.state, 'unconfirmed');
    assert.deepEqual(system.engine.heldModels(), {});
  });
});
