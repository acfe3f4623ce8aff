import assert from 'node:assert/strict';
import type { Store } from '../../../src/jobs/store/store.ts';
import { commandsOf } from './commandsOf.ts';
import { sample } from './sampleJobs.ts';
import { StoreFixture } from './store/storeFixture.ts';

describe('cancelling what waits', () => {
  const fixture = new StoreFixture().use();
  const states = ['queued', 'uploading', 'submitting', 'running'] as const;
  const statesIn = (store: Store) => states.map((id) => store.get(id)?.state);
  const claimAll = (store: Store) =>
    store.claim({ isAtWork: () => false, isOpen: () => true }).map(({ id }) => id);
  let worker: Store;

  beforeEach(() => {
    worker = fixture.window(1);
    worker.setMaxConcurrent(9);
    const jobs = states.map((state) => ({
      ...sample[state],
      ...{ id: state, idempotencyKey: `image-studio-${state}` },
    }));
    worker.add(jobs);
    assert.equal(claimAll(worker).length, states.length);
  });

  for (const whose of ['its own', "another window's"])
    it(`ends all of ${whose} that was named and is not paid, as soon as that is sure`, async () => {
      const here = whose === 'its own' ? worker : fixture.window(2);
      let isPauseOver = false;
      await commandsOf(here, () => (isPauseOver = true)).cancelQueue(states);
      if (here === worker) {
        assert.deepEqual(statesIn(worker), ['cancelled', 'cancelled', 'submitting', 'running']);
        assert.equal(isPauseOver, true);
      } else {
        const asked = worker.controlRequests().map(({ id }) => id);
        assert.deepEqual(new Set(asked), new Set(['queued', 'uploading', 'submitting']));
      }
      assert.equal(worker.isToBeCancelled('submitting'), true);
      assert.equal(worker.isToBeCancelled('running'), false);
      assert.equal(worker.advance('submitting', { type: 'postponed' }).state, 'cancelled');
      assert.equal(worker.get('running')?.state, 'running');
    });

  it('leaves alone what was not named', async () => {
    await commandsOf(worker).cancelQueue(['running']);
    assert.deepEqual(statesIn(worker), [...states]);
    assert.deepEqual(worker.controlRequests(), []);
  });

  it('ends thousands that a window was asked to cancel that died', async () => {
    const many = Array.from({ length: 450 }, (_, at) => fixture.queued(`many-${String(at)}`));
    worker.add(many);
    for (const { id } of many) worker.requestControl(id, 'cancel');
    fixture.crash(worker, 1);
    const here = fixture.window(2);
    here.reapDeadWindows();
    here.setPause({ reason: 'person' }, undefined);
    await commandsOf(here).cancelQueue();
    assert.equal(here.countQueued(), 0);
  });
});
