import { basename, dirname, join } from 'node:path';
import { unfinishedStates } from '../job.ts';
import type { Platform } from '../platform.ts';
import { type Patience, type PatientDatabase, withPatience } from './patience.ts';
import {
  ImplausibleStoreError,
  isBusy,
  isDamage,
  isWithoutSharedMemory,
  NewerStoreError,
} from './storeErrors.ts';

/**
 * The number of the next change of any job, and of the next job. None is given again after jobs were
 * removed: windows ask for what is newer than a number, and pages know jobs by one.
 */
export const nextSeqSql = nextNumber('seq', 'clearedSeq');
export const nextKeySql = nextNumber('rowid', 'clearedKey');

function nextNumber(column: 'seq' | 'rowid', setting: string): string {
  return `1 + max((SELECT coalesce(max(${column}), 0) FROM jobs), coalesce((SELECT
    CAST(value AS INTEGER) FROM settings WHERE name = '${setting}'), 0))`;
}

/** A field of a job by its path; NULL in a row that is no JSON, which would else end the statement. */
export function fieldSql(path: string): string {
  return `CASE WHEN json_valid(data) THEN data ->> '$.${path}' END`;
}

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
/** Tasks whose jobs a user has removed: their ids, and nothing of what was asked for. */
const clearedSchema = `CREATE TABLE IF NOT EXISTS cleared_tasks
  (task_id TEXT PRIMARY KEY, created_at INTEGER NOT NULL) STRICT`;
/** Beside the versions too: older programs name the columns that they write. */
const accountSchema = 'ALTER TABLE uploads ADD COLUMN account TEXT';
/** The job that a job repeats. */
export const parentIdSql = fieldSql('parentId');
/** Beside the versions too: older programs keep an index that they do not know. */
const parentsSchema = `CREATE INDEX IF NOT EXISTS jobs_by_parent ON jobs (${parentIdSql})
  WHERE ${parentIdSql} IS NOT NULL`;

/** From an empty file on. One more for every change; an older program cannot read what follows. */
const migrations = [firstSchema, gallerySchema];
export const schemaVersion = migrations.length;

/**
 * Opens the store at `path`, making it when there is none, and putting aside what cannot be read.
 * @throws NewerStoreError; as busy when other windows keep it locked.
 */
export function openDatabase(
  path: string,
  platform: Platform,
  patience: Patience,
): PatientDatabase {
  const inode = platform.syncFiles.inodeSync(path);
  const database = openQuickly(path, platform, patience);
  return database ?? replaceDatabase(path, inode, platform, patience);
}

/** Puts the store aside and begins a new one; another window may have done the first by now. */
export function replaceDatabase(
  path: string,
  inode: number | undefined,
  platform: Platform,
  patience: Patience,
): PatientDatabase {
  if (platform.syncFiles.inodeSync(path) === inode) quarantine(path, platform);
  const database = openQuickly(path, platform, patience);
  if (!database) throw new Error(`The store ${path} cannot be made: it is damaged`);
  return database;
}

const openPauseMs = 5;

/** The switch to a shared journal fails at once instead of waiting for the lock. */
function openQuickly(path: string, platform: Platform, patience: Patience) {
  for (;;) {
    try {
      return tryOpen(path, platform, patience);
    } catch (thrown) {
      if (!isBusy(thrown) || !patience.pause(openPauseMs)) throw thrown;
    }
  }
}

/** @returns undefined for a damaged store. */
function tryOpen(
  path: string,
  platform: Platform,
  patience: Patience,
): PatientDatabase | undefined {
  let database: PatientDatabase | undefined;
  try {
    const opened = openWithJournal(path, platform, patience);
    ({ database } = opened);
    // A paid task's id must survive a power cut.
    // What a user has removed must not be read in the file's free parts.
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON');
    prepare(database, path);
    if (!opened.isShared && !isDenied(database)) noteDenial(database);
    return database;
  } catch (thrown) {
    database?.close();
    if (isDamage(thrown)) return undefined;
    throw thrown;
  }
}

/**
 * With a shared journal windows write without blocking readers. It needs memory that they share,
 * which some file systems do not have, and which windows on two machines never have.
 */
function openWithJournal(
  path: string,
  platform: Platform,
  patience: Patience,
): { database: PatientDatabase; isShared: boolean } {
  const withRollback = () => {
    return { database: openWithRollback(path, platform, patience), isShared: false };
  };
  if (platform.syncFiles.isOnNetworkSync?.(path)) return withRollback();
  const database = withPatience(platform.openDatabase(path), patience);
  try {
    // Where it was denied once, each try would make it fail in all windows for a moment; and to
    // another machine this file system may be one of the network.
    if (!isDenied(database)) database.exec('PRAGMA journal_mode = WAL');
    database.exec('SELECT count(*) FROM sqlite_schema');
    tryToLock(database);
    return { database, isShared: true };
  } catch (thrown) {
    database.close();
    if (!isWithoutSharedMemory(thrown)) throw thrown;
    return withRollback();
  }
}

function isDenied(database: PatientDatabase): boolean {
  const sql = "SELECT 1 FROM settings WHERE name = 'sharedJournal' AND value = 'denied'";
  return hasTable(database, 'settings') && database.prepare(sql).get() !== undefined;
}

function noteDenial(database: PatientDatabase): void {
  database.exec(settingsSchema);
  database.exec("INSERT OR REPLACE INTO settings VALUES ('sharedJournal', 'denied')");
}

