import assert from 'node:assert/strict';
import { existsSync, renameSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { nodePlatform } from '../../../../src/jobs/nodePlatform.ts';
import { openStore } from '../../../../src/jobs/store/store.ts';
import type { QueuePause } from '../../../../src/jobs/queuePause.ts';
import type { Platform } from '../../../../src/jobs/platform.ts';
import { sample } from '../sampleJobs.ts';
import { claim, idsOf, queueOf, StoreFixture } from './storeFixture.ts';

const nameOf = (pause: QueuePause | undefined) =>
  pause ? `${pause.reason} ${String(pause.untilMs ?? '')}`.trim() : 'none';

/** What stays of a wait that EvoLink asked for beside a pause that counts more. */
const waitOf = ({ untilMs, waitMs }: QueuePause) => ({ untilMs, waitMs });

const pageBytes = 4096;
const file = { fileId: '1', url: 'https://x/y', expiresAt: Date.now() + 3600_000 };

describe('what goes from one store to the next', () => {
  const fixture = new StoreFixture().use();
  const path = () => join(fixture.folder, 'jobs.sqlite');

  async function removeFiles(): Promise<void> {
    for (const suffix of ['', '-wal', '-shm']) await rm(path() + suffix, { force: true });
  }

  /** A copy as a backup makes one, without a shared journal. @returns what puts it in place. */
  function backUp(): () => Promise<void> {
    const copy = `${path()}.copy`;
    const database = new DatabaseSync(path());
    database.prepare('VACUUM INTO ?').run(copy);
    database.close();
    return async () => {
      await removeFiles();
      await rename(copy, path());
    };
  }

  /** One page of the index, which shows when the queue is read. */
  async function damage(): Promise<void> {
    const database = new DatabaseSync(path());
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'jobs_by_state'";
    const page = Number(database.prepare(sql).get()?.['rootpage']);
    database.close();
    const handle = await open(path(), 'r+');
    await handle.write(Buffer.alloc(pageBytes, 0x5a), 0, pageBytes, (page - 1) * pageBytes);
    await handle.close();
  }

  for (const [how, harm] of [
    ['deleted', removeFiles],
    ['damaged', damage],
  ] as const)
    it(`is, of one that is ${how}, jobs and their order, leases, uploads, settings and pause`, async () => {
      const [first, second] = [fixture.window(1), fixture.window(2)];
      first.add(['a', 'b', 'c'].map((id) => fixture.queued(id)));
      claim(first, { maxConcurrent: 1 });
      const upload = first.uploads.begin('bytes', 'a', '.png', 'account');
      first.uploads.settle(upload, file, 'a');
      first.reorder('c', 'b');
      first.add([{ ...sample.stopped, id: 'paid' }]);
      first.setPause({ reason: 'person' }, undefined);
      await harm();
      const next = how === 'deleted' ? first : fixture.window(3);
      assert.deepEqual(claim(next, { maxConcurrent: 1 }), []);
      assert.deepEqual(queueOf(next), ['a', 'c', 'b']);
      assert.equal(next.get('paid')?.state, 'stopped');
      assert.deepEqual(next.pause(), { reason: 'person' });
      assert.equal(next.maxConcurrent(), 1);
      const [kept] = next.uploads.list();
      assert.deepEqual([kept?.name, kept?.fileId, kept?.account], [upload.name, '1', 'account']);
      assert.equal(kept?.unneededAt, undefined, 'its job needs it');
      second.takeChanges();
      assert.deepEqual(queueOf(second), ['a', 'c', 'b']);
      assert.deepEqual(claim(second, { maxConcurrent: 1 }), []);
      first.move('a', { type: 'cancelled' });
      assert.deepEqual(
        first.uploads.markUnneededForDeletion(Date.now(), false).map(({ name }) => name),
        [upload.name],
      );
    });

  it('is not what has ended there since, nor a second job for a task', async () => {
    const [first, second] = [fixture.window(1), fixture.window(2)];
    first.add([{ ...sample.running, id: 'r', taskId: 'task-r' }]);
    claim(first);
    await removeFiles();
    second.add([{ ...sample.saved, id: 'other', taskId: 'task-r' }]);
    first.takeChanges();
    assert.equal(first.byTask('task-r')?.id, second.byTask('task-r')?.id);
    assert.deepEqual(idsOf(second.listRecent(9)), idsOf(first.listRecent(9)));
  });

  it('is not read from the journal of another that stands in its place by then', async () => {
    const store = fixture.window(1);
    store.add([fixture.queued('a')]);
    const restore = backUp();
    await restore();
    store.takeChanges();
    await removeFiles();
    const other = fixture.window(2);
    other.add([fixture.queued('b')]);
    store.takeChanges();
    assert.deepEqual(queueOf(other).toSorted(), ['a', 'b']);
  });

  describe('and meets what an older copy knows', () => {
    const soon = { reason: 'rateLimited', untilMs: 1_000, waitMs: 1_000 } as const;
    const later = { ...soon, untilMs: 9_000 };
    const offline = { reason: 'network', untilMs: 5_000, waitMs: 5_000 } as const;
    const byUser = { reason: 'person' } as const;
    for (const [copied, current, kept] of [
      [soon, later, later],
      [later, soon, later],
      [offline, later, later],
      [later, offline, later],
      [soon, byUser, { ...byUser, asked: waitOf(soon) }],
      [byUser, later, { ...byUser, asked: waitOf(later) }],
      [byUser, undefined, byUser],
      [undefined, later, later],
    ] as const)
      it(`is, of ${nameOf(copied)} and ${nameOf(current)}, the pause that holds more`, async () => {
        const store = fixture.window(1);
        store.setPause(copied, undefined);
        const restore = backUp();
        store.setPause(current, copied);
        await restore();
        store.takeChanges();
        assert.deepEqual(store.pause(), kept);
      });

    it('is no pause that cannot be read', async () => {
      const store = fixture.window(1);
      store.setPause(byUser, undefined);
      const restore = backUp();
      const database = new DatabaseSync(path());
      database.exec(`UPDATE queue SET pause = '{"reason'`);
      database.close();
      assert.equal(store.pause(), undefined);
      await restore();
      store.takeChanges();
      assert.deepEqual(store.pause(), byUser);
    });

    it('is what became of an upload since, and that a job needs it again', async () => {
      const store = fixture.window(1);
      store.add(['a', 'b'].map((id) => fixture.queued(id)));
      claim(store);
      const first = store.uploads.begin('bytes', 'a', '.png', 'account');
      const second = store.uploads.begin('others', 'a', '.png', 'account');
      store.uploads.settle(first, file, 'a');
      store.move('a', { type: 'cancelled' });
      const restore = backUp();
      assert.equal(store.uploads.reuse('bytes', 'b', Date.now())?.name, first.name);
      store.uploads.settle(second, { ...file, fileId: '2' }, 'a');
      await restore();
      store.takeChanges();
      const known = new Map(store.uploads.list().map((upload) => [upload.name, upload]));
      assert.equal(known.get(first.name)?.unneededAt, undefined);
      assert.equal(known.get(second.name)?.fileId, '2');
      const due = store.uploads.markUnneededForDeletion(Date.now() + 1, false);
      assert.deepEqual(
        due.map(({ name }) => name),
        [second.name],
      );
    });
  });

  it('is salvaged by the next window when one ends halfway', async () => {
    const first = fixture.window(1);
    first.add([fixture.queued('a')]);
    first.close();
    fixture.open.pop();
    await rename(path(), `${path()}.salvaging-2026-01-01T00-00-00-000Z`);
    const next = fixture.window(2);
    assert.deepEqual(idsOf(next.listUnfinished()), ['a']);
    assert.equal(next.setAside?.path, `${path()}.damaged-2026-01-01T00-00-00-000Z`);
    assert.ok(!(await readdir(fixture.folder)).some((name) => name.includes('salvaging')));
  });

  describe('with a window that puts the store aside', () => {
    let isArmed: boolean;

    /** As another window does that has met damage in it. */
    function putAside(): void {
      if (!isArmed) return;
      isArmed = false;
      for (const suffix of ['', '-wal', '-shm'])
        if (existsSync(path() + suffix))
          renameSync(path() + suffix, `${path()}.damaged-2026-01-01T00-00-00-000Z${suffix}`);
      fixture.window(2).add([fixture.queued('b')]);
    }

    function windowBeside(moment: 'opening' | 'locking') {
      const platform: Platform = {
        ...nodePlatform,
        openDatabase(file) {
          const database = nodePlatform.openDatabase(file);
          const exec = database.exec.bind(database);
          database.exec = (sql) => {
            if (moment === 'locking' && sql === 'BEGIN IMMEDIATE') putAside();
            exec(sql);
            if (moment === 'opening' && sql.includes('sqlite_schema')) putAside();
          };
          return database;
        },
      };
      const store = openStore({ path: path(), platform });
      fixture.open.push(store);
      return store;
    }

    it('is what is added by one that opens it at that moment', () => {
      fixture.window(1).add([fixture.queued('known')]);
      isArmed = true;
      windowBeside('opening').add([fixture.queued('a')]);
      assert.deepEqual(queueOf(fixture.window(3)), ['b', 'a']);
    });

    it('is what is added by one that waits for its lock at that moment', () => {
      isArmed = false;
      const store = windowBeside('locking');
      store.add([fixture.queued('known')]);
      isArmed = true;
      store.add([fixture.queued('a')]);
      assert.deepEqual(queueOf(fixture.window(3)).toSorted(), ['a', 'b', 'known']);
    });
  });

  it('is of an image that was saved, what keeps it from being saved again', async () => {
    const store = fixture.window(1);
    store.add([{ ...sample.stopped, id: 'p' }]);
    const restore = backUp();
    store.move('p', { type: 'resumed' });
    assert.deepEqual(claim(store), ['p']);
    const { uri, sha256, sizeBytes, width, height } = sample.saved;
    const image = { uri, sha256, sizeBytes, width, height };
    if (store.get('p')?.state === 'running')
      store.advance('p', { type: 'completed', resultUrl: sample.saved.resultUrl, at: 1 });
    store.advance('p', { type: 'saved', image, at: 2 });
    await restore();
    store.takeChanges();
    assert.equal(fixture.window(2).get('p')?.state, 'saved');
  });

  it('is not the use of an upload by a job that has ended', async () => {
    const store = fixture.window(1);
    store.add([fixture.queued('a')]);
    claim(store);
    const upload = store.uploads.begin('bytes', 'a', '.png', 'account');
    store.uploads.settle(upload, file, 'a');
    const restore = backUp();
    store.move('a', { type: 'cancelled' });
    await restore();
    store.takeChanges();
    const unneeded = store.uploads.markUnneededForDeletion(Date.now(), false);
    assert.deepEqual(
      unneeded.map(({ name }) => name),
      [upload.name],
    );
  });

  it('is read once no window writes to the old store any more', async () => {
    const first = fixture.window(1);
    first.add([fixture.queued('a')]);
    first.close();
    fixture.open.pop();
    const aside = `${path()}.salvaging-2026-01-01T00-00-00-000Z`;
    await rename(path(), aside);
    const writing = new DatabaseSync(aside);
    writing.exec('PRAGMA journal_mode = TRUNCATE; BEGIN EXCLUSIVE');
    const next = fixture.window(2);
    assert.throws(() => next.add([fixture.queued('b')]), /locked/);
    writing.close();
    next.add([fixture.queued('b')]);
    assert.deepEqual(queueOf(next).toSorted(), ['a', 'b']);
  });
});
