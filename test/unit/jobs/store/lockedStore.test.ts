import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy, isStoreError, NewerStoreError } from '../../../../src/jobs/store/storeErrors.ts';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import type { Platform } from '../../../../src/jobs/platform.ts';
import { openStore } from '../../../../src/jobs/store/store.ts';
import { claim, idsOf, StoreFixture } from './storeFixture.ts';

describe('a store that others hold', () => {
  const fixture = new StoreFixture().use();
  const path = () => join(fixture.folder, 'jobs.sqlite');
  let other: DatabaseSync | undefined;

  afterEach(() => {
    other?.close();
    other = undefined;
  });

  function lock(): DatabaseSync {
    other = new DatabaseSync(path());
    other.exec('BEGIN IMMEDIATE');
    return other;
  }

  function thrownBy(work: () => unknown): unknown {
    try {
      work();
    } catch (thrown) {
      return thrown;
    }
    return undefined;
  }

  it('is asked for some milliseconds only, however often one asks, and again when it is free', () => {
    const store = fixture.window(1);
    store.add([fixture.queued('a')]);
    const holder = lock();
    const startedMs = performance.now();
    for (let tries = 0; tries < 40; tries += 1)
      assert.ok(isBusy(thrownBy(() => store.heartbeat())));
    // Far less than forty waits, with room for a busy machine.
    assert.ok(performance.now() - startedMs < 20 * 40);
    assert.equal(store.trouble()?.kind, 'locked');
    assert.deepEqual(idsOf(store.listUnfinished()), ['a'], 'it can be read');
    holder.exec('ROLLBACK');
    assert.deepEqual(claim(store), ['a']);
    assert.equal(store.trouble(), undefined);
  });

  it('is opened and read while another program writes', () => {
    fixture.window(1).add([fixture.queued('a')]);
    lock();
    assert.deepEqual(idsOf(fixture.window(2).listUnfinished()), ['a']);
    other?.exec('ROLLBACK');
  });

  it('cannot be closed properly by one that it refuses, and its jobs are free all the same', () => {
    const [first, second] = [fixture.window(1), fixture.window(2)];
    first.add([fixture.queued('a')]);
    claim(first);
    lock();
    assert.ok(isBusy(thrownBy(() => first.close())));
    other?.exec('ROLLBACK');
    fixture.crash(first, 1);
    second.reapDeadWindows();
    assert.deepEqual(claim(second), ['a']);
  });

  it('is refused when a newer version has changed it, and left in its place', async () => {
    const store = fixture.window(1);
    store.add([fixture.queued('a')]);
    other = new DatabaseSync(path());
    other.exec('PRAGMA user_version = 99');
    assert.throws(() => fixture.window(2), NewerStoreError);
    assert.throws(() => store.add([fixture.queued('b')]), NewerStoreError);
    assert.ok(isStoreError(thrownBy(() => store.heartbeat())));
    assert.deepEqual(idsOf(store.listUnfinished()), ['a']);
    other.exec('PRAGMA user_version = 2');
    const names = await readdir(fixture.folder);
    assert.ok(
      names.every((name) => /^jobs\.sqlite(-wal|-shm)?$/.test(name)),
      names.join(),
    );
  });

  it('begins nothing within what could not be undone', () => {
    let isRefused = false;
    const platform: Platform = {
      ...nodePlatform,
      openDatabase(file) {
        const database = nodePlatform.openDatabase(file);
        const exec = database.exec.bind(database);
        database.exec = (sql) => {
          if (isRefused && sql === 'ROLLBACK') {
            isRefused = false;
            throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR' });
          }
          exec(sql);
        };
        return database;
      },
    };
    const store = openStore({ path: path(), platform });
    fixture.open.push(store);
    isRefused = true;
    const stop = () => {
      store.add([fixture.queued('a')]);
      throw new Error('stop');
    };
    assert.throws(() => store.exclusively(stop), /stop/);
    assert.ok(!isRefused);
    store.add([fixture.queued('b')]);
    assert.deepEqual(idsOf(fixture.window(2).listUnfinished()), ['b']);
  });

  it('does without a shared journal where there is no shared memory', async () => {
    // A folder in its place is a file that cannot be mapped.
    await mkdir(`${path()}-shm`);
    const [first, second] = [fixture.window(1), fixture.window(2)];
    first.add([fixture.queued('a'), fixture.queued('b')]);
    assert.deepEqual(claim(second, { maxConcurrent: 1 }), ['a']);
    assert.deepEqual(claim(first, { maxConcurrent: 2 }), ['b']);
    assert.equal(journalMode(), 'truncate');
  });

  it('does without a shared journal on the network', () => {
    const { syncFiles } = nodePlatform;
    const platform = {
      ...nodePlatform,
      syncFiles: { ...syncFiles, isOnNetworkSync: () => true },
    };
    fixture.window(1).close();
    fixture.open.pop();
    const store = openStore({ path: path(), platform });
    fixture.open.push(store);
    store.add([fixture.queued('a')]);
    assert.equal(journalMode(), 'truncate', 'of one that had a shared journal');
  });

  function journalMode(): unknown {
    const database = new DatabaseSync(path());
    const row = database.prepare('PRAGMA journal_mode').get();
    // Of a database without a shared journal it is each connection's own choice.
    const mode = row?.['journal_mode'];
    database.close();
    return mode === 'wal' ? 'wal' : 'truncate';
  }
});
