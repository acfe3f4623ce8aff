import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import type { JobSystem } from '../../src/jobs/openJobSystem.ts';
import { newJob } from '../support/jobSystemOptions.ts';
import { audit } from './audit.ts';
import { ask, never, timeouts, until, useFixture } from './fixture.ts';

describe('the queue', () => {
  const fixture = useFixture({ taskMs: 100 });

  const creates = async () =>
    (await fixture.api.log({ route: 'create' })).map(
      ({ json }) => (json as { prompt: string }).prompt,
    );

  function whenPaused(node: JobSystem): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!node.engine.pause()) return;
        stop();
        resolve();
      };
      const stop = node.engine.onDidChangeQueue(check);
      check();
    });
  }

  it('goes in the order that a user gives it', async () => {
    const node = fixture.open({ maxConcurrent: 1 });
    node.engine.pauseQueue('person');
    const ids = ask(node, fixture, 'one', 'two', 'three', 'four');
    const [one = '', two = '', , four = ''] = ids;
    node.engine.reorder(four, one);
    node.engine.reorder(two);
    // Far more often than a number between two others could be halved.
    for (let turn = 0; turn < 100; turn += 1) {
      node.engine.reorder(one, four);
      node.engine.reorder(four, one);
    }
    node.engine.continueQueue();
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.deepEqual(await creates(), ['four', 'one', 'three', 'two']);
    await audit(fixture, jobs);
  });

  it('is cancelled one by one or all, free of charge, while what is paid goes on', async () => {
    const node = fixture.open({ maxConcurrent: 1 });
    const ids = ask(node, fixture, 'paid', 'second', 'third', 'fourth');
    const [paid = '', ...others] = ids;
    await until(node, paid, (job) => job.state === 'running');
    for (const id of others) assert.equal(node.engine.cancel(id), true);
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.deepEqual(await creates(), ['paid']);
    assert.deepEqual(
      jobs.map((job) => job.state),
      ['saved', 'cancelled', 'cancelled', 'cancelled'],
    );
    await audit(fixture, jobs);
  });

  it('cancels what is about to be submitted without a request', async () => {
    const node = fixture.open();
    const [id = ''] = ask(node, fixture, 'changed my mind');
    assert.equal(node.engine.cancel(id), true);
    const jobs = await node.engine.whenSettled([id], never);
    await node.close();
    assert.deepEqual(await creates(), []);
    await audit(fixture, jobs);
  });

  it('waits as long as a rate limit says, and goes on by itself', async () => {
    const retryAfter = 0.4;
    await fixture.api.fault({
      match: { route: 'create' },
      fault: { kind: 'status', status: 429, retryAfter },
      times: 2,
    });
    const node = fixture.open({ maxConcurrent: 2 });
    const ids = ask(node, fixture, 'first', 'second', 'third');
    await whenPaused(node);
    const pause = node.engine.pause();
    assert.equal(pause?.reason, 'rateLimited');
    assert.ok(pause.untilMs !== undefined);
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.ok(jobs.every((job) => job.state === 'saved'));
    const [, second, third] = await fixture.api.log({ route: 'create' });
    assert.equal(second?.status, 429);
    assert.ok((third?.at ?? 0) - second.at >= retryAfter * 1000 - 50, 'it asked too early');
    await audit(fixture, jobs);
  });

  it('is not set going by a rate limit that ends, when a user paused it', async () => {
    await fixture.api.fault({
      match: { route: 'create' },
      fault: { kind: 'status', status: 429, retryAfter: 0.05 },
    });
    const node = fixture.open({ maxConcurrent: 1 });
    const ids = ask(node, fixture, 'first');
    const [id = ''] = ids;
    await until(node, id, (job) => job.state === 'submitting');
    node.engine.pauseQueue('person');
    await until(node, id, (job) => job.state === 'queued');
    // Longer than the rate limit: whatever would start has started.
    await sleep(200);
    assert.equal(node.engine.pause()?.reason, 'person');
    assert.equal((await creates()).length, 1);
    node.engine.continueQueue();
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    await audit(fixture, jobs);
  });

  it('stops once for all when credits run out, until a user says go on', async () => {
    await fixture.api.configure({ credits: 2.5 });
    const node = fixture.open({ maxConcurrent: 3 });
    let pauses = 0;
    node.engine.onDidChangeQueue(() => (pauses += node.engine.pause() ? 1 : 0));
    const ids = ask(node, fixture, 'a', 'b', 'c', 'd', 'e');
    const settled = await node.engine.whenSettled(ids, never);
    assert.equal(node.engine.pause()?.reason, 'credits');
    assert.equal(node.engine.pause()?.error?.code, 'credits');
    assert.match(node.engine.pause()?.error?.topUpUrl ?? '', /^https:/);
    assert.equal(pauses, 1);
    assert.equal(settled.filter((job) => job.state === 'failed').length, 0);
    assert.equal(settled.filter((job) => job.state === 'queued').length, 4);
    await fixture.api.configure({ credits: 100 });
    node.engine.continueQueue();
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.ok(jobs.every((job) => job.state === 'saved'));
    await audit(fixture, jobs);
  });

  it('stops in every window, and goes on in every window', async () => {
    await fixture.api.configure({ credits: 0 });
    const first = fixture.open();
    const second = fixture.open();
    const ids = ask(first, fixture, 'a poor pig');
    await first.engine.whenSettled(ids, never);
    await whenPaused(second);
    // Neither a start nor a look around makes the other window submit what was refused.
    const third = fixture.open();
    assert.equal(third.engine.pause()?.reason, 'credits');
    assert.equal((await creates()).length, 1);
    await fixture.api.configure({ credits: 100 });
    second.engine.continueQueue();
    const jobs = await second.engine.whenSettled(ids, never);
    await Promise.all([first, second, third].map((node) => node.close()));
    assert.equal(jobs[0]?.state, 'saved');
    await audit(fixture, jobs);
  });

  it('leaves a doubt to the user, who can say which task it was', async () => {
    const fault = { kind: 'status', status: 502, after: true } as const;
    await fixture.api.fault({ match: { route: 'create' }, fault, times: 2 });
    const node = fixture.open();
    const ids = ask(node, fixture, 'doubtful');
    const [id = ''] = ids;
    const [unconfirmed] = await node.engine.whenSettled(ids, never);
    assert.equal(unconfirmed?.state, 'unconfirmed');
    const [task] = await fixture.api.tasks();
    const adopted = node.engine.adopt(id, task?.id ?? '');
    assert.equal(adopted.state, 'running');
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.equal(jobs[0]?.state, 'saved');
    assert.equal((await creates()).length, 2);
    await audit(fixture, jobs);
  });

  it('never lets two jobs stand for one task', async () => {
    const node = fixture.open();
    const [first = ''] = ask(node, fixture, 'first');
    const [saved] = await node.engine.whenSettled([first], never);
    assert.equal(saved?.state, 'saved');
    await fixture.api.fault({
      match: { route: 'create' },
      fault: { kind: 'reset', at: 'beforeBody' },
      times: 2,
    });
    const [second = ''] = ask(node, fixture, 'second');
    await node.engine.whenSettled([second], never);
    assert.equal(node.engine.adopt(second, saved.taskId).id, first);
    assert.equal(
      node.engine.recover(saved.taskId, { ...saved, destination: saved.destination }).id,
      first,
    );
    const jobs = await node.engine.whenSettled([first, second], never);
    await node.close();
    await audit(fixture, jobs);
  });

  it('stops watching what is paid, and takes it up again without paying', async () => {
    const node = fixture.open();
    const ids = ask(node, fixture, 'patience');
    const [id = ''] = ids;
    for (const state of ['running', 'downloading'] as const) {
      await until(node, id, (job) => job.state === state);
      assert.equal(node.engine.stop(id), true);
      const [stopped] = await node.engine.whenSettled(ids, never);
      assert.equal(stopped?.state, 'stopped');
      node.engine.resume(id);
    }
    const jobs = await node.engine.whenSettled(ids, never);
    await node.close();
    assert.equal(jobs[0]?.state, 'saved');
    await audit(fixture, jobs);
  });

  it('asks again with the very same references, though others would be sent by now', async () => {
    const fault = { kind: 'hang', after: true } as const;
    await fixture.api.fault({ match: { route: 'create' }, fault });
    const path = join(fixture.stateFolder, 'fox.png');
    const create = { width: 8, height: 8, channels: 3, background: 'red' } as const;
    await sharp({ create }).png().toFile(path);
    const first = fixture.open({ timeouts: { ...timeouts, headersMs: 60_000 } });
    const references = [pathToFileURL(path).href];
    const job = { ...newJob('like this', fixture.outFolder), references };
    const [asked] = first.engine.add([job]);
    const id = asked?.id ?? '';
    // The task is made, and the window closes before it hears of it.
    while ((await fixture.api.tasks()).length === 0) await new Promise(setImmediate);
    await first.close();
    // Bytes that were sent with another choice are not used again.
    const second = fixture.open({ removesMetadata: () => false });
    const jobs = await second.engine.whenSettled([id], never);
    await second.close();
    assert.equal(jobs[0]?.state, 'saved');
    const [once, again] = await fixture.api.log({ route: 'create' });
    assert.deepEqual(again?.json, once?.json);
    await audit(fixture, jobs);
  });

  it('lets nobody wait for an engine that has ended', async () => {
    const node = fixture.open();
    await fixture.api.configure({ taskMs: 60_000 });
    const ids = ask(node, fixture, 'unfinished');
    const waiting = node.engine.whenSettled(ids, never);
    await node.close();
    assert.equal((await waiting)[0]?.id, ids[0]);
  });
});
