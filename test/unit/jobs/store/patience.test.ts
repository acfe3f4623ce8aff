import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { createPatience } from '../../../../src/jobs/store/patience.ts';

/** A database that another program has locked: each call waits for that as long as it may. */
class LockedDatabase {
  nowMs = 0;
  waitedMs = 0;
  #timeoutMs = 0;

  exec(sql: string): void {
    this.#timeoutMs = Number(/^PRAGMA busy_timeout = (\d+)$/.exec(sql)?.[1]);
  }

  call(heldMs: number): void {
    const waitsMs = Math.min(heldMs, this.#timeoutMs);
    this.waitedMs += waitsMs;
    this.nowMs += waitsMs;
    if (heldMs > waitsMs) throw new Error('locked');
  }
}

describe('how long the store may wait', () => {
  function lock() {
    const database = new LockedDatabase();
    const patience = createPatience({ monotonicMs: () => database.nowMs });
    const wait = (call: () => void) => {
      patience.wait(database as unknown as DatabaseSync, call);
    };
    const tryIt = () => {
      assert.throws(() => {
        wait(() => database.call(Infinity));
      });
    };
    return { database, wait, tryIt };
  }

  for (const quietMs of [0, 100, 230, 240, 260, 1_000])
    it(`is less than 50 ms at once, ${String(quietMs)} ms after it last waited`, () => {
      const { database, wait, tryIt } = lock();
      wait(() => database.call(1));
      database.nowMs += quietMs;
      const before = database.waitedMs;
      // All in one turn of the event loop.
      for (let tries = 0; tries < 300; tries += 1) tryIt();
      assert.ok(database.waitedMs - before < 50, String(database.waitedMs - before));
    });

  it('is a small part of all time, however often one asks', () => {
    const { database, tryIt } = lock();
    while (database.nowMs < 60_000) {
      tryIt();
      database.nowMs += 10;
    }
    const share = database.waitedMs / database.nowMs;
    assert.ok(share > 0.05 && share < 0.2, String(share));
  });

  it('is counted from all calls together that are made within one', () => {
    const { database, wait, tryIt } = lock();
    wait(() => {
      for (let calls = 0; calls < 20; calls += 1) tryIt();
    });
    assert.ok(database.waitedMs < 50, String(database.waitedMs));
  });
});
