import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import type { Platform } from '../../../../src/jobs/platform.ts';
import { openStore, type Store } from '../../../../src/jobs/store/store.ts';
import { isStoreError } from '../../../../src/jobs/store/storeErrors.ts';
import { claim, idsOf, StoreFixture } from './storeFixture.ts';

const SQLITE_IOERR_LOCK = 3850;

describe('the journal that windows share', () => {
  const fixture = new StoreFixture().use();
  const path = () => join(fixture.folder, 'jobs.sqlite');

  function open(more: Partial<Platform> = {}): Store {
    const store = openStore({ path: path(), platform: { ...nodePlatform, ...more } });
    fixture.open.push(store);
    return store;
  }

  function close(store: Store): void {
    fixture.open.splice(fixture.open.indexOf(store), 1);
    store.close();
  }

  /** Databases whose locks are refused, each time that `isRefused` says so. */
  function refusing(
    errcode: number,
    isRefused: (database: DatabaseSync) => boolean,
  ): Pick<Platform, 'openDatabase'> {
    return {
      openDatabase(at) {
        const database = new DatabaseSync(at);
        const exec = database.exec.bind(database);
        database.exec = (sql) => {
          if (/^(BEGIN|CREATE|INSERT)/.test(sql.trim()) && isRefused(database))
            throw Object.assign(new Error('refused'), { code: 'ERR_SQLITE_ERROR', errcode });
          exec(sql);
        };
        return database;
      },
    };
  }

  function journalOf(database: DatabaseSync): unknown {
    return database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  }

  /** Of a file without a shared journal the mode is each connection's own. */
  function hasSharedJournal(): boolean {
    const database = new DatabaseSync(path());
    const mode = journalOf(database);
    database.close();
    return mode === 'wal';
  }

  it('is used where nothing speaks against it', () => {
    open();
    assert.ok(hasSharedJournal());
  });

  const refusals = {
    SQLITE_IOERR_SHMOPEN: 4618,
    SQLITE_IOERR_SHMLOCK: 5130,
    SQLITE_IOERR_SHMMAP: 5386,
    SQLITE_READONLY_CANTLOCK: 520,
    SQLITE_CANTOPEN: 14,
    SQLITE_PROTOCOL: 15,
  };
  for (const [name, errcode] of Object.entries(refusals))
    it(`is done without where its memory is refused as ${name}`, () => {
      const without = refusing(errcode, (database) => journalOf(database) === 'wal');
      const [first, second] = [open(without), open(without)];
      first.add([fixture.queued('a'), fixture.queued('b')]);
      assert.deepEqual(claim(second, { maxConcurrent: 1 }), ['a']);
      assert.deepEqual(claim(first, { maxConcurrent: 2 }), ['b']);
      assert.ok(!hasSharedJournal());
    });

  it('is not begun again by a window that could have it, once it was refused another', () => {
    const refused = refusing(refusals.SQLITE_IOERR_SHMMAP, (each) => journalOf(each) === 'wal');
    close(open(refused));
    open();
    assert.ok(!hasSharedJournal());
  });

  it('is not begun again on a file system that is another machine’s over the network', () => {
    const syncFiles = { ...nodePlatform.syncFiles, isOnNetworkSync: () => true };
    close(open({ syncFiles }));
    open().add([fixture.queued('a')]);
    assert.ok(!hasSharedJournal());
  });

  it('cannot be done without where no file can be locked: the store is refused, and left', async () => {
    const before = open();
    before.add([fixture.queued('a')]);
    close(before);
    const locksNothing = refusing(SQLITE_IOERR_LOCK, () => true);
    assert.throws(() => open(locksNothing), isStoreError);
    const names = await readdir(fixture.folder);
    assert.ok(
      names.every((name) => /^jobs\.sqlite(-wal|-shm|-journal)?$/.test(name)),
      names.join(),
    );
    assert.deepEqual(idsOf(open().listUnfinished()), ['a']);
  });

  it('takes nothing more while files can no longer be locked, and says so', () => {
    let isRefused = false;
    const store = open(refusing(SQLITE_IOERR_LOCK, () => isRefused));
    isRefused = true;
    assert.throws(() => store.add([fixture.queued('a')]), isStoreError);
    assert.equal(store.trouble()?.kind, 'unusable');
    assert.deepEqual(idsOf(store.listUnfinished()), []);
    isRefused = false;
    store.add([fixture.queued('a')]);
    assert.equal(store.trouble(), undefined);
  });
});
