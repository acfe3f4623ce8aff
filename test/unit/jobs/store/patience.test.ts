import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { createPatience, withPatience } from '../../../../src/jobs/store/patience.ts';

/** A database that another program has locked for so long: each call waits as long as it may. */
class LockedDatabase {
  nowMs = 0;
  waitedMs = 0;
  heldMs = Infinity;
  #timeoutMs = 0;

  exec(sql: string): void {
    const timeout = /^PRAGMA busy_timeout = (\d+)$/.exec(sql)?.[1];
    if (timeout !== undefined) this.#timeoutMs = Number(timeout);
    else this.#wait();
  }

  #wait(): void {
    const ms = Math.min(this.heldMs, this.#timeoutMs);
    this.waitedMs += ms;
    this.nowMs += ms;
    if (this.heldMs > ms) throw new Error('locked');
  }

  prepare(): { all: () => void } {
    return { all: () => this.#wait() };
  }
}

describe('how long the store may wait', () => {
  function lock() {
    const locked = new LockedDatabase();
    const patience = createPatience({
      monotonicMs: () => locked.nowMs,
      block: (ms) => {
        locked.nowMs += ms;
        locked.waitedMs += ms;
      },
    });
    const database = withPatience(locked as unknown as DatabaseSync, patience);
    return { locked, patience, database };
  }

  for (const quietMs of [0, 100, 230, 240, 260, 1_000])
    it(`is less than 50 ms at once, ${String(quietMs)} ms after it last waited`, () => {
      const { locked, patience, database } = lock();
      locked.heldMs = 1;
      database.exec('BEGIN IMMEDIATE');
      locked.heldMs = Infinity;
      locked.nowMs += quietMs;
      const before = locked.waitedMs;
      const read = database.prepare('SELECT 1');
      // All in one turn of the event loop.
      for (let tries = 0; tries < 300; tries += 1) {
        assert.throws(() => read.all());
        assert.throws(() => database.exec('BEGIN IMMEDIATE'));
        patience.pause(5);
      }
      const waitedMs = locked.waitedMs - before;
      assert.ok(waitedMs > 0 && waitedMs < 50, String(waitedMs));
    });

  it('is a small part of all time, however often one asks', () => {
    const { locked, database } = lock();
    while (locked.nowMs < 60_000) {
      assert.throws(() => database.exec('BEGIN IMMEDIATE'));
      locked.nowMs += 10;
    }
    const share = locked.waitedMs / locked.nowMs;
    assert.ok(share > 0.05 && share < 0.2, String(share));
  });

  it('is nothing for what has to be known at once', () => {
    const { locked, database } = lock();
    assert.throws(() => database.execAtOnce('BEGIN IMMEDIATE'));
    assert.equal(locked.waitedMs, 0);
  });
});
