import assert from 'node:assert/strict';
import type { JobSystem } from '../../src/jobs/openJobSystem.ts';
import { audit } from './audit.ts';
import { ask, never, until, useFixture } from './fixture.ts';

describe('a trouble that is over', () => {
  const fixture = useFixture({ taskMs: 100 });
  const creates = async () => await fixture.api.log({ route: 'create' });

  /** Waits for what is so of the queue. */
  function whenSo(node: JobSystem, isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!isSo()) return;
        stops.forEach((stop) => stop());
        resolve();
      };
      const stops = [node.engine.onDidChangeQueue(check), node.engine.onDidChangeJob(check)];
      check();
    });
  }

  const inTrouble = (node: JobSystem) => node.engine.trouble()?.code;
  const paused = (node: JobSystem) => node.engine.pause()?.reason;

  it('keeps what is asked for while EvoLink is known to be out of reach, and submits nothing', async () => {
    await fixture.api.configure({ taskMs: 60_000 });
    const node = fixture.open();
    const [first = ''] = ask(node, fixture, 'under way');
    await until(node, first, (job) => job.state === 'running');
    await fixture.api.configure({ offline: true });
    await whenSo(node, () => inTrouble(node) === 'network');
    const ids = ask(node, fixture, 'asked for offline', 'and another');
    const held = await node.engine.whenSettled(ids, never);
    assert.deepEqual(
      held.map(({ state }) => state),
      ['queued', 'queued'],
    );
    assert.equal(paused(node), 'network');
    assert.equal((await creates()).length, 1);
    await fixture.api.configure({ offline: false, taskMs: 100 });
    const jobs = await Promise.all(
      ids.map((id) => until(node, id, ({ state }) => state === 'saved')),
    );
    assert.equal((await creates()).length, 3);
    assert.deepEqual([inTrouble(node), paused(node)], [undefined, undefined]);
    await fixture.api.configure({ taskMs: 1 });
    node.engine.stop(first);
    await node.close();
    await audit(fixture, jobs);
  });

  it('lets a request be repeated whose answer was lost when the network went, and pays it once', async () => {
    await fixture.api.fault({
      match: { route: 'create' },
      fault: { kind: 'hang', after: true },
      times: 1,
    });
    const node = fixture.open();
    const [id = ''] = ask(node, fixture, 'lost on the way');
    while ((await creates()).length === 0) await new Promise((soon) => setTimeout(soon, 10));
    await fixture.api.configure({ offline: true });
    // Longer than all tries together took that ended as unconfirmed.
    await new Promise((later) => setTimeout(later, 1_500));
    assert.equal(node.engine.get(id)?.state, 'submitting');
    await fixture.api.configure({ offline: false });
    const jobs = await node.engine.whenSettled([id], never);
    assert.equal(jobs[0]?.state, 'saved');
    await node.close();
    await audit(fixture, jobs);
  });

  it('is found out by a question when credits were bought, and not before', async () => {
    await fixture.api.configure({ credits: 0 });
    const node = fixture.open();
    const ids = ask(node, fixture, 'poor');
    await node.engine.whenSettled(ids, never);
    assert.equal(paused(node), 'credits');
    for (let looks = 0; looks < 3; looks += 1) await node.engine.checkConnection();
    assert.equal(paused(node), 'credits');
    assert.equal((await creates()).length, 1);
    await fixture.api.configure({ credits: 100 });
    await node.engine.checkConnection();
    assert.equal(paused(node), undefined);
    const jobs = await node.engine.whenSettled(ids, never);
    assert.equal(jobs[0]?.state, 'saved');
    await node.close();
    await audit(fixture, jobs);
  });

  it('tells the credits anew after a refusal, and no older figure', async () => {
    await fixture.api.configure({ credits: 0 });
    const node = fixture.open();
    const told: (number | undefined)[] = [];
    node.engine.onDidReadCredits((left) => told.push(left));
    await node.engine.whenSettled(ask(node, fixture, 'poor'), never);
    await node.engine.checkConnection();
    assert.deepEqual(told.slice(0, 2), [undefined, 0]);
    await node.close();
  });

  for (const [what, begin, end, reason] of [
    [
      'a key that is accepted again',
      (key: string) => ({ keys: [{ key, state: 'disabled' }] }) as const,
      (key: string) => ({ keys: [key] }),
      'auth',
    ],
    ['a network that is back', () => ({ offline: true }), () => ({ offline: false }), 'network'],
    [
      'a server that listens again',
      () => ({ offline: 'refuse' }) as const,
      () => ({ offline: false }),
      'network',
    ],
  ] as const)
    it(`is gone for what is drawn and for what waits: ${what}`, async () => {
      const { key } = fixture.api;
      await fixture.api.configure({ taskMs: 60_000 });
      const node = fixture.open();
      const [first = ''] = ask(node, fixture, 'under way');
      await until(node, first, (job) => job.state === 'running');
      await fixture.api.configure(begin(key));
      await whenSo(node, () => inTrouble(node) === reason);
      const [second = ''] = ask(node, fixture, 'waiting');
      await whenSo(node, () => paused(node) !== undefined);
      await fixture.api.configure(end(key));
      node.engine.connectionChanged();
      await until(node, second, (job) => job.state === 'running');
      await whenSo(node, () => inTrouble(node) === undefined && paused(node) === undefined);
      node.engine.stop(first);
      node.engine.stop(second);
      await node.close();
    });
});
