import assert from 'node:assert/strict';
import type { JobSystem } from '../../src/jobs/openJobSystem.ts';
import { platformWith } from '../support/jobSystemOptions.ts';
import { audit } from './audit.ts';
import { ask, never, until, useFixture } from './fixture.ts';
import { countFaults, counters } from './counters.ts';

const dayMs = 24 * 3600_000;

describe('time, and a server that is gone', () => {
  const fixture = useFixture({ taskMs: 300 });

  /** Takes up what failed, after the fault is over. */
  async function saveAfterAll(node: JobSystem, id: string): Promise<void> {
    await countFaults(fixture.api);
    await fixture.api.clearFaults();
    node.engine.resume(id);
    const jobs = await node.engine.whenSettled([id], never);
    await node.close();
    assert.equal(jobs[0]?.state, 'saved');
    await audit(fixture, jobs);
  }

  for (const jumps of [
    [dayMs, 0],
    [-dayMs, 0],
    [dayMs, -dayMs, 0],
  ]) {
    it(`outlives a clock that jumps by ${jumps.map((ms) => ms / dayMs).join(', ')} days`, async () => {
      let shiftMs = 0;
      const node = fixture.open({ platform: platformWith({ now: () => Date.now() + shiftMs }) });
      await fixture.api.configure({ taskMs: 1_000 });
      const ids = ask(node, fixture, 'what time is it', 'and now');
      const [id = ''] = ids;
      for (const jump of jumps) {
        await until(node, id, (job) => job.state === 'running');
        shiftMs = jump;
        counters['faults injected'] += 1;
        const asked = node.engine.queryCount();
        node.engine.pollNow();
        await untilAsked(() => node.engine.queryCount() > asked);
      }
      const jobs = await node.engine.whenSettled(ids, never);
      const durations = node.engine.durations('gpt-image-1.5-lite', 'auto');
      await node.close();
      assert.ok(jobs.every((job) => job.state === 'saved'));
      assert.ok(
        durations.every((ms) => ms < 60_000),
        'a jump is not how long a task takes',
      );
      await audit(fixture, jobs);
    });
  }

  it('gives an address up when it must be dead, and not before', async () => {
    let shiftMs = 0;
    await fixture.api.fault({
      fault: { kind: 'truncated', contentLength: 'whole' },
      times: 'always',
    });
    const node = fixture.open({ platform: platformWith({ now: () => Date.now() + shiftMs }) });
    const ids = ask(node, fixture, 'never whole');
    const fetches = async () => (await fixture.api.tasks())[0]?.resultFetches ?? 0;
    await untilAsked(async () => (await fetches()) > 8);
    assert.equal(node.engine.get(ids[0] ?? '')?.state, 'downloading');
    shiftMs = 27 * 3600_000;
    const [failed] = await node.engine.whenSettled(ids, never);
    assert.ok(failed?.state === 'failed' && failed.isRecoverable);
    await saveAfterAll(node, failed.id);
  });

  it('fails plainly when a result does not come within a day, and finds it when asked once more', async () => {
    let passedMs = 0;
    await fixture.api.fault({
      match: { route: 'query' },
      fault: { kind: 'emptyResults' },
      times: 'always',
    });
    const node = fixture.open({
      platform: platformWith({
        now: () => Date.now() + passedMs,
        monotonicMs: () => performance.now() + passedMs,
      }),
    });
    const ids = ask(node, fixture, 'nothing to see');
    await untilAsked(() => node.engine.trouble() !== undefined);
    assert.equal(node.engine.get(ids[0] ?? '')?.state, 'running');
    passedMs = 25 * 3600_000;
    const [failed] = await node.engine.whenSettled(ids, never);
    assert.ok(failed?.state === 'failed' && failed.isRecoverable);
    assert.equal(failed.error.code, 'server');
    await saveAfterAll(node, failed.id);
  });

  it('believes no server that asks to come back next year', async () => {
    const retryAfter = 366 * 24 * 3600;
    await fixture.api.fault({
      match: { route: 'create' },
      fault: { kind: 'status', status: 429, retryAfter },
    });
    const node = fixture.open();
    const ids = ask(node, fixture, 'next year');
    await untilAsked(() => node.engine.pause() !== undefined);
    assert.ok((node.engine.pause()?.untilMs ?? Infinity) <= Date.now() + 3600_000);
    node.engine.continueQueue();
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    await audit(fixture, jobs);
  });

  for (const phase of ['running', 'downloading'] as const) {
    for (const offline of ['refuse', true] as const) {
      it(`goes on when the server is back that went while ${phase} (${String(offline)})`, async () => {
        const node = fixture.open();
        const ids = ask(node, fixture, 'gone one', 'gone two', 'gone three');
        // None is still at the submit: what is lost there is another question.
        for (const id of ids) await until(node, id, (job) => 'taskId' in job);
        await until(node, ids[0] ?? '', (job) => job.state === phase);
        await fixture.api.configure({ offline });
        counters['faults injected'] += 1;
        await untilAsked(() => node.engine.trouble() !== undefined || noneRuns());
        await fixture.api.configure({ offline: false });
        const jobs = await node.engine.whenSettled(ids, never);
        await node.close();
        assert.ok(jobs.every((job) => job.state === 'saved'));
        await audit(fixture, jobs);

        function noneRuns(): boolean {
          return ids.every((id) => node.engine.get(id)?.state !== 'running');
        }
      });
    }
  }

  it('goes on with the queue, and with watching, while no result can be had', async () => {
    const unanswered = { match: { origin: 'media' }, times: 'always' } as const;
    await fixture.api.fault({ ...unanswered, fault: { kind: 'hang' } });
    const node = fixture.open({ maxConcurrent: 4 });
    const ids = ask(node, fixture, ...Array.from({ length: 20 }, (_, n) => `late ${String(n)}`));
    for (const id of ids) await until(node, id, (job) => job.state === 'downloading');
    await untilAsked(() => node.engine.trouble() !== undefined);
    await countFaults(fixture.api);
    await fixture.api.clearFaults();
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.ok(jobs.every((job) => job.state === 'saved'));
    await audit(fixture, jobs);
  });

  it('waits in the queue when the server went before the submit, and goes on by itself', async () => {
    await fixture.api.configure({ offline: 'refuse' });
    counters['faults injected'] += 1;
    const node = fixture.open();
    const ids = ask(node, fixture, 'nobody there');
    const [waiting] = await node.engine.whenSettled(ids, never);
    const pause = node.engine.pause();
    assert.deepEqual(
      [waiting?.state, pause?.reason, pause?.error?.code],
      ['queued', 'network', 'network'],
    );
    await fixture.api.configure({ offline: false });
    // By itself, when the pause is over.
    const job = await until(node, ids[0] ?? '', ({ state }) => state === 'saved');
    await node.close();
    await audit(fixture, [job]);
  });
});

async function untilAsked(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}
