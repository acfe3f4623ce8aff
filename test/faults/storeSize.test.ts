import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../src/jobs/job.ts';
import { nodePlatform } from '../../src/jobs/nodePlatform.ts';
import { openStore, type Store } from '../../src/jobs/store/store.ts';

const past = 2_000;

function finishedJob(n: number): Job {
  return {
    id: `job-${String(n)}`,
    prompt: 'A fox in the snow',
    model: 'gpt-image-1.5-lite',
    size: '1024x1024',
    quality: 'auto',
    references: [],
    createdAt: n,
    variation: 1,
    idempotencyKey: `image-studio-${String(n)}`,
    destination: { folderUri: 'file:///images', name: 'fox' },
    state: 'saved',
    taskId: `task-${String(n)}`,
    acceptedAt: n,
    resultUrl: 'https://example.org/fox.png',
    finishedAt: n,
    uri: `file:///images/fox-${String(n)}.png`,
    sha256: String(n).padStart(64, '0'),
    sizeBytes: 1,
    width: 1,
    height: 1,
    savedAt: n,
  };
}

describe('a store of many images', () => {
  let folder: string;
  const path = () => join(folder, 'jobs.sqlite');
  const open = (): Store => openStore({ path: path(), platform: nodePlatform });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-studio-store-'));
    const store = open();
    store.add(Array.from({ length: past }, (_, n) => finishedJob(n)));
    store.close();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is never read from end to end', () => {
    const statements = recordStatements(() => {
      const store = open();
      useAll(store);
      store.close();
    });
    const database = new DatabaseSync(path());
    const scans = [...statements].flatMap((sql) =>
      plan(database, sql)
        // Reading along an index until there is enough is not reading it all.
        .filter((line) => /^SCAN (jobs|durations|upload)/.test(line) && !sql.includes('LIMIT'))
        .map((line) => `${sql.replace(/\s+/g, ' ')}: ${line}`),
    );
    database.close();
    assert.ok(statements.size > 20, `only ${String(statements.size)} statements were seen`);
    assert.deepEqual(scans, []);
  });
});

function useAll(store: Store): void {
  const queued: Job = { ...finishedJob(past + 1), state: 'queued' };
  const other = { ...queued, id: 'other' };
  store.add([queued, other]);
  store.heartbeat();
  store.reapDeadWindows();
  store.reorder(other.id, queued.id);
  store.setMaxConcurrent(1);
  const rules = { isAtWork: () => false, isOpen: () => true };
  store.claim(rules);
  store.advance(other.id, { type: 'submitting', imageUrls: [] });
  store.requestControl(other.id, 'stop');
  store.controlRequests();
  store.dropControlRequest(other.id);
  store.release(other.id);
  store.move(queued.id, { type: 'cancelled' });
  store.takeChanges();
  store.addDuration('m', 'q', 1, 2);
  store.durations('m', 'q');
  store.get(queued.id);
  store.byTask('task-7');
  store.bySha256('7'.padStart(64, '0'));
  store.listUnfinished();
  store.listRecent(20);
  store.knownTasks(past);
  store.countUnfinished();
  useUploads(store);
}

function useUploads(store: Store): void {
  const job: Job = { ...finishedJob(past + 2), state: 'queued' };
  store.add([job]);
  store.setMaxConcurrent(10);
  store.claim({ isAtWork: () => false, isOpen: () => true });
  const upload = store.uploads.begin('bytes', job.id, '.png', 'account');
  store.uploads.unanswered(job.id);
  store.uploads.settle(upload, { fileId: '1', url: 'https://x/y', expiresAt: 7 }, job.id);
  store.uploads.reuse('bytes', job.id, 1);
  store.move(job.id, { type: 'cancelled' });
  store.uploads.markOldestForDeletion(3);
  store.uploads.markUnneededForDeletion(5, false);
  store.uploads.markUnneededForDeletion(5, true);
  store.uploads.forget(upload.name);
  store.hasWork();
}

/** Every statement that is prepared while `work` runs. */
function recordStatements(work: () => void): Set<string> {
  const statements = new Set<string>();
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was found
  const original = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string) {
    statements.add(sql);
    return original.call(this, sql);
  };
  try {
    work();
  } finally {
    DatabaseSync.prototype.prepare = original;
  }
  return statements;
}

function plan(database: DatabaseSync, sql: string): string[] {
  if (sql.startsWith('PRAGMA')) return [];
  return database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array<number>((sql.match(/\?/g) ?? []).length).fill(0))
    .map((row) => String(row['detail']));
}
