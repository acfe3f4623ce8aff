import type { DatabaseSync } from 'node:sqlite';
import { unfinishedStates } from '../job.ts';
import type { Platform } from '../platform.ts';
import { isBusy, isDamage } from './storeErrors.ts';

/** For `state IN (…)`. */
export const unfinished = unfinishedStates.map((state) => `'${state}'`).join(',');

const firstSchema = `
  CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- Place in the queue; smaller goes first.
    position REAL NOT NULL,
    workspace TEXT,
    task_id TEXT,
    -- Grows with every change of any job, so that other windows can ask for what is new.
    seq INTEGER NOT NULL,
    -- The window that wrote it last: what it wrote it need not be told.
    writer TEXT,
    -- The window that works on it.
    owner TEXT,
    -- What another window asks the owner to do: 'cancel' or 'stop'.
    wanted TEXT,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX jobs_by_state ON jobs (state, position);
  CREATE INDEX jobs_by_seq ON jobs (seq);
  CREATE INDEX jobs_by_age ON jobs (created_at);
  CREATE INDEX jobs_by_owner ON jobs (owner) WHERE owner IS NOT NULL;
  CREATE INDEX jobs_by_task ON jobs (task_id) WHERE task_id IS NOT NULL;
  CREATE INDEX jobs_by_content ON jobs (data ->> '$.sha256') WHERE state = 'saved';
  CREATE TABLE windows (
    id TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    -- Counts up while the window lives. A count needs no clock that can jump.
    beat INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE durations (
    model TEXT NOT NULL,
    quality TEXT NOT NULL,
    at INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX durations_by_kind ON durations (model, quality, at);
  -- What lies, or may lie, on the provider's file service. Written before it is sent.
  CREATE TABLE uploads (
    -- As it was sent; no two are the same.
    name TEXT PRIMARY KEY,
    -- Which bytes: the hash of the file, and whether its metadata were left out.
    content TEXT NOT NULL,
    -- Both NULL until the service has answered.
    file_id TEXT,
    url TEXT,
    started_at INTEGER NOT NULL,
    -- When the service deletes it by itself, by this machine's clock.
    expires_at INTEGER NOT NULL,
    -- From when no job needs it; NULL while one does.
    unneeded_at INTEGER,
    -- 1 once it is to be deleted: no job may begin to use it any more.
    is_doomed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX uploads_by_content ON uploads (content, expires_at);
  CREATE INDEX uploads_by_expiry ON uploads (expires_at);
  CREATE INDEX uploads_unneeded ON uploads (unneeded_at) WHERE unneeded_at IS NOT NULL;
  CREATE TABLE upload_uses (
    job_id TEXT NOT NULL,
    name TEXT NOT NULL REFERENCES uploads (name) ON DELETE CASCADE,
    PRIMARY KEY (job_id, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX upload_uses_by_name ON upload_uses (name);
  -- One row: why no window starts new jobs, as JSON; NULL when all may.
  CREATE TABLE queue (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), pause TEXT) STRICT;
  INSERT INTO queue VALUES (1, NULL);
`;

const gallerySchema = `
  ALTER TABLE jobs ADD COLUMN is_favourite INTEGER NOT NULL DEFAULT 0;
  -- When a person took it out of the gallery.
  ALTER TABLE jobs ADD COLUMN hidden_at INTEGER;
`;

/**
 * Settings that all windows share. Made beside the versions: a table that an older program does not
 * know is no reason to keep it from the store, and a new version would be.
 */
const settingsSchema =
  'CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT';

/** From an empty file on. One more for every change; an older program cannot read what follows. */
const migrations = [firstSchema, gallerySchema];
const schemaVersion = migrations.length;

export interface OpenedDatabase {
  database: DatabaseSync;
  /** Where an unreadable store was put, and why. It is never deleted. */
  quarantined?: { path: string; reason: 'damaged' | 'newer' };
}

/** Opens the store at `path`, making it when there is none, and putting aside what cannot be read. */
export function openDatabase(path: string, platform: Platform): OpenedDatabase {
  const inode = platform.syncFiles.inodeSync(path);
  const first = openPatiently(path, platform);
  if (first.database) return { database: first.database };
  return replaceDatabase(path, inode, first.reason, platform);
}

/** Puts the store aside and begins a new one; another window may have done the first by now. */
export function replaceDatabase(
  path: string,
  inode: number | undefined,
  reason: 'damaged' | 'newer',
  platform: Platform,
): OpenedDatabase {
  const isStillThere = platform.syncFiles.inodeSync(path) === inode;
  const quarantinePath = isStillThere ? quarantine(path, reason, platform) : undefined;
  const second = openPatiently(path, platform);
  if (!second.database) throw new Error(`The store ${path} cannot be made: it is ${second.reason}`);
  if (quarantinePath === undefined) return { database: second.database };
  return { database: second.database, quarantined: { path: quarantinePath, reason } };
}

/** How long to wait for windows that open or close the store just now, which locks it for all. */
const openAttempts = 100;
const openPauseMs = 50;

function openPatiently(path: string, platform: Platform): Attempt {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return tryOpen(path, platform);
    } catch (thrown) {
      // The switch to a shared journal fails at once instead of waiting.
      if (attempt === openAttempts || !isBusy(thrown)) throw thrown;
      platform.clock.block(openPauseMs);
    }
  }
}

type Attempt = { database: DatabaseSync } | { database?: never; reason: 'damaged' | 'newer' };

function tryOpen(path: string, platform: Platform): Attempt {
  let database: DatabaseSync | undefined;
  try {
    database = platform.openDatabase(path);
    // Two windows share the file: wait for each other, and write without blocking readers.
    database.exec('PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL;');
    // A paid task's id must survive a power cut.
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    const reason = prepare(database);
    if (!reason) return { database };
    database.close();
    return { reason };
  } catch (thrown) {
    database?.close();
    if (isDamage(thrown)) return { reason: 'damaged' };
    throw thrown;
  }
}

/** Makes or checks the tables, in one transaction so that two windows do not both make them. */
function prepare(database: DatabaseSync): 'damaged' | 'newer' | undefined {
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > schemaVersion) return 'newer';
    for (const migration of migrations.slice(version)) database.exec(migration);
    if (version < schemaVersion) database.exec(`PRAGMA user_version = ${String(schemaVersion)}`);
    database.exec(settingsSchema);
    probe(database);
    database.exec('COMMIT');
    return undefined;
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

/**
 * Reads what a start needs. A full check would read every image ever made; damage elsewhere shows
 * when it is met, and then the store is put aside all the same.
 */
function probe(database: DatabaseSync): void {
  database.prepare('SELECT max(seq) FROM jobs').get();
  database.prepare('SELECT * FROM windows').all();
  database.prepare('SELECT pause FROM queue').get();
  database.prepare('SELECT * FROM uploads LIMIT 1').get();
  database
    .prepare(`SELECT data, owner, writer, wanted FROM jobs WHERE state IN (${unfinished})`)
    .all();
  database.prepare('SELECT data FROM jobs ORDER BY created_at DESC LIMIT 1').get();
}

function quarantine(path: string, reason: string, { clock, syncFiles }: Platform): string {
  const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
  const quarantinePath = `${path}.${reason}-${stamp}`;
  syncFiles.renameSync(path, quarantinePath);
  for (const suffix of ['-wal', '-shm'])
    if (syncFiles.inodeSync(path + suffix) !== undefined)
      syncFiles.renameSync(path + suffix, quarantinePath + suffix);
  return quarantinePath;
}
