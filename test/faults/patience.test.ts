import assert from 'node:assert/strict';
import type { NodeEngine } from '../support/nodeEngine.ts';
import { audit } from './audit.ts';
import { ask, never, until, useScene } from './fixture.ts';
import { countFaults, tally } from './counters.ts';

const dayMs = 24 * 3600_000;

describe('time, and a server that is gone', () => {
  const scene = useScene({ taskMs: 300 });

  /** Takes up what failed, after the fault is over. */
  async function saveAfterAll(node: NodeEngine, id: string): Promise<void> {
    await countFaults(scene.api);
    await scene.api.clearFaults();
    node.engine.resume(id);
    const jobs = await node.engine.whenSettled([id], never);
    await node.close();
    assert.equal(jobs[0]?.state, 'saved');
    await audit(scene, jobs);
  }

  for (const jumps of [
    [dayMs, 0],
    [-dayMs, 0],
    [dayMs, -dayMs, 0],
  ]) {
    it(`outlives a clock that jumps by ${jumps.map((ms) => ms / dayMs).join(', ')} days`, async () => {
      let shiftMs = 0;
      const node = scene.open({ now: () => Date.now() + shiftMs });
      await scene.api.configure({ taskMs: 1_000 });
      const ids = ask(node, scene, 'what time is it', 'and now');
      const [id = ''] = ids;
      for (const jump of jumps) {
        await until(node, id, (job) => job.state === 'running');
        shiftMs = jump;
        tally['faults injected'] += 1;
        const asked = node.engine.askCount();
        node.engine.hurry();
        await untilAsked(() => node.engine.askCount() > asked);
      }
      const jobs = await node.engine.whenSettled(ids, never);
      const durations = node.engine.durations('gpt-image-1.5-lite', 'auto');
      await node.close();
      assert.ok(jobs.every((job) => job.state === 'saved'));
      assert.ok(
        durations.every((ms) => ms < 60_000),
        'a jump is not how long a task takes',
      );
      await audit(scene, jobs);
    });
  }

  it('gives an address up when it must be dead, and not before', async () => {
    let shiftMs = 0;
    await scene.api.fault({
      fault: { kind: 'truncated', contentLength: 'whole' },
      times: 'always',
    });
    const node = scene.open({ now: () => Date.now() + shiftMs });
    const ids = ask(node, scene, 'never whole');
    const fetches = async () => (await scene.api.tasks())[0]?.resultFetches ?? 0;
    await untilAsked(async () => (await fetches()) > 8);
    assert.equal(node.engine.get(ids[0] ?? '')?.state, 'downloading');
    shiftMs = 27 * 3600_000;
    const [failed] = await node.engine.whenSettled(ids, never);
    assert.ok(failed?.state === 'failed' && failed.isRecoverable);
    await saveAfterAll(node, failed.id);
  });

  it('fails plainly when a result never comes, and finds it when asked once more', async () => {
    await scene.api.fault({
      match: { route: 'query' },
      fault: { kind: 'emptyResults' },
      times: 'always',
    });
    const node = scene.open();
    const ids = ask(node, scene, 'nothing to see');
    const [failed] = await node.engine.whenSettled(ids, never);
    assert.ok(failed?.state === 'failed' && failed.isRecoverable);
    assert.equal(failed.error.code, 'server');
    await saveAfterAll(node, failed.id);
  });

  it('believes no server that asks to come back next year', async () => {
    const retryAfter = 366 * 24 * 3600;
    await scene.api.fault({
      match: { route: 'create' },
      fault: { kind: 'status', status: 429, retryAfter },
    });
    const node = scene.open();
    const ids = ask(node, scene, 'next year');
    await untilAsked(() => node.engine.pause() !== undefined);
    assert.ok((node.engine.pause()?.untilMs ?? Infinity) <= Date.now() + 3600_000);
    node.engine.continueQueue();
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    await audit(scene, jobs);
  });

  for (const phase of ['running', 'downloading'] as const) {
    for (const offline of ['refuse', true] as const) {
      it(`goes on when the server is back that went while ${phase} (${String(offline)})`, async () => {
        const node = scene.open();
        const ids = ask(node, scene, 'gone one', 'gone two', 'gone three');
        // None is still at the submit: what is lost there is another question.
        for (const id of ids) await until(node, id, (job) => 'taskId' in job);
        await until(node, ids[0] ?? '', (job) => job.state === phase);
        await scene.api.configure({ offline });
        tally['faults injected'] += 1;
        await untilAsked(() => node.engine.trouble() !== undefined || noneRuns());
        await scene.api.configure({ offline: false });
        const jobs = await node.engine.whenSettled(ids, never);
        await node.close();
        assert.ok(jobs.every((job) => job.state === 'saved'));
        await audit(scene, jobs);

        function noneRuns(): boolean {
          return ids.every((id) => node.engine.get(id)?.state !== 'running');
        }
      });
    }
  }

  it('asks for nothing twice when the server went before the submit', async () => {
    await scene.api.configure({ offline: 'refuse' });
    tally['faults injected'] += 1;
    const node = scene.open();
    const ids = ask(node, scene, 'nobody there');
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    await scene.api.configure({ offline: false });
    assert.equal(jobs[0]?.state === 'failed' && jobs[0].error.code, 'network');
    await audit(scene, jobs);
  });
});

async function untilAsked(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}
