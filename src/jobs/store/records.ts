import type { SQLInputValue } from 'node:sqlite';
import { isUnfinished, type Job, referencesUnneededAt } from '../job.ts';
import { bothPauses } from '../queuePause.ts';
import { nextKeySql, nextSeqSql } from './database.ts';
import { decodeJob } from './jobCodec.ts';
import { decodePause } from './sharedSettings.ts';
import { releaseUploads } from './uploads.ts';

/** A job's row, of any version; the optional columns came later than the first. */
export interface JobRecord {
  id: string;
  state: string;
  created_at: number;
  position: number;
  workspace: string | null;
  task_id: string | null;
  owner: string | null;
  wanted: string | null;
  data: string;
  is_favourite?: number;
  hidden_at?: number | null;
}

/** A row of `uploads`, of any version. */
export interface UploadRecord {
  name: string;
  content: string;
  file_id: string | null;
  url: string | null;
  started_at: number;
  expires_at: number;
  unneeded_at: number | null;
  is_doomed: number;
  account?: string | null;
}

export interface UploadUse {
  job_id: string;
  name: string;
}

export interface WindowRecord {
  id: string;
  pid: number;
  host: string;
  beat: number;
}

/** What goes from one store to the one that takes its place. */
export interface StoreRecords {
  jobs: readonly JobRecord[];
  uploads: readonly UploadRecord[];
  uses: readonly UploadUse[];
  /** Whether it is known which job needs which upload. */
  areUsesWhole: boolean;
  windows: readonly WindowRecord[];
  settings: readonly { name: string; value: string }[];
  /** As `queue` has it. */
  pause: string | null;
}

export interface RecordsConnection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
  nowMs: number;
}

/** An upload whose job is not known may be needed for so long. */
const needlessAfterMs = 24 * 3600_000;

/**
 * Takes records over into a store that may know some of them, from an earlier or a later moment:
 * what has come further stays. To be called within a transaction.
 */
export function insertRecords(records: StoreRecords, connection: RecordsConnection): void {
  const { run } = connection;
  for (const job of records.jobs) insertJob(job, connection);
  for (const { id, pid, host, beat } of records.windows)
    run(
      'INSERT OR IGNORE INTO windows (id, pid, host, beat) VALUES (?, ?, ?, ?)',
      id,
      pid,
      host,
      beat,
    );
  for (const { name, value } of records.settings)
    run('INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)', name, value);
  insertPause(records.pause, connection);
  for (const upload of records.uploads) insertUpload(upload, connection);
  for (const { job_id, name } of records.uses)
    run(
      `INSERT OR IGNORE INTO upload_uses (job_id, name)
       SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM uploads WHERE name = ?2)`,
      job_id,
      name,
    );
  // One of both may not know that a job has begun to use it again.
  run(
    `UPDATE uploads SET unneeded_at = NULL WHERE EXISTS
       (SELECT 1 FROM upload_uses WHERE upload_uses.name = uploads.name)`,
  );
  releaseNeedless(connection);
  const unneededAt = connection.nowMs + (records.areUsesWhole ? 0 : needlessAfterMs);
  run(
    `UPDATE uploads SET unneeded_at = ? WHERE unneeded_at IS NULL
     AND NOT EXISTS (SELECT 1 FROM upload_uses WHERE upload_uses.name = uploads.name)`,
    unneededAt,
  );
}

/** Likewise, for jobs that have come to their end. */
export function insertHistory(jobs: readonly JobRecord[], connection: RecordsConnection): void {
  for (const job of jobs) insertJob(job, connection);
}

/** Which of two is newer cannot be told; what the weaker would let begin, the other forbids. */
function insertPause(pause: string | null, { all, run }: RecordsConnection): void {
  const next = decodePause(pause);
  const [row] = all('SELECT pause FROM queue') as { pause: string | null }[];
  const current = decodePause(row?.pause ?? null);
  if (!next) return;
  const both = current ? bothPauses(next, current) : next;
  if (both !== current) run('UPDATE queue SET pause = ?', JSON.stringify(both));
}

/** Jobs may have ended in one of both stores, and their uses be known of the other. */
function releaseNeedless(connection: RecordsConnection): void {
  const { all, nowMs } = connection;
  const users = all(
    `SELECT DISTINCT job_id AS id, data FROM upload_uses
     LEFT JOIN jobs ON jobs.id = upload_uses.job_id`,
  ) as { id: string; data: string | null }[];
  for (const { id, data } of users) {
    const job = data === null ? undefined : decodeJob({ id, data });
    const atMs = job ? referencesUnneededAt(job, nowMs) : nowMs + needlessAfterMs;
    if (atMs !== undefined) releaseUploads(connection, id, atMs);
  }
}

function insertJob(record: JobRecord, { all, run }: RecordsConnection): void {
  const { id, data, task_id: taskId } = record;
  const [known] = all('SELECT id, data FROM jobs WHERE id = ?', id) as JobRecord[];
  const [job, knownJob] = [decodeJob({ id, data }), known && decodeJob(known)];
  if (!job || (knownJob && progressOf(knownJob) >= progressOf(job))) return;
  // Each task has one job.
  if (taskId !== null && all('SELECT 1 FROM jobs WHERE task_id = ? AND id <> ?', taskId, id).length)
    return;
  // Without a writer, it is news to every window.
  run(
    `INSERT INTO jobs
       (rowid, id, state, created_at, position, workspace, task_id, seq, owner, wanted, data)
     VALUES (${nextKeySql}, ?, ?, ?, ?, ?, ?, ${nextSeqSql}, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, task_id = excluded.task_id,
       seq = excluded.seq, writer = NULL, owner = excluded.owner, wanted = excluded.wanted,
       data = excluded.data`,
    id,
    record.state,
    record.created_at,
    record.position,
    record.workspace,
    taskId,
    record.owner,
    record.wanted,
    data,
  );
  if (record.is_favourite || record.hidden_at != null)
    run(
      'UPDATE jobs SET is_favourite = ?, hidden_at = ? WHERE id = ?',
      record.is_favourite ?? 0,
      record.hidden_at ?? null,
      id,
    );
}

function insertUpload(record: UploadRecord, { run }: RecordsConnection): void {
  run(
    `INSERT INTO uploads
       (name, content, file_id, url, started_at, expires_at, unneeded_at, is_doomed, account)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET
       expires_at = iif(file_id IS NULL, excluded.expires_at, expires_at),
       file_id = coalesce(file_id, excluded.file_id), url = coalesce(url, excluded.url),
       is_doomed = max(is_doomed, excluded.is_doomed),
       account = coalesce(account, excluded.account)`,
    record.name,
    record.content,
    record.file_id,
    record.url,
    record.started_at,
    record.expires_at,
    record.unneeded_at,
    record.is_doomed,
    record.account ?? null,
  );
}

/** How far a job has come, to compare two moments of it. */
function progressOf(job: Job): number {
  if (job.state === 'submitting') return 2 + job.attempt;
  // The same request may be unconfirmed first, and accepted then.
  if (job.state === 'unconfirmed') return job.isSettled ? 9 : 5;
  const order = ['queued', 'uploading', '', '', '', '', 'running', 'downloading'];
  if (isUnfinished(job)) return order.indexOf(job.state);
  return job.state === 'saved' ? 10 : 8;
}