/** Only this shows whether the shared memory can be had. One that another holds has it. */
function tryToLock(database: PatientDatabase): void {
  try {
    database.execAtOnce('BEGIN IMMEDIATE');
    database.execAtOnce('ROLLBACK');
  } catch (thrown) {
    if (!isBusy(thrown)) throw thrown;
  }
}

/** A store that had a shared journal needs no shared memory while it is locked as a whole. */
function openWithRollback(path: string, platform: Platform, patience: Patience): PatientDatabase {
  const database = withPatience(platform.openDatabase(path), patience);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = TRUNCATE');
    database.exec('PRAGMA locking_mode = NORMAL');
    // The lock is given back by the next read.
    database.exec('SELECT count(*) FROM sqlite_schema');
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** @throws NewerStoreError */
function prepare(database: PatientDatabase, path: string): void {
  const version = versionOf(database);
  if (version > schemaVersion) throw new NewerStoreError(path);
  // Without need, nothing is locked: a store that another program locks can still be read.
  if (version < schemaVersion || !isComplete(database)) migrate(database, path);
  probe(database);
}

/** No version of the store will be so high: what says so is damaged. */
const implausibleVersion = 256;

/** @throws as damage when no version can be like that */
export function versionOf(database: PatientDatabase): number {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version < 0 || version >= implausibleVersion) throw new ImplausibleStoreError(version);
  return version;
}

function isComplete(database: PatientDatabase): boolean {
  return (
    hasTable(database, 'settings') &&
    hasTable(database, 'cleared_tasks') &&
    hasAccount(database) &&
    hasParents(database)
  );
}

function hasTable(database: PatientDatabase, name: string): boolean {
  const sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?";
  return database.prepare(sql).get(name) !== undefined;
}

function hasAccount(database: PatientDatabase): boolean {
  const sql = "SELECT 1 FROM pragma_table_info('uploads') WHERE name = 'account'";
  return database.prepare(sql).get() !== undefined;
}

function hasParents(database: PatientDatabase): boolean {
  const sql = "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'jobs_by_parent'";
  return database.prepare(sql).get() !== undefined;
}

/** Makes the tables, in one transaction so that two windows do not both make them. */
function migrate(database: PatientDatabase, path: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = versionOf(database);
    if (version > schemaVersion) throw new NewerStoreError(path);
    for (const migration of migrations.slice(version)) database.exec(migration);
    if (version < schemaVersion) database.exec(`PRAGMA user_version = ${String(schemaVersion)}`);
    database.exec(settingsSchema);
    database.exec(clearedSchema);
    if (!hasAccount(database)) database.exec(accountSchema);
    database.exec(parentsSchema);
    database.exec('COMMIT');
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

/**
 * Reads what a start needs. A full check would read every image ever made; damage elsewhere shows
 * when it is met, and then the store is put aside all the same.
 */
function probe(database: PatientDatabase): void {
  database.prepare('SELECT max(seq) FROM jobs').get();
  database.prepare('SELECT * FROM windows').all();
  database.prepare('SELECT pause FROM queue').get();
  database.prepare('SELECT * FROM uploads LIMIT 1').get();
  const read = 'sum(length(data)), sum(length(owner)), sum(length(writer)), sum(length(wanted))';
  database.prepare(`SELECT ${read} FROM jobs WHERE state IN (${unfinished})`).get();
  database.prepare('SELECT data FROM jobs ORDER BY created_at DESC LIMIT 1').get();
}

/** Until what it holds is in the store that takes its place; should this window end before. */
const toSalvage = 'salvaging';
const salvaged = 'damaged';

function quarantine(path: string, { clock, syncFiles }: Platform): void {
  const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
  renameDatabase(path, `${path}.${toSalvage}-${stamp}`, syncFiles);
}

/** Stores put aside whose jobs are not in the store at `path` yet. */
export function storesToSalvage(path: string, { syncFiles }: Platform): string[] {
  const prefix = `${basename(path)}.${toSalvage}-`;
  const isStore = (name: string) =>
    name.startsWith(prefix) && /^[\dTZ-]+$/.test(name.slice(prefix.length));
  return syncFiles
    .readdirSync(dirname(path))
    .filter(isStore)
    .map((name) => join(dirname(path), name));
}

/** The files of stores that were put aside, whose jobs are all taken over as far as they could be. */
export function filesSetAside(path: string, { syncFiles }: Pick<Platform, 'syncFiles'>): string[] {
  const prefix = `${basename(path)}.${salvaged}-`;
  const names = syncFiles.readdirSync(dirname(path)).filter((name) => name.startsWith(prefix));
  return names.map((name) => join(dirname(path), name));
}

/** @returns where the store is from now on; only a user has it deleted. */
export function markSalvaged(aside: string, path: string, { syncFiles }: Platform): string {
  const last = `${path}.${salvaged}${aside.slice(`${path}.${toSalvage}`.length)}`;
  // Another window may have been quicker.
  if (syncFiles.inodeSync(aside) !== undefined) renameDatabase(aside, last, syncFiles);
  return last;
}

function renameDatabase(from: string, to: string, syncFiles: Platform['syncFiles']): void {
  syncFiles.renameSync(from, to);
  for (const suffix of ['-wal', '-shm'])
    if (syncFiles.inodeSync(from + suffix) !== undefined)
      syncFiles.renameSync(from + suffix, to + suffix);
}
