import assert from 'node:assert/strict';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { openStore, type Store } from '../../../../src/jobs/store/store.ts';
import { platformWith } from '../../../support/jobSystemOptions.ts';
import { sample } from '../sampleJobs.ts';
import { idsOf, queueOf, StoreFixture } from './storeFixture.ts';

const historyLength = 1_050;
const partsAtLeast = 5;

describe('a long history of a store that was put aside', () => {
  const fixture = new StoreFixture().use();
  const path = () => join(fixture.folder, 'jobs.sqlite');
  let timers: (() => void)[];
  let putAside: string[];

  beforeEach(async () => {
    timers = [];
    putAside = [];
    const store = fixture.window(1);
    const history = Array.from({ length: historyLength }, (_, n) => ({
      ...sample.saved,
      id: `saved-${String(n)}`,
      taskId: `task-${String(n)}`,
    }));
    store.add([fixture.queued('first'), ...history, fixture.queued('last')]);
    store.setPause({ reason: 'person' }, undefined);
    store.close();
    fixture.open.pop();
    await rename(path(), `${path()}.salvaging-2026-01-01T00-00-00-000Z`);
  });

  /** A window for which so much time passes with every look at the clock that each part is one turn. */
  function open(): Store {
    let nowMs = 0;
    const platform = platformWith({ monotonicMs: () => (nowMs += 25) });
    const store = openStore({
      path: path(),
      platform: {
        ...platform,
        clock: {
          ...platform.clock,
          after(_ms, callback) {
            timers.push(callback);
            return () => {
              timers = timers.filter((each) => each !== callback);
            };
          },
        },
      },
      onQuarantine: (quarantined) => putAside.push(quarantined.path),
    });
    fixture.open.push(store);
    return store;
  }

  function runTimers(): void {
    while (timers.length > 0) timers.shift()?.();
  }

  const saved = (store: Store) =>
    idsOf(store.listRecent(2 * historyLength)).filter((id) => id.startsWith('saved')).length;

  it('is taken over in parts, after what is not over, and between what windows do', () => {
    const store = open();
    assert.deepEqual(queueOf(store), ['first', 'last']);
    assert.deepEqual(store.pause(), { reason: 'person' });
    let parts = 0;
    for (let before = saved(store); timers.length > 0; parts += 1) {
      timers.shift()?.();
      store.add([fixture.queued(`between-${String(parts)}`)]);
      assert.ok(saved(store) >= before);
      before = saved(store);
    }
    assert.ok(parts >= partsAtLeast, String(parts));
    assert.equal(saved(store), historyLength);
    assert.deepEqual(putAside, [`${path()}.damaged-2026-01-01T00-00-00-000Z`]);
  });

  it('is taken over by the next window when one ends halfway', async () => {
    open();
    timers.shift()?.();
    for (const store of fixture.open.splice(0)) store.close();
    assert.deepEqual(timers, [], 'its timer has ended with it');
    const next = open();
    runTimers();
    assert.equal(saved(next), historyLength);
    assert.ok(!(await readdir(fixture.folder)).some((name) => name.includes('salvaging')));
  });

  it('is left to another window that was quicker', async () => {
    const slow = open();
    const slowTimers = timers.splice(0);
    const quick = open();
    runTimers();
    timers = slowTimers;
    runTimers();
    assert.deepEqual([saved(slow), saved(quick)], [historyLength, historyLength]);
    assert.equal(putAside.length, 1);
    const names = await readdir(fixture.folder);
    assert.ok(!names.some((name) => name.includes('salvaging')), names.join(', '));
  });

  it('goes on when the store was locked for a while', () => {
    const store = open();
    const other = nodePlatform.openDatabase(path());
    other.exec('BEGIN EXCLUSIVE');
    timers.shift()?.();
    other.exec('ROLLBACK');
    other.close();
    runTimers();
    assert.equal(saved(store), historyLength);
  });
});
