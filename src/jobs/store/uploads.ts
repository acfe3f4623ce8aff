import type { SQLInputValue } from 'node:sqlite';
import type { UploadedFile } from '../../evolink/filesSchema.ts';

/** A file on the provider's service, as far as it is known. */
export interface Upload {
  /** As it was sent; no two are the same. */
  name: string;
  /** Which bytes: the hash of the file, and whether its metadata were left out. */
  content: string;
  /** Absent until the service has answered. */
  fileId?: string;
  url?: string;
  startedAt: number;
  expiresAt: number;
  /** A fingerprint of the account it was sent to; absent in stores of version 0.1. */
  account?: string;
  /** From when no job needs it, in milliseconds since 1970; absent while one does. */
  unneededAt?: number;
}

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
}

/** More than an account may have. */
const listedUploads = 10_000;
/** Until the service says otherwise, as long as its documentation does. */
const documentedLifeMs = 72 * 3600_000;
/**
 * So long after its end a file is forgotten that the service could not be asked about. Its life is
 * over by any clock then; before, a clock that jumps must not decide.
 */
const forgottenAfterMs = 30 * 24 * 3600_000;

/** No upload is needed for longer after its job; a clock that was ahead has told so. */
const mostAheadMs = 25 * 3600_000;

/**
 * A job needs no upload any more from `atMs` on, which may be in the future. To be called within a
 * transaction.
 */
export function releaseUploads({ all, run }: Connection, jobId: string, atMs: number): void {
  const names = all('SELECT name FROM upload_uses WHERE job_id = ?', jobId) as UploadRow[];
  if (names.length === 0) return;
  run('DELETE FROM upload_uses WHERE job_id = ?', jobId);
  for (const { name } of names)
    run(
      `UPDATE uploads SET unneeded_at = max(?, coalesce(unneeded_at, 0)) WHERE name = ?
       AND NOT EXISTS (SELECT 1 FROM upload_uses WHERE upload_uses.name = uploads.name)`,
      Math.round(atMs),
      name,
    );
}

/**
 * What the store knows of files on the provider's service. Each method is to be called within a
 * transaction.
 */
export function createUploads({ all, run }: Connection, randomId: () => string) {
  function select(where: string, ...values: SQLInputValue[]): Upload[] {
    const rows = all(`SELECT uploads.* FROM uploads ${where}`, ...values) as UploadRow[];
    return rows.map(toUpload);
  }

  function addUse(name: string, jobId: string): void {
    run('INSERT OR IGNORE INTO upload_uses (job_id, name) VALUES (?, ?)', jobId, name);
    run('UPDATE uploads SET unneeded_at = NULL WHERE name = ?', name);
  }

  /** A name for what is about to be sent for a job; `extension` with its dot. */
  function begin(
    content: string,
    jobId: string,
    extension: string,
    account: string,
    nowMs: number,
  ): Upload {
    const name = `${randomId()}${extension}`;
    run(
      `INSERT INTO uploads (name, content, started_at, expires_at, account)
       VALUES (?, ?, ?, ?, ?)`,
      name,
      content,
      nowMs,
      nowMs + documentedLifeMs,
      account,
    );
    addUse(name, jobId);
    return { name, content, account, startedAt: nowMs, expiresAt: nowMs + documentedLifeMs };
  }

  /** The service has it. Also one that was given up meanwhile is worth knowing: it must go again. */
  function settle({ name, content, startedAt }: Upload, file: UploadedFile, nowMs: number): void {
    run(
      `INSERT INTO uploads
         (name, content, file_id, url, started_at, expires_at, unneeded_at, account)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET content = excluded.content,
         file_id = excluded.file_id, url = excluded.url, expires_at = excluded.expires_at,
         account = coalesce(excluded.account, account)`,
      name,
      content,
      file.fileId,
      file.url,
      startedAt,
      Math.round(file.expiresAt),
      nowMs,
      file.account ?? null,
    );
  }

  /** A file with these bytes that lives until `untilMs` at least; the job uses it from now on. */
  function reuse(content: string, jobId: string, untilMs: number): Upload | undefined {
    const [found] = select(
      `WHERE content = ? AND expires_at >= ? AND url IS NOT NULL AND is_doomed = 0
       ORDER BY expires_at DESC LIMIT 1`,
      content,
      untilMs,
    );
    if (found) addUse(found.name, jobId);
    return found;
  }

  /** What was sent for a job, and never answered. */
  function unanswered(jobId: string): Upload[] {
    return select(
      'JOIN upload_uses USING (name) WHERE job_id = ? AND file_id IS NULL AND is_doomed = 0',
      jobId,
    );
  }

  /** Nobody begins to use these any more. */
  function markForDeletion(uploads: readonly Upload[]): Upload[] {
    for (const { name } of uploads) run('UPDATE uploads SET is_doomed = 1 WHERE name = ?', name);
    return [...uploads];
  }

  /** What no job needs, the oldest first. With `keeps`, only what cannot be used again. */
  function markUnneededForDeletion(nowMs: number, keeps: boolean): Upload[] {
    run(
      'DELETE FROM uploads WHERE unneeded_at <= ? AND expires_at <= ?',
      nowMs,
      nowMs - forgottenAfterMs,
    );
    const isUnneeded = '(unneeded_at <= ? OR unneeded_at > ?)';
    // One that has expired is deleted too: the clock may have jumped, and only the service knows.
    const isDue = `${isUnneeded} AND (url IS NULL OR is_doomed = 1 OR expires_at <= ?)`;
    const where = keeps ? isDue : isUnneeded;
    const values = [nowMs, nowMs + mostAheadMs, ...(keeps ? [nowMs] : [])];
    return markForDeletion(select(`WHERE ${where} ORDER BY unneeded_at LIMIT 1000`, ...values));
  }

  /** So many of those that no job needs now, though one may before long. */
  function markOldestForDeletion(count: number): Upload[] {
    return markForDeletion(select('WHERE unneeded_at > 0 ORDER BY started_at LIMIT ?', count));
  }

  /** It is no longer on the service. */
  function forget(name: string): void {
    run('DELETE FROM uploads WHERE name = ?', name);
  }

  return {
    addUse,
    begin,
    settle,
    reuse,
    unanswered,
    markUnneededForDeletion,
    markOldestForDeletion,
    forget,
    /** Everything that lies, or may lie, on the service. */
    list: (): Upload[] => select('ORDER BY name LIMIT ?', listedUploads),
    isEmpty: (): boolean => select('LIMIT 1').length === 0,
  };
}

interface UploadRow {
  name: string;
  content: string;
  file_id: string | null;
  url: string | null;
  started_at: number;
  expires_at: number;
  unneeded_at: number | null;
  account: string | null;
}

function toUpload(row: UploadRow): Upload {
  return {
    name: row.name,
    content: row.content,
    startedAt: row.started_at,
    expiresAt: row.expires_at,
    ...(row.file_id !== null && { fileId: row.file_id }),
    ...(row.url !== null && { url: row.url }),
    ...(row.unneeded_at !== null && { unneededAt: row.unneeded_at }),
    ...(row.account !== null && { account: row.account }),
  };
}
