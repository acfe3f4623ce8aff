import type { SQLInputValue } from 'node:sqlite';
import { isUnfinished, type Job } from '../job.ts';
import type { ControlRequest } from './claims.ts';
import { fieldSql, nextKeySql, nextSeqSql, unfinished } from './database.ts';
import { decodeJob, decodeReferences, encodeJob } from './jobCodec.ts';
import { NoJobError } from './storeErrors.ts';

/** A job's row; `data` has the job, and the other columns what is asked for by them. */
export interface JobRow {
  id: string;
  state: string;
  position: number;
  task_id: string | null;
  owner: string | null;
  wanted: ControlRequest | null;
  data: string;
}

interface Connection {
  all: (sql: string, ...values: SQLInputValue[]) => unknown[];
  run: (sql: string, ...values: SQLInputValue[]) => void;
}

/** The table of jobs. What writes is to be called within a transaction. */
export type JobRows = ReturnType<typeof createJobRows>;

export function createJobRows({ all, run }: Connection, windowId: string) {
  function select(sql: string, ...values: SQLInputValue[]): JobRow[] {
    return all(sql, ...values) as JobRow[];
  }

  /** Those that can be read; the others must not hide them. */
  function readAll(sql: string, ...values: SQLInputValue[]): Job[] {
    return select(sql, ...values).flatMap((row) => decodeJob(row) ?? []);
  }

  /** Undefined when it is not there, or cannot be read. */
  function find(id: string): { row: JobRow; job: Job } | undefined {
    const [row] = select('SELECT * FROM jobs WHERE id = ?', id);
    const job = row && decodeJob(row);
    return job && { row, job };
  }

  /** @throws NoJobError */
  function require(id: string): { row: JobRow; job: Job } {
    const found = find(id);
    if (!found) throw new NoJobError(id);
    return found;
  }

  /** A later job has a greater one; 0 for one that is not there. */
  function keyOf(id: string): number {
    const [row] = all('SELECT rowid AS key FROM jobs WHERE id = ?', id) as { key: number }[];
    return row?.key ?? 0;
  }

  function nextSeq(): number {
    const [row] = all(`SELECT ${nextSeqSql} AS seq`) as [{ seq: number }];
    return row.seq;
  }

  function lastPosition(): number {
    const sql = `SELECT coalesce(max(position), 0) AS last FROM jobs WHERE state IN (${unfinished})`;
    const [{ last }] = all(sql) as [{ last: number }];
    return last;
  }

  /** At the end of the queue. `writer` need not be told of them. */
  function insert(jobs: readonly Job[], writer: string | null): void {
    let position = lastPosition();
    for (const job of jobs) {
      position += 1;
      run(
        `INSERT INTO jobs
           (rowid, id, state, created_at, position, workspace, task_id, seq, writer, data)
         VALUES (${nextKeySql}, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        job.id,
        job.state,
        job.createdAt,
        position,
        job.workspaceUri ?? null,
        taskIdOf(job),
        nextSeq(),
        writer,
        encodeJob(job),
      );
    }
  }

  /** `writer` need not be told of it. */
  function update(job: Job, owner: string | null, writer: string | null = windowId): void {
    run(
      `UPDATE jobs SET state = ?, task_id = ?, seq = ?, writer = ?, owner = ?, data = ?,
         wanted = CASE WHEN ? THEN wanted ELSE NULL END
       WHERE id = ?`,
      job.state,
      taskIdOf(job),
      nextSeq(),
      writer,
      owner,
      encodeJob(job),
      isUnfinished(job) ? 1 : 0,
      job.id,
    );
  }

  function setPosition(id: string, position: number): void {
    const sql = 'UPDATE jobs SET position = ?, seq = ?, writer = ? WHERE id = ?';
    run(sql, position, nextSeq(), windowId, id);
  }

  function referencesFrom(key: number, limit: number) {
    const found = all(
      `SELECT rowid AS key, ${fieldSql('references')} AS refs
       FROM jobs WHERE rowid >= ? ORDER BY rowid LIMIT ?`,
      key,
      limit,
    ) as { key: number; refs: string | null }[];
    const last = found.at(-1);
    return {
      references: found.flatMap(({ refs }) => decodeReferences(refs)),
      next: last && found.length === limit ? last.key + 1 : undefined,
    };
  }

  return {
    referencesFrom,
    select,
    readAll,
    find,
    require,
    get: (id: string): Job | undefined => readAll('SELECT * FROM jobs WHERE id = ?', id).at(0),
    /** The job that stands for a task. */
    byTask: (taskId: string): Job | undefined =>
      readAll('SELECT * FROM jobs WHERE task_id = ? ORDER BY created_at DESC LIMIT 1', taskId).at(
        0,
      ),
    keyOf,
    nextSeq,
    lastPosition,
    insert,
    update,
    setPosition,
  };
}

function taskIdOf(job: Job): string | null {
  return ('taskId' in job ? job.taskId : undefined) ?? null;
}
