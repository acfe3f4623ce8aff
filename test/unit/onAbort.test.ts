import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { createLimiter } from '../../src/jobs/async/limiter.ts';
import { wait } from '../../src/jobs/async/timing.ts';
import { nodePlatform } from '../../src/jobs/nodePlatform.ts';
import { onAbort, orAborted } from '../../src/onAbort.ts';

describe('a signal that outlives what waits by it', () => {
  const count = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

  it('calls back once, at once where it has ended', () => {
    let calls = 0;
    const controller = new AbortController();
    onAbort(controller.signal, () => (calls += 1));
    assert.equal(calls, 0);
    controller.abort();
    assert.equal(calls, 1);
    onAbort(controller.signal, () => (calls += 1));
    assert.equal(calls, 2);
    assert.equal(count(controller.signal), 0);
    onAbort(undefined, () => (calls += 1))();
    assert.equal(calls, 2);
  });

  it('does not call back what has ended its wait', () => {
    let calls = 0;
    const controller = new AbortController();
    const stop = onAbort(controller.signal, () => (calls += 1));
    stop();
    assert.equal(count(controller.signal), 0);
    controller.abort();
    stop();
    assert.equal(calls, 0);
  });

  const { signal } = new AbortController();
  const waits: [string, () => Promise<unknown>][] = [
    ['work that succeeds', () => orAborted(Promise.resolve(1), signal)],
    ['work that fails', () => orAborted(Promise.reject(new Error('no')), signal).catch(() => 0)],
    ['a moment', () => wait(nodePlatform.clock, 1, signal)],
    [
      'a turn',
      () => {
        const limiter = createLimiter(1);
        const work = () => Promise.resolve();
        return Promise.all([limiter.run(work, signal), limiter.run(work, signal)]);
      },
    ],
  ];
  for (const [what, begin] of waits)
    it(`keeps nothing of it: ${what}`, async () => {
      const waited = begin();
      assert.equal(count(signal), 1);
      await waited;
      assert.equal(count(signal), 0);
    });

  it('ends a wait for work that never ends, with its reason', async () => {
    const controller = new AbortController();
    const never = new Promise<never>(() => undefined);
    const waited = orAborted(never, controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await assert.rejects(waited, { code: 'cancelled', cause: reason });
    await assert.rejects(orAborted(never, controller.signal), { code: 'cancelled' });
  });
});
