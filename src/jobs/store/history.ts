import type { SQLInputValue } from 'node:sqlite';
import { fieldSql, unfinished } from './database.ts';
import { decodeReferences } from './jobCodec.ts';
import type { JobRows } from './jobRows.ts';

/** Which jobs are meant; all without anything. What is given has to be met together. */
export interface HistoryScope {
  /** Asked for in one of these workspace folders. */
  workspaceUris?: readonly string[];
  /** Asked for before this time, in milliseconds since 1970. */
  createdBefore?: number;
  /** Taken out of the gallery before this time. */
  hiddenBefore?: number;
}

export interface HistoryCount {
  /** Jobs that are over, see `isOver`: their images are saved, or there is none. */
  over: number;
  /** Jobs that are under way, or paid and not saved. */
  kept: number;
}

/** What a job leaves behind in other places. */
export interface ClearedJob {
  id: string;
  references: readonly string[];
  /** Of its saved image. */
  sha256: string | undefined;
}

interface ClearedPart {
  cleared: ClearedJob[];
  isIndexGone: boolean;
  isDone: boolean;
}

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
}

/** So many are removed within some milliseconds. */
const partRows = 30;

/** `isOver` of `job.ts`. A failed job that cannot be read is over: nothing can take it up. */
const isOver = `(state IN ('saved', 'cancelled')
  OR (state = 'failed' AND ${fieldSql('isRecoverable')} IS NULL)
  OR (state = 'unconfirmed' AND ${fieldSql('isSettled')} IS NOT NULL))`;

/**
 * Removes jobs with all that is known of them but the ids of their tasks: whoever looks for a task
 * that no job stands for must not find theirs. Writing methods are to be called in a transaction.
 */
export function createHistory({ all, run }: Connection, rows: Pick<JobRows, 'nextSeq'>) {
  function count(scope: HistoryScope): HistoryCount {
    const { where, values } = conditionOf(scope);
    const [row] = all(
      `SELECT coalesce(sum(${isOver}), 0) AS over, count(*) AS total FROM jobs WHERE ${where}`,
      ...values,
    ) as [{ over: number; total: number }];
    return { over: row.over, kept: row.total - row.over };
  }

  /**
   * Removes some of those that are over; or, before that, the index of all prompts, which has then
   * to be made anew. @returns what was removed; `isDone` when there was nothing
   */
  function clearPart(scope: HistoryScope): ClearedPart {
    const { where, values } = conditionOf(scope);
    const found = all(
      `SELECT rowid AS key, id, task_id, created_at, ${fieldSql('references')} AS refs,
         ${fieldSql('sha256')} AS sha256
       FROM jobs WHERE ${isOver} AND ${where} LIMIT ?`,
      ...values,
      partRows,
    ) as FoundRow[];
    if (found.length === 0) return { cleared: [], isIndexGone: false, isDone: true };
    // It takes no prompt out without a trace.
    if (all("SELECT 1 FROM sqlite_schema WHERE name = 'job_words'").length > 0) {
      run('DROP TABLE job_words');
      return { cleared: [], isIndexGone: true, isDone: false };
    }
    noteLast();
    for (const row of found) remove(row);
    const cleared = found.map(({ id, refs, sha256 }) => ({
      id,
      references: decodeReferences(refs),
      sha256: sha256 ?? undefined,
    }));
    return { cleared, isIndexGone: false, isDone: false };
  }

  /** No number is given twice: windows ask for what is newer than one, and pages know jobs by one. */
  function noteLast(): void {
    const [{ key }] = all('SELECT max(rowid) AS key FROM jobs') as [{ key: number }];
    const set = 'INSERT OR REPLACE INTO settings VALUES (?, ?)';
    run(set, 'clearedSeq', String(rows.nextSeq()));
    run(
      `INSERT INTO settings VALUES ('clearedKey', ?1) ON CONFLICT (name) DO UPDATE
         SET value = max(CAST(value AS INTEGER), CAST(?1 AS INTEGER))`,
      String(key),
    );
  }

  function remove({ key, id, task_id: taskId, created_at: createdAt }: FoundRow): void {
    if (taskId !== null)
      run('INSERT OR REPLACE INTO cleared_tasks VALUES (?, ?)', taskId, createdAt);
    run('DELETE FROM upload_uses WHERE job_id = ?', id);
    run('DELETE FROM jobs WHERE rowid = ?', key);
  }

  /** Changes with every removal, by any window. */
  function clearings(): string | undefined {
    const sql = "SELECT value FROM settings WHERE name = 'clearedSeq'";
    const [row] = all(sql) as { value: string }[];
    return row?.value;
  }

  /** Ids of tasks whose jobs were removed, of jobs not older than `sinceMs`. */
  function tasks(sinceMs: number): string[] {
    const sql = 'SELECT task_id FROM cleared_tasks WHERE created_at >= ?';
    return (all(sql, sinceMs) as { task_id: string }[]).map((row) => row.task_id);
  }

  /** Whether the job of this task was removed. */
  function isCleared(taskId: string): boolean {
    return all('SELECT 1 FROM cleared_tasks WHERE task_id = ?', taskId).length > 0;
  }

  function isReferenceNeeded(part: string): boolean {
    // By the index on states, which passes over most of those that are over.
    const sql = `SELECT 1 FROM jobs WHERE state IN (${unfinished}, 'failed', 'stopped', 'unconfirmed')
      AND instr(data, ?) > 0 AND NOT ${isOver} LIMIT 1`;
    return all(sql, part).length > 0;
  }

  return { count, clearPart, clearings, tasks, isCleared, isReferenceNeeded };
}

interface FoundRow {
  key: number;
  id: string;
  task_id: string | null;
  created_at: number;
  refs: string | null;
  sha256: string | null;
}

function conditionOf(scope: HistoryScope): { where: string; values: SQLInputValue[] } {
  const where = ['1'];
  const values: SQLInputValue[] = [];
  const add = (condition: string, value: SQLInputValue) => {
    where.push(condition);
    values.push(value);
  };
  if (scope.workspaceUris !== undefined)
    add('workspace IN (SELECT value FROM json_each(?))', JSON.stringify(scope.workspaceUris));
  if (scope.createdBefore !== undefined) add('created_at < ?', scope.createdBefore);
  if (scope.hiddenBefore !== undefined) add('hidden_at < ?', scope.hiddenBefore);
  return { where: where.join(' AND '), values };
}
